"""A finished package held against its own ledger: an altered figure is told once, at its place, and nothing else changes."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest

from tests.appraise.altering import Alteration, Printing, alter, printings
from yibao.appraise.appraisal import appraise
from yibao.appraise.publish import publish
from yibao.appraise.report.write import report_documents, reports_of
from yibao.proofread import check_package
from yibao.proofread.document import Package, Paragraph, Source
from yibao.proofread.findings import Evidence, Finding, Report, Severity
from yibao.proofread.printed_lines import printed_lines
from yibao.proofread.read import read_file, read_package

YEAR = Path(__file__).resolve().parents[2] / "examples" / "yiyang-2025"
ALTERATIONS = 24
KIND = "altered_figure"


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("益阳") / "out"
    appraisal = appraise(YEAR)
    publish(appraisal, out, more=report_documents(reports_of(appraisal, YEAR)), lines=printed_lines)
    return out


@pytest.fixture
def package(printed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(printed, tmp_path / "out"))


@pytest.fixture(scope="module")
def whole(printed: Path) -> Package:
    return read_package(printed)


@pytest.fixture(scope="module")
def before(whole: Package) -> Counter[Hashable]:
    return named(check_package(whole))


def named(reports: list[Report]) -> Counter[Hashable]:
    """Findings by what they are and where they stand, whatever they quote."""
    found = [f for report in reports for f in report.findings]
    return Counter((f.kind, f.severity, Path(p.file).name, p.block, p.row) for f in found for p in [f.evidence.place])


def literal(evidence: Evidence, source: Source) -> bool:
    block = source.blocks[evidence.place.block]
    if isinstance(block, Paragraph):
        return evidence.quote in block.raw
    rows = [block.quote(r) for r in range(len(block.rows))]
    return any(evidence.quote in text for text in (*rows, block.caption, *block.notes)) or any(
        evidence.quote in cell.text for row in block.rows for cell in row
    )


def quotes(findings: list[Finding], name: str) -> Iterator[Evidence]:
    for f in findings:
        yield from (e for e in (f.evidence, *f.related) if Path(e.place.file).name == name)


def with_file(whole: Package, changed: Source) -> Package:
    name = Path(changed.path).name
    return Package(tuple(replace(changed, record=s.record) if Path(s.path).name == name else s for s in whole.sources))


def stands_there(finding: Finding, done: Alteration, source: Source) -> bool:
    place, at = finding.evidence.place, done.printing.at
    block = source.blocks[place.block]
    if isinstance(block, Paragraph):
        offset = len(block.raw) - len(done.text.strip()) + done.start - (len(done.text) - len(done.text.lstrip()))
        return done.text.strip() in block.raw and (place.start or 0) <= offset < (place.end or 0)
    if isinstance(at, int):
        return done.text.strip() in block.text(place.row or 0, place.column or 0)
    return (place.address or "").rpartition("!")[2] == at[1]


def drawn(folder: Path) -> list[Printing]:
    return random.Random(11).sample(printings(folder), ALTERATIONS)


def test_the_package_as_printed_is_consistent(whole: Package, before: Counter[Hashable]) -> None:
    checks = [c for report in check_package(whole) for c in report.checks if c.kind == KIND]
    assert len(checks) > 400
    assert {str(c.verdict) for c in checks} == {"consistent"}
    assert not any(severity is Severity.ERROR for _, severity, *_ in before)  # type: ignore[misc]


def test_each_altered_figure_is_one_finding_at_its_place(
    package: Path, whole: Package, before: Counter[Hashable]
) -> None:
    rng = random.Random(7)
    for printing in drawn(package):
        path = package / printing.file
        kept = path.read_bytes()
        done = alter(package, printing, rng)
        source = read_file(path)
        reports = check_package(with_file(whole, source))
        findings = [f for report in reports for f in report.findings]
        (finding,) = [f for f in findings if f.kind == KIND]
        assert named(reports) - before == named([replace(reports[0], findings=(finding,))]), done
        assert not before - named(reports), done
        assert stands_there(finding, done, source), done
        assert finding.severity is Severity.ERROR
        assert all(literal(e, source) for e in quotes(findings, path.name)), done
        path.write_bytes(kept)


def errors(folder: Path) -> list[Finding]:
    reports = check_package(read_package(folder))
    return [f for report in reports for f in report.findings if f.severity is Severity.ERROR]


def report_of(folder: Path) -> Path:
    return next(p for p in folder.iterdir() if p.name.endswith("部门整体支出绩效自评报告.docx"))


def test_the_finding_names_the_figure_and_what_to_do(package: Path) -> None:
    book = openpyxl.load_workbook(package / "附件1-基础数据表.xlsx")
    book.worksheets[0]["F18"] = 309.88
    book.save(package / "附件1-基础数据表.xlsx")
    (finding,) = errors(package)
    assert finding.message == (
        "2025年 公用经费 决算：印出时为308.88，现在是309.88，印出之后改过；要改数，请改“数据”后重新生成"
    )
    assert (finding.stated, finding.expected, finding.evidence.quote) == ("309.88", "308.88", "309.88")
    assert finding.evidence.place.address == "F18"


def test_one_file_alone_is_held_against_the_ledger_beside_it(package: Path) -> None:
    path = package / "附件1-基础数据表.xlsx"
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["F18"] = 309.88
    book.save(path)
    assert [f.kind for f in errors(path)] == [KIND]


def test_a_warning_of_an_altered_place_stays_and_quotes_the_file(package: Path) -> None:
    """公用经费 is over its budget with or without the alteration."""
    path = package / "附件1-基础数据表.xlsx"
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["F18"] = 309.88
    book.save(path)
    (warning,) = [
        f for r in check_package(read_package(path)) for f in r.findings if "138.65%" in f.message
    ]  # fmt: skip
    assert warning.evidence.quote.endswith("309.88")
    assert warning.message.endswith("（按印出时的数核对）")


def test_what_the_office_rewrites_is_counted_and_no_mistake(package: Path) -> None:
    path = report_of(package)
    document = docx.Document(str(path))
    long = [p for p in document.paragraphs if len(p.text) > 60 and any(c.isdigit() for c in p.text)]
    long[0].runs[0].text = f"经修改，{long[0].runs[0].text}"
    long[1]._p.getparent().remove(long[1]._p)
    long[3].insert_paragraph_before("新写的一段，会议2次。")
    document.save(str(path))
    reports = check_package(read_package(package))
    assert not [f for r in reports for f in r.findings if f.kind == KIND]
    (said,) = [n.reason for r in reports for n in r.not_run if n.kind == KIND]
    assert said.startswith("印出之后改写或删去")


def test_a_figure_altered_beside_a_rewritten_sentence_is_found(package: Path) -> None:
    path = report_of(package)
    document = docx.Document(str(path))
    paragraph = next(p for p in document.paragraphs if p.text.count("。") > 2 and "万元" in p.text)
    first, *_ = [r for r in paragraph.runs if r.text]
    *_, number = [r for r in paragraph.runs if r.text[:1].isdigit() and "万元" in r.text]
    first.text, number.text = f"据统计，{first.text}", f"9{number.text}"
    document.save(str(path))
    (finding,) = errors(package)
    assert finding.stated == number.text


def test_every_form_saved_by_another_program_is_still_clean(package: Path) -> None:
    """openpyxl drops the results of formulas: they are blank, and no mistakes."""
    for path in package.glob("附件*.xlsx"):
        openpyxl.load_workbook(path).save(path)
    reports = check_package(read_package(package))
    assert [f.message for r in reports for f in r.findings if f.severity is Severity.ERROR] == []
    told = [n.reason for r in reports for n in r.not_run if n.kind == KIND]
    assert all("个公式没有保存结果" in reason for reason in told)
    assert len(told) == 5


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice")
def test_libreoffice_changes_nothing_and_hides_nothing(package: Path, tmp_path: Path) -> None:
    """The results that it computes after an altered cell belong to that cell."""
    book = openpyxl.load_workbook(package / "附件4-医保基金预决算收支情况表.xlsx")
    book.worksheets[0]["B8"] = 12345
    book.save(package / "附件4-医保基金预决算收支情况表.xlsx")
    for ending in ("docx", "xlsx"):
        files = [str(p) for p in package.glob(f"*.{ending}") if not p.name.startswith("figures")]
        profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
        command = [
            "soffice",
            "--headless",
            profile,
            "--convert-to",
            ending,
            "--outdir",
            str(tmp_path / "again"),
            *files,
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=240)
    for path in (tmp_path / "again").iterdir():
        shutil.copy(path, package / path.name)
    (finding,) = errors(package)
    assert finding.evidence.place.address == "职工医保（含生育）!B8"
    assert "同一原因另涉及" in finding.message


def test_a_pdf_of_a_recorded_report_is_not_proofread_twice(package: Path) -> None:
    report_of(package).with_suffix(".pdf").write_bytes(b"%PDF-1.4")
    package_read = read_package(package)
    assert not [s for s in package_read.sources if s.format == "pdf"]
    assert "同名 .docx 的另一种格式" in " ".join(package_read.sources[0].warnings)


def test_renamed_and_strange_files_are_told(package: Path) -> None:
    report_of(package).rename(package / "定稿.docx")
    said = " ".join(read_package(package).sources[0].warnings)
    assert "台账记着、这里没有（改名或删去）的文件：2025年度部门整体支出绩效自评报告.docx" in said
    assert "没有与印出时对照：定稿.docx" in said
    assert errors(package) == []


def test_the_ledger_of_another_year_says_nothing(package: Path) -> None:
    """Its files have the same names; nearly all its numbers differ."""
    book = openpyxl.load_workbook(package / "figures.xlsx")
    for row in book["印出原文"].iter_rows(min_row=3):
        row[2].value = "".join(chr((ord(c) - 47) % 10 + 48) if c.isdigit() else c for c in str(row[2].value))
    book.save(package / "figures.xlsx")
    reports = check_package(read_package(package))
    assert [f.kind for r in reports for f in r.findings if f.kind == KIND] == []
    assert any("不像同一次印出的" in n.reason for r in reports for n in r.not_run)
