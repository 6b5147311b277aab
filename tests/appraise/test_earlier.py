"""What an earlier run left behind: removed where it is byte for byte ours, kept and told where it is not."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.appraise.filled import SHEET, changed, folder
from yibao.appraise.appraisal import appraise
from yibao.appraise.earlier import digest_of, earlier_files
from yibao.appraise.publish import publish
from yibao.vocabulary.ledger import FILES, HEADER, NAME, NAMES

PROJECT = (
    SHEET.replace("名称: 部门整体支出绩效自评表\n类型: 整体支出", "名称: 项目支出绩效自评表\n类型: 项目支出\n项目: 某项目")
    .replace("各级分值:\n  - {指标: 产出指标, 分值: 60, 得分: 60}\n", "")
)  # fmt: skip
FORM = "附件3-项目支出绩效自评表（某项目）.xlsx"


@pytest.fixture
def year(tmp_path: Path) -> Path:
    """A year with one project, published once; its project is taken out of the folder then."""
    found = folder(tmp_path)
    project = found / "figures" / "指标" / "项目.yaml"
    project.write_text(PROJECT, encoding="utf-8")
    publish(appraise(found), found / "out")
    assert (found / "out" / FORM).is_file()
    project.unlink()
    return found


def run(year: Path, *, draft: bool = False) -> list[str]:
    told: list[str] = []
    publish(appraise(year), year / "out", draft=draft, tell=told.append)
    return told


def test_a_document_that_no_longer_occurs_is_removed_and_told(year: Path) -> None:
    (told,) = run(year)
    assert told == f"已删去“{year / 'out' / FORM}”：以前写出的，这次没有这个文件。"
    assert not (year / "out" / FORM).exists()
    assert run(year) == []


def test_an_edited_one_is_kept_and_told(year: Path) -> None:
    path = year / "out" / FORM
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["A1"] = "改过"
    book.save(path)
    (told,) = run(year)
    assert "它被改过，没有删" in told
    assert path.is_file()


def test_what_the_program_did_not_write_stays(year: Path) -> None:
    for name in ("说明.docx", "扫描件.pdf", "附件9.xlsx"):
        (year / "out" / name).write_bytes(b"ours?")
    run(year)
    assert {"说明.docx", "扫描件.pdf", "附件9.xlsx"} <= {path.name for path in (year / "out").iterdir()}


def test_a_draft_leaves_what_can_be_published_and_is_replaced_by_it(year: Path) -> None:
    assert run(year, draft=True) == []
    drafts = {path.name for path in (year / "out").iterdir() if "（草稿）" in path.name}
    assert (year / "out" / FORM).is_file()
    told = run(year)
    assert len(told) == len(drafts)  # the drafts but for their ledger, and the project's form
    assert {path.name for path in (year / "out").iterdir() if "（草稿）" in path.name} == {NAMES[1]}


@pytest.mark.parametrize("name", ["../甲.docx", "..\\甲.docx", "/甲.docx", "甲.txt", "下级/甲.docx", "", "..", NAME])
def test_an_edited_ledger_reaches_no_other_file(year: Path, name: str) -> None:
    victims = [year / "甲.docx", year / "out" / "甲.txt", year / "out" / "下级" / "甲.docx"]
    (year / "out" / "下级").mkdir()
    for victim in victims:
        victim.write_bytes(b"mine")
    book = openpyxl.load_workbook(year / "out" / NAME)
    book[FILES.name].append([name, digest_of(victims[0])])
    book.save(year / "out" / NAME)
    run(year)
    assert all(victim.is_file() for victim in victims)


def test_a_link_is_not_followed(year: Path, tmp_path: Path) -> None:
    other = tmp_path / "别处.xlsx"
    (year / "out" / FORM).rename(other)
    (year / "out" / FORM).symlink_to(other)
    run(year)
    assert other.is_file()


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04"])
def test_a_damaged_ledger_removes_nothing(year: Path, content: bytes) -> None:
    (year / "out" / NAME).write_bytes(content)
    assert run(year) == []
    assert (year / "out" / FORM).is_file()


def test_a_ledger_of_another_make_names_no_files(year: Path) -> None:
    for wrong in ("校验", None):
        book = openpyxl.load_workbook(year / "out" / NAME)
        book[FILES.name].cell(HEADER, 2).value = wrong
        book.save(year / "out" / NAME)
        assert earlier_files(year / "out", draft=False) == {}
    del book[FILES.name]
    book.save(year / "out" / NAME)
    assert earlier_files(year / "out", draft=False) == {}


def test_what_blocks_publication_removes_nothing(year: Path) -> None:
    sheet = changed(SHEET, "  偏差原因及改进措施: 一个项目转入下年\n", "")
    (year / "figures" / "指标" / "整体支出.yaml").write_text(sheet, encoding="utf-8")
    with pytest.raises(Exception, match="妨碍公开"):
        run(year)
    assert (year / "out" / FORM).is_file()
