"""Documents in a folder: names, drafts, refusals, figures.xlsx, and the proofreader's word on all of it."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.appraise.filled import DATA, SHEET, changed, folder, more
from yibao import cli, proofread
from yibao.appraise.appraisal import appraise
from yibao.appraise.printed import Printed
from yibao.appraise.publish import Document, blocking, marked, publish, target
from yibao.appraise.typed import Key
from yibao.errors import UserError
from yibao.proofread.findings import Severity
from yibao.proofread.read import read_package
from yibao.vocabulary.ledger import NAMES as LEDGERS

YEAR = Path(__file__).resolve().parents[2] / "examples" / "yiyang-2025"
NAMES = [
    "附件1-基础数据表.xlsx",
    "附件2-整体支出绩效自评表.xlsx",
    "附件3-1-项目支出绩效自评表（医疗服务与保障能力提升补助资金）.xlsx",
    "附件3-2-项目支出绩效自评表（年初-场地运转经费补助）.xlsx",
    "附件4-医保基金预决算收支情况表.xlsx",
    "附件5-政府性基金预算支出情况表.xlsx",
    "figures.xlsx",
]
PROJECT = (
    SHEET.replace("名称: 部门整体支出绩效自评表\n类型: 整体支出", "名称: 项目支出绩效自评表\n类型: 项目支出\n项目: '某项目'")
    .replace("各级分值:\n  - {指标: 产出指标, 分值: 60, 得分: 60}\n", "")
)  # fmt: skip

Row = dict[str, str | int | float | None]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("益阳") / "out"
    publish(appraise(YEAR), out)
    return out


def ledger(path: Path, sheet: str = "指标") -> list[Row]:
    header, *rows = openpyxl.load_workbook(path / "figures.xlsx")[sheet].iter_rows(min_row=2, values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]  # type: ignore[arg-type]


def test_it_writes_every_form_and_the_ledger(package: Path) -> None:
    assert sorted(path.name for path in package.iterdir()) == sorted(NAMES)


def test_the_package_passes_the_proofreader(package: Path) -> None:
    reports = proofread.check_package(read_package(package))
    findings = [finding for report in reports for finding in report.findings]
    assert [f.message for f in findings if f.severity is not Severity.INFO] == []
    assert sum("文件已说明原因" in f.message for f in findings) == 2


def test_the_ledger_is_no_document_to_proofread(package: Path) -> None:
    sources = read_package(package).sources
    assert not any("figures" in source.path for source in sources)
    assert "figures.xlsx是指标台账，不是公开文件，没有校对。" in sources[0].warnings
    assert [marked("figures.xlsx", draft) for draft in (False, True)] == list(LEDGERS)


def test_every_figure_stands_in_the_ledger(package: Path) -> None:
    book = appraise(YEAR).book
    rows = ledger(package)
    assert len(rows) >= sum(map(len, book.values.values()))
    assert {row["指标编号"] for row in rows} == {key.figure for key in (*book.values, *book.chosen)}
    assert all(row["来源"] for row in rows)


def test_the_ledger_keeps_both_values_and_says_why(package: Path) -> None:
    rows = [
        row for row in ledger(package)
        if (row["指标"], row["口径"], row["范围"]) == ("年度资金总额", "年初预算", None)
    ]  # fmt: skip
    assert {row["公开的数"]: row["采用"] for row in rows} == {1138.21: "采用", 1123.77: "未采用"}
    assert all("预算控制率 183.86% 也由 1138.21 算得" in str(row["理由"]) for row in rows)
    assert [row["印在"] for row in rows if row["采用"] == "未采用"] == [None]


def test_computed_and_withheld_values_say_so(package: Path) -> None:
    rows = ledger(package)
    rate = {row["公开的数"]: row["采用"] for row in rows if row["指标编号"] == "dept.rate.three_public_control"}
    assert rate == {0.1143: "未采用", 0.1209: "计算所得"}
    assert {r["采用"] for r in rows if r["指标编号"] == "fund.insured.employee_active"} == {"不印"}


def test_the_ledger_names_the_very_cell(package: Path) -> None:
    """Each printing that it lists can be opened and read there."""
    rows = ledger(package, "印在何处")
    books = {name: openpyxl.load_workbook(package / name, data_only=True) for name in NAMES if name != "figures.xlsx"}
    assert len(rows) > 150
    for row in rows:
        sheet, _, at = str(row["位置"]).partition("!")
        value = books[str(row["文件"])][sheet][at].value
        digits = str(row["印出的数"])
        if isinstance(value, str):
            assert digits in value
        else:
            told = float(digits.rstrip("%万元人家分个月"))
            assert value == pytest.approx(told / 100 if digits.endswith("%") else told)


def test_places_of_other_documents_are_listed_too(tmp_path: Path) -> None:
    key = Key("fund.insured.total", "", 2025, "final")
    report = Document("报告.docx", b"", (Printed(key, "报告.docx", "六（二）1"),))
    publish(appraise(YEAR), tmp_path, more=[report])
    (row,) = [row for row in ledger(tmp_path) if row["指标编号"] == "fund.insured.total"]
    assert "报告.docx 六（二）1" in str(row["印在"])
    assert (tmp_path / "报告.docx").is_file()


def test_the_same_year_gives_the_same_bytes(package: Path, tmp_path: Path) -> None:
    for path in publish(appraise(YEAR), tmp_path):
        assert path.read_bytes() == (package / path.name).read_bytes(), path.name


def unexplained(tmp_path: Path) -> Path:
    return folder(tmp_path, sheet=changed(SHEET, "  偏差原因及改进措施: 一个项目转入下年\n", ""))


def test_what_blocks_publication_writes_nothing(tmp_path: Path) -> None:
    appraisal = appraise(unexplained(tmp_path))
    with pytest.raises(UserError, match="有 1 个问题妨碍公开，没有写出文件") as refused:
        publish(appraisal, tmp_path / "out")
    assert "没有写偏差原因及改进措施" in refused.value.sentence
    assert not (tmp_path / "out").exists()


def test_a_draft_is_marked_in_its_name_and_inside(tmp_path: Path) -> None:
    paths = publish(appraise(unexplained(tmp_path)), tmp_path / "out", draft=True)
    assert {path.name for path in paths} == {
        "附件1-基础数据表（草稿）.xlsx", "附件2-整体支出绩效自评表（草稿）.xlsx", "figures（草稿）.xlsx",
    }  # fmt: skip
    for path in paths:
        (first, *_) = openpyxl.load_workbook(path).worksheets
        assert "草稿" in str(first["A1"].value)


def test_a_blank_that_a_form_must_not_have_blocks(tmp_path: Path) -> None:
    data = changed(DATA, "      dept.staff.establishment: 20人\n", "").replace(
        "      dept.staff.control_rate: 90.00%\n", ""
    )
    reasons = blocking(appraise(folder(tmp_path, data=data)))
    assert reasons == ("附件1“2025年度部门整体支出绩效评价基础数据表”缺少“2025年 编制 实际”，请在数据里补上",)


@pytest.mark.parametrize("project", ["a/../../b", "能力\\提升:*?", "长" * 300, "NUL", "=1+1", "[表]'一'", "..", "-rf"])
def test_projects_of_any_name_become_files(project: str, tmp_path: Path) -> None:
    year = folder(tmp_path)
    other = changed(PROJECT, "某项目", project.replace("'", "''"))
    (year / "figures" / "指标" / "项目.yaml").write_text(other, encoding="utf-8")
    out = tmp_path / "out"
    paths = publish(appraise(year), out, draft=True)
    assert {path.parent for path in paths} == {out}
    assert sorted(out.iterdir()) == sorted(paths)
    (form,) = [path for path in paths if path.name.startswith("附件3-")]
    assert len(form.name.encode()) < 255
    sheet = openpyxl.load_workbook(form).worksheets[0]
    assert sheet["B4"].value == project
    assert sheet["B4"].data_type == "s"


def test_two_projects_alike_in_their_first_words_are_two_files(tmp_path: Path) -> None:
    year = folder(tmp_path)
    for name in "甲乙":
        sheet = changed(PROJECT, "某项目", "长" * 100 + name)
        (year / "figures" / "指标" / f"项目{name}.yaml").write_text(sheet, encoding="utf-8")
    names = [path.name for path in publish(appraise(year), tmp_path / "out", draft=True)]
    assert len({name for name in names if "项目支出" in name}) == 2


def test_documents_never_go_into_the_inputs(tmp_path: Path) -> None:
    year = folder(tmp_path)
    for wrong in (year / "figures", year / "figures" / "数据"):
        with pytest.raises(UserError, match="请换一个文件夹"):
            target(year, str(wrong))
    with pytest.raises(UserError, match="是文件"):
        target(year, str(year / "figures" / ".." / "figures" / ".." / ".." / _file(tmp_path)))
    assert target(year, None) == year / "out"


def _file(tmp_path: Path) -> str:
    (tmp_path / "甲.txt").write_text("甲", encoding="utf-8")
    return "甲.txt"


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "附件1-基础数据表.xlsx").mkdir(parents=True)
    with pytest.raises(UserError, match="无法写入"):
        publish(appraise(folder(tmp_path)), out)
    assert not [path for path in out.iterdir() if path.name.startswith(".")]


def test_a_second_run_replaces_the_first(tmp_path: Path) -> None:
    year = folder(tmp_path)
    first = publish(appraise(year), tmp_path / "out")
    folder(tmp_path, data=more("dept.staff.retired: 3人"))
    assert publish(appraise(year), tmp_path / "out") == first
    assert sorted((tmp_path / "out").iterdir()) == sorted(first)


Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("COLUMNS", "140")

    def go(*args: str) -> tuple[int, str]:
        code = cli.run(["appraise", *args])
        return code, capsys.readouterr().err

    return go


def test_the_command_says_what_it_wrote(run: Run, tmp_path: Path) -> None:
    shutil.copytree(YEAR / "figures", tmp_path / "figures")
    code, err = run(str(tmp_path))
    assert code == 0
    said = [line for line in err.splitlines() if line.startswith("已写出")]
    reports = [line for line in said if line.endswith(".docx”。")]
    assert len(reports) == 3
    assert said == [*reports, *(f"已写出“{tmp_path / 'out' / name}”。" for name in NAMES)]


def test_the_command_refuses_and_a_draft_does_not(run: Run, tmp_path: Path) -> None:
    year = unexplained(tmp_path)
    code, err = run(str(year), "--out", str(tmp_path / "甲"))
    assert (code, (tmp_path / "甲").exists()) == (1, False)
    assert "或加 --draft 先出草稿" in err
    code, err = run(str(year), "--out", str(tmp_path / "甲"), "--draft")
    assert (code, (tmp_path / "甲" / "figures（草稿）.xlsx").is_file()) == (1, True)


def test_a_workbook_opens_without_warnings(package: Path) -> None:
    for name in NAMES:
        book = openpyxl.load_workbook(io.BytesIO((package / name).read_bytes()))
        assert book.properties.creator in ("", None)


def test_the_screen_names_the_blank_that_blocks(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = changed(DATA, "      dept.staff.establishment: 20人\n", "").replace(
        "      dept.staff.control_rate: 90.00%\n", ""
    )
    assert cli.run(["appraise", str(folder(tmp_path, data=data))]) == 1
    out, _ = capsys.readouterr()
    assert "没有妨碍公开的问题" not in out
    assert "缺少“2025年 编制 实际”" in out


def test_a_new_folder_takes_no_output(run: Run, tmp_path: Path) -> None:
    code, err = run("new", str(tmp_path / "甲"), "--out", str(tmp_path / "乙"))
    assert (code, (tmp_path / "甲").exists()) == (2, False)
    assert "不用 --out、--draft、--pdf 和 --forms" in err
