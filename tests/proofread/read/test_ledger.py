"""The ledger beside a package: read in its own words, and hostile input like any file."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from yibao.proofread import check_package
from yibao.proofread.document import NamedFigure, Record
from yibao.proofread.read import ledger, read_package
from yibao.proofread.read.ledger import read_records
from yibao.vocabulary.ledger import LINES, NAMES, PLACES

Rows = Sequence[Sequence[object]]


def write(
    folder: Path, lines: Rows = (), places: Rows = (), name: str = NAMES[0], columns: Sequence[object] = LINES.columns
) -> Path:
    book = Workbook()
    for shape, header, rows in ((LINES, columns, lines), (PLACES, PLACES.columns, places)):
        sheet = book.create_sheet(shape.name)
        sheet.append(["台账"])
        for row in (header, *rows):
            sheet.append(list(row))
    book.save(folder / name)
    (folder / "报告.txt").write_text("支出5万元。", encoding="utf-8")
    return folder


LINE = [("报告.txt", 1, "支出5万元。")]


def test_it_says_what_a_file_held(tmp_path: Path) -> None:
    write(tmp_path, LINE, [("项目支出", "5万元", "报告.txt", "一")])
    record = Record(("支出5万元。",), (NamedFigure("项目支出", "5万元", "一"),))
    assert read_records(tmp_path) == ({"报告.txt": record}, [])
    assert read_package(tmp_path).sources[0].record == record
    assert read_package(tmp_path / "报告.txt").sources[0].record == record


def test_the_ledger_of_a_draft_counts_too(tmp_path: Path) -> None:
    write(tmp_path, LINE, name=NAMES[1])
    assert read_records(tmp_path)[0]["报告.txt"].lines == ("支出5万元。",)


def test_lines_come_in_their_own_order_however_the_sheet_is_sorted(tmp_path: Path) -> None:
    write(tmp_path, [("报告.txt", 2, "乙6人"), ("报告.txt", "1", "甲5人")])
    assert read_records(tmp_path)[0]["报告.txt"].lines == ("甲5人", "乙6人")


def test_a_ledger_of_which_nothing_is_left_says_nothing(tmp_path: Path) -> None:
    write(tmp_path, [("别的.docx", 1, "支出5万元。")])
    assert read_records(tmp_path) == ({}, [])
    assert "台账记着" not in " ".join(read_package(tmp_path).sources[0].warnings)


def test_an_older_ledger_holds_nothing(tmp_path: Path) -> None:
    write(tmp_path, LINE, columns=("文件", "页", "原文"))
    assert read_records(tmp_path) == ({}, [])
    Workbook().save(tmp_path / NAMES[0])
    assert read_records(tmp_path) == ({}, [])


@pytest.mark.parametrize(
    "rows",
    [
        [(None, None, None), ("", "", "")],
        [(5, 5, 5), (True, None, "甲")],
        [("../../报告.txt", 1, "支出6万元。"), ("/etc/passwd", 1, "5")],
        [("报告.txt", -1, "=1+1"), ("报告.txt", "x", "'支出6万元。")],
        [("报告.txt", 1, "｜" * 32_000), ("报告.txt", 1, "。" * 32_000), ("报告.txt", 1, "1 " * 16_000)],
        [("报告.txt", 10**30, "支出5万元。")],
        [("报告.txt", 1)],
    ],
)
def test_strange_rows_neither_crash_nor_mislead(rows: Rows, tmp_path: Path) -> None:
    write(tmp_path, rows)
    (report,) = check_package(read_package(tmp_path))
    assert report.findings == ()


def test_a_broken_ledger_is_told_in_one_sentence(tmp_path: Path) -> None:
    write(tmp_path, LINE)
    for content in (b"", b"PK\x03\x04", b"no zip", (tmp_path / NAMES[0]).read_bytes()[:3000]):
        (tmp_path / NAMES[0]).write_bytes(content)
        records, (said,) = read_records(tmp_path)
        assert records == {}
        assert said.endswith("各文件没有与印出时对照。")
        assert said in read_package(tmp_path).sources[0].warnings


def test_a_ledger_with_a_dtd_or_a_bomb_is_not_read(tmp_path: Path) -> None:
    for part in (b'<!DOCTYPE a [<!ENTITY x "y">]><a/>', b" " * 40 * 2**20):
        write(tmp_path, LINE)
        with zipfile.ZipFile(tmp_path / NAMES[0], "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/more.xml", part)
        assert read_records(tmp_path)[0] == {}


def test_a_folder_named_like_the_ledger_is_none(tmp_path: Path) -> None:
    (tmp_path / NAMES[0]).mkdir()
    assert read_records(tmp_path) == ({}, [])


def test_no_more_rows_are_read_than_a_package_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "MAX_ROWS", 2)
    write(tmp_path, [("报告.txt", n, f"支出{n}万元") for n in range(1, 9)])
    assert len(read_records(tmp_path)[0]["报告.txt"].lines) == 2


def test_files_of_a_subfolder_have_no_record(tmp_path: Path) -> None:
    write(tmp_path, LINE)
    (tmp_path / "下级").mkdir()
    (tmp_path / "下级" / "报告.txt").write_text("支出6万元。", encoding="utf-8")
    assert [s.record is not None for s in read_package(tmp_path).sources] == [True, False]
