"""`yibao appraise new DIR --from LAST`: what is carried over, what is asked for, what is pointed out."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from tests.appraise.next_year.refilled import fill
from yibao import cli
from yibao.appraise.appraisal import Appraisal, appraise
from yibao.appraise.folder import read_folder
from yibao.appraise.next_year.write import NextYear, write_next_year
from yibao.appraise.typed import Key
from yibao.errors import UserError
from yibao.proofread import check_package
from yibao.proofread.findings import Severity
from yibao.proofread.read import read_package

LAST = Path(__file__).resolve().parents[3] / "examples" / "yiyang-2025"


@pytest.fixture(scope="module")
def last() -> Appraisal:
    return appraise(LAST)


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, NextYear]:
    return tmp_path / "2026", write_next_year(tmp_path / "2026", LAST)


def text(folder: Path, name: str) -> str:
    return (folder / "figures" / name).read_text(encoding="utf-8")


def test_it_is_the_next_year_of_the_same_bureau(made: tuple[Path, NextYear]) -> None:
    folder, new = made
    assert new.year == 2026
    bureau = text(folder, "单位.yaml")
    assert "名称: 益阳市医疗保障局\n年度: 2026\n地区: cn-4309\n版式: 益阳\n" in bureau
    assert "预算控制率: control-adjusted" in bureau
    assert "2025" not in bureau
    assert "{名称: 直属单位, 个数: 3," in bureau  # as it was chosen, not as it was printed


def test_texts_are_carried_word_for_word(made: tuple[Path, NextYear]) -> None:
    folder, _ = made
    for file in (LAST / "figures" / "文字").glob("*.md"):
        assert text(folder, f"文字/{file.name}") == file.read_text(encoding="utf-8")


def test_choices_are_not_carried(made: tuple[Path, NextYear]) -> None:
    assert "矛盾: 2025年 职工" not in text(made[0], "取舍.yaml")


def test_indicators_keep_weights_and_targets_and_lose_results(made: tuple[Path, NextYear]) -> None:
    sheet = text(made[0], "指标/整体支出.yaml")
    assert "名称: 2026年度部门整体支出绩效自评表" in sheet
    assert '目标: 354.84, 实际: "{fund.insured.total}", 单位: 万人, 分值: 10}' in sheet
    assert "三级: 维护社会稳定性, 方向: 定性, 目标: 稳定, 实际: 【待填】, 分值: 5, 得分: 【待填】" in sheet
    assert "211.69" not in sheet
    assert "99.54" not in sheet


def test_results_become_last_years_values(made: tuple[Path, NextYear]) -> None:
    content = text(made[0], "数据/上年决算.yaml")
    assert "文件: 上年自评填报" in content
    assert "dept.expense.public: 308.88" in content
    assert "fund.insured.employee: 43.47" in content  # the chosen one
    assert "fund.insured.employee_active" not in content  # withheld by choice
    assert "dept.rate" not in content


def test_every_figure_is_asked_for_once(made: tuple[Path, NextYear], last: Appraisal) -> None:
    folder, _ = made
    asked = sum(text(folder, f"数据/{f.name}").count("【待填】") for f in (folder / "figures" / "数据").glob("*.yaml"))
    typed = {t.key for t in read_folder(LAST).typed if t.key.year == 2025 and t.number.unit.symbol != "分"}
    assert asked == len(typed)


def test_the_blanks_are_told_one_by_one(made: tuple[Path, NextYear]) -> None:
    folder, new = made
    assert "“单位.yaml”第 11 行：{事项: 自评工作, 类别: 自评, 日期: 【待填】, 至: 【待填】}" in new.blanks
    with pytest.raises(UserError, match=f"还有 {len(new.blanks)} 行标着【待填】没有填写"):
        appraise(folder)


def test_what_names_an_older_year_is_pointed_out(tmp_path: Path) -> None:
    shutil.copytree(LAST / "figures", tmp_path / "旧" / "figures")
    words = "2025年基金平稳运行。\n\n4月15日召开会议，查处机构12家。\n\n比上年多{dept.balance:决算@2024}。"
    (tmp_path / "旧" / "figures" / "文字" / "公开.md").write_text("按时公开。", encoding="utf-8")
    (tmp_path / "旧" / "figures" / "文字" / "其他.md").write_text(words, encoding="utf-8")
    new = write_next_year(tmp_path / "新", tmp_path / "旧")
    said = {(item.place, item.said) for item in new.leftovers}
    assert ("“文字/其他.md”第 1 行", "写着 2025 年：“2025年基金平稳运行”") in said
    assert ("“文字/其他.md”第 3 行", "写着日期：“4月15日召开会议”") in said
    assert ("“文字/其他.md”第 3 行", "打字的数 12家：“查处机构12家”，请改成引用，或核对后改正") in said
    assert ("“文字/其他.md”第 5 行", "引用固定写着 2024 年，上年的数请写 2025") in said
    assert any("目标 354.84 沿用上年" in words for _, words in said)
    assert not any("公开.md" in place for place, _ in said)


def test_a_folder_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "有").mkdir()
    (tmp_path / "有" / "别的.txt").write_text("x", encoding="utf-8")
    with pytest.raises(UserError, match="已经有内容"):
        write_next_year(tmp_path / "有", LAST)
    assert [f.name for f in (tmp_path / "有").iterdir()] == ["别的.txt"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    assert write_next_year(tmp_path / "空", LAST).year == 2026
    assert [f.name for f in tmp_path.iterdir()] == ["空"]  # nothing is left beside it


def test_a_last_year_that_cannot_be_read_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="没有 figures 文件夹"):
        write_next_year(tmp_path / "新", tmp_path / "没有")
    assert not (tmp_path / "新").exists()


def test_inside_last_years_folder_is_refused(tmp_path: Path) -> None:
    shutil.copytree(LAST / "figures", tmp_path / "旧" / "figures")
    with pytest.raises(UserError, match="换一个位置"):
        write_next_year(tmp_path / "旧" / "新", tmp_path / "旧")


@pytest.mark.parametrize(
    "args", [["新", "--from", "旧"], ["new", "--from", "旧"], ["new", "新", "--from", "旧", "--draft"]]
)
def test_misuse_is_told(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["appraise", *args]) == 2
    assert "--from 只在建立新的年度时用" in capsys.readouterr().err


def consistent(last: Appraisal) -> dict[Key, str]:
    """Numbers of 2026 that fit: a fund opens with what it closed with, its people add up."""
    changed: dict[Key, str] = {}
    for fund in ("employee", "resident"):
        closed = last.book.chosen[Key(f"fund.{fund}.closing", "", 2025, "final")].number.value
        for basis in ("budget", "final"):
            balance = last.book.chosen[Key(f"fund.{fund}.balance", "", 2025, basis)].number.value
            changed[Key(f"fund.{fund}.opening", "", 2025, basis)] = str(closed)
            changed[Key(f"fund.{fund}.closing", "", 2025, basis)] = str(closed + balance)
    changed[Key("fund.insured.employee_active", "", 2025, "final")] = str(Decimal("23.97"))
    return changed


def test_a_new_year_filled_in_is_published_without_error_or_warning(
    made: tuple[Path, NextYear], last: Appraisal, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = made
    fill(folder, last, consistent(last))
    reasons = [(d.name.replace("2025年", "2026年"), d.reason) for d in (*last.deviations, *last.formulas)]
    notes = "".join(f"  - {{偏差: '{name}', 理由: '{reason}'}}\n" for name, reason in reasons)
    (folder / "figures" / "取舍.yaml").write_text(f"说明:\n{notes}", encoding="utf-8")
    code = cli.run(["appraise", str(folder)])
    out, err = capsys.readouterr()
    assert code == 0, out[-3000:] + err
    found = [f for report in check_package(read_package(folder / "out")) for f in report.findings]
    assert [f.message for f in found if f.severity is not Severity.INFO] == []
