"""The closing check: the finished documents are proofread; what nobody explained blocks publication."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from yibao import cli
from yibao.proofread import check_package
from yibao.proofread.findings import Severity
from yibao.proofread.read import read_package

YEAR = Path(__file__).resolve().parents[2] / "examples" / "yiyang-2025"
ODD = "全市定点医药机构 1200 家，检查 1150 家，检查覆盖率为 99.1%。"
ANSWER = "提醒说明:\n  - {提醒: 占比：检查覆盖率, 理由: 停业的机构不计入分母}\n"


@pytest.fixture
def year(tmp_path: Path) -> Path:
    shutil.copytree(YEAR / "figures", tmp_path / "年" / "figures")
    return tmp_path / "年"


def add(file: Path, text: str) -> None:
    file.write_text((file.read_text(encoding="utf-8") if file.exists() else "") + text, encoding="utf-8")


def severities(out: Path) -> list[Severity]:
    return [f.severity for report in check_package(read_package(out)) for f in report.findings]


def test_the_example_ends_without_error_or_warning_and_tells_its_explanations(
    year: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["appraise", str(year)]) == 0
    out, _ = capsys.readouterr()
    assert "308.88万元 ÷ 222.78万元 = 138.65%。说明：年中追加和结转的" in out
    assert "2025年 预算控制率 算法：" in out
    assert set(severities(year / "out")) == {Severity.INFO}


def test_a_warning_that_nobody_explained_blocks(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(year / "figures" / "文字" / "其他.md", ODD)
    assert cli.run(["appraise", str(year)]) == 1
    out, err = capsys.readouterr()
    assert "校对的提醒【占比：检查覆盖率】" in out
    assert "在“取舍.yaml”的提醒说明里照此名称写明理由" in err
    assert not (year / "out").exists()


def test_an_explained_warning_is_printed_and_published(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(year / "figures" / "文字" / "其他.md", ODD)
    add(year / "figures" / "取舍.yaml", ANSWER)
    assert cli.run(["appraise", str(year)]) == 0
    out, _ = capsys.readouterr()
    assert "1150家/1200家=95.8%" in out
    assert "说明：停业的机构不计入分母" in out
    assert set(severities(year / "out")) == {Severity.INFO}


def test_a_reason_that_is_none_blocks(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(year / "figures" / "文字" / "其他.md", ODD)
    add(year / "figures" / "取舍.yaml", ANSWER.replace("停业的机构不计入分母", "原因待核实"))
    assert cli.run(["appraise", str(year)]) == 1
    assert "没有说出原因" in capsys.readouterr().out


def test_an_explanation_of_nothing_is_refused(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(year / "figures" / "取舍.yaml", ANSWER)
    assert cli.run(["appraise", str(year)]) == 2
    assert "没有对应的提醒" in capsys.readouterr().err


def test_an_error_cannot_be_explained_away(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(year / "figures" / "文字" / "其他.md", "核定编制{dept.staff.establishment}，其中行政编制12人，事业编制30人。")
    assert cli.run(["appraise", str(year)]) == 1
    assert "校对出错误" in capsys.readouterr().out


def test_a_needed_section_blocks_the_report_but_not_the_forms_asked_for(
    year: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("职能职责", "措施"):
        (year / "figures" / "文字" / f"{name}.md").unlink()
    assert cli.run(["appraise", str(year)]) == 1
    out, _ = capsys.readouterr()
    assert "“部门职能职责”一节没有内容：没有“文字/职能职责.md”" in out
    assert "“下一步改进措施”一节没有内容" in out
    assert not (year / "out").exists()
    assert cli.run(["appraise", str(year), "--forms"]) == 0
    assert sorted(f.suffix for f in (year / "out").iterdir()).count(".docx") == 0
    assert set(severities(year / "out")) == {Severity.INFO}


@pytest.mark.parametrize("name", ["措施", "公开", "指标-维护社会稳定性"])
def test_a_text_that_is_still_blank_blocks(year: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    (year / "figures" / "文字" / f"{name}.md").write_text("【待填】写这里", encoding="utf-8")
    assert cli.run(["appraise", str(year)]) == 1
    assert capsys.readouterr().out.count(f"“文字/{name}.md”还标着【待填】") == 1


def test_a_draft_says_what_is_not_written(year: Path) -> None:
    (year / "figures" / "文字" / "措施.md").unlink()
    assert cli.run(["appraise", str(year), "--draft"]) == 1
    assert any("草稿" in f.name for f in (year / "out").iterdir())


@pytest.mark.parametrize("name", ["公用经费 决算与预算", "预算控制率 算法"])
@pytest.mark.parametrize("reason", [None, "公开文件没有写明原因，待单位补写"])
def test_each_explanation_is_needed_and_must_be_one(
    year: Path, name: str, reason: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    file = year / "figures" / "取舍.yaml"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if f"偏差: 2025年 {name}" in line)
    lines[at : at + 2] = [lines[at], f"    理由: {reason}\n"] if reason else []
    file.write_text("".join(lines), encoding="utf-8")
    assert cli.run(["appraise", str(year)]) == 1
    out, _ = capsys.readouterr()
    assert ("没有说出原因" if reason else "没有写说明") in out.partition("补上之前不能公开")[2]
