"""Workbooks, new and old: tables, titles, merges, shown numbers, and what is left out with a warning."""

from __future__ import annotations

import datetime as dt
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.proofread.read.making import paragraphs, tables, texts
from yibao.errors import UserError
from yibao.proofread.document import Source
from yibao.proofread.read import read_file, sheet
from yibao.proofread.read.biff import number_formats

XLS = (
    Path(__file__).parent / "files" / "fund.xls"
)  # made with xlwt: one shown sheet, one hidden, formats 0.00% and #,##0.00


def read(tmp_path: Path, fill: Callable[[Worksheet], None], name: str = "表.xlsx") -> Source:
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = "收入表"
    fill(page)
    book.save(tmp_path / name)
    return read_file(tmp_path / name)


def test_title_unit_header_and_notes(tmp_path: Path) -> None:
    def fill(page: Worksheet) -> None:
        page["A1"] = "某年度收入决算表"
        page.merge_cells("A1:C1")
        page["A2"], page["C2"] = "部门：某局", "单位：万元"
        page.append(["项目", "预算数", "决算数"])
        page.append(["财政拨款", 1200, 1234.5])
        page["C4"].number_format = "#,##0.00"
        page.append(["注：本表反映收入。"])

    source = read(tmp_path, fill)
    [table] = tables(source)
    assert texts(table) == [["项目", "预算数", "决算数"], ["财政拨款", "1200", "1,234.50"]]
    assert (table.caption, table.unit) == ("某年度收入决算表", "万元")
    assert table.notes == ("部门：某局", "单位：万元", "注：本表反映收入。", "工作表：收入表")
    assert paragraphs(source) == ["某年度收入决算表", "部门：某局", "单位：万元", "注：本表反映收入。"]
    assert table.rows[1][2].address == "C4"
    assert (source.format, source.warnings) == ("xlsx", ())


def test_merged_cells_are_expanded(tmp_path: Path) -> None:
    def fill(page: Worksheet) -> None:
        page["B2"], page["C2"], page["C3"], page["D3"] = "项目", "决算数", "小计", "其中"
        page.merge_cells("B2:B3")
        page.merge_cells("C2:D2")
        page["B4"], page["C4"], page["D4"] = "拨款", 3, 1

    [table] = tables(read(tmp_path, fill))
    assert texts(table) == [["项目", "决算数", "^"], ["^", "小计", "其中"], ["拨款", "3", "1"]]
    assert table.rows[1][0].origin == (0, 0)
    assert table.rows[2][1].address == "C4"
    assert table.caption == "收入表"


def test_blank_rows_part_tables_with_headers_of_their_own(tmp_path: Path) -> None:
    def fill(page: Worksheet) -> None:
        for row in (
            ["项目", "金额"],
            ["拨款", 3],
            [],
            ["其他", 1],
            [],
            [],
            ["支出情况表"],
            ["项目", "人数"],
            ["在职", 19],
        ):
            page.append(row)

    first, second = tables(read(tmp_path, fill))
    assert texts(first) == [["项目", "金额"], ["拨款", "3"], ["", ""], ["其他", "1"]]
    assert (second.caption, texts(second)[1]) == ("支出情况表", ["在职", "19"])


def test_rows_after_a_gap_that_go_on_with_numbers_stay_in_the_table(tmp_path: Path) -> None:
    def fill(page: Worksheet) -> None:
        for row in (["项目", "金额"], ["拨款", 3], [], [], ["合计", 3]):
            page.append(row)

    [table] = tables(read(tmp_path, fill))
    assert texts(table)[-1] == ["合计", "3"]


def test_dates_booleans_and_percent(tmp_path: Path) -> None:
    def fill(page: Worksheet) -> None:
        page.append(["项目", "值"])
        for n, (value, form) in enumerate(
            [
                (0.95438, "0.00%"),
                (dt.datetime(2025, 4, 8), 'yyyy"年"m"月"d"日"'),
                (dt.date(2025, 4, 8), "mm-dd-yy"),
                (True, "General"),
            ],
            2,
        ):
            page.cell(n, 1, "甲")
            page.cell(n, 2, value).number_format = form  # type: ignore[arg-type]

    [table] = tables(read(tmp_path, fill))
    assert [row[1].text for row in table.rows[1:]] == ["95.44%", "2025年4月8日", "2025/4/8", "TRUE"]


def test_formula_without_saved_result_is_blank_and_said(tmp_path: Path) -> None:
    def fill(page: Worksheet) -> None:
        for row in (["项目", "金额"], ["甲", 1], ["乙", 2], ["合计", "=B2+B3"], ["比例", "=IF(B2>0,B2/B4,0)"]):
            page.append(row)

    source = read(tmp_path, fill)
    assert texts(tables(source)[0])[3] == ["合计", ""]
    [warning] = source.warnings
    assert "2 个公式单元格没有保存结果（B4、B5）" in warning


def test_saved_formula_result_and_error_values(tmp_path: Path) -> None:
    def fill(page: Worksheet) -> None:
        for row in (["项目", "金额"], ["甲", 1], ["合计", "=B2"], ["坏", "=1/0"]):
            page.append(row)

    read(tmp_path, fill)
    _edit_sheet(
        tmp_path / "表.xlsx",
        [
            (r"<f>B2</f><v ?/?>(</v>)?", "<f>B2</f><v>1</v>"),
            (r'r="B4"><f>1/0</f><v ?/?>(</v>)?', 'r="B4" t="e"><f>1/0</f><v>#DIV/0!</v>'),
        ],
    )
    source = read_file(tmp_path / "表.xlsx")
    assert [row[1].text for row in tables(source)[0].rows[1:]] == ["1", "1", "#DIV/0!"]
    assert len(source.warnings) == 1
    assert "B4（#DIV/0!）" in source.warnings[0]


def _edit_sheet(path: Path, changes: list[tuple[str, str]]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    text = parts[name].decode()
    for old, new in changes:
        text, count = re.subn(old, new, text)
        assert count, old
    parts[name] = text.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)


def test_hidden_sheets_are_left_out_with_a_warning(tmp_path: Path) -> None:
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.append(["项目", "金额"])
    page.append(["拨款", 3])
    hidden = book.create_sheet("底稿")
    hidden.append(["内部", 1])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    source = read_file(tmp_path / "a.xlsx")
    assert len(tables(source)) == 1
    assert "底稿" in source.warnings[0]


def test_several_sheets_carry_their_name_in_the_address(tmp_path: Path) -> None:
    book = Workbook()
    for name in ("收入", "支出"):
        page = book.create_sheet(name)
        page.append(["项目", "金额"])
        page.append([name, 3])
    book.remove(book.worksheets[0])
    book.save(tmp_path / "a.xlsx")
    first, second = tables(read_file(tmp_path / "a.xlsx"))
    assert (first.rows[1][1].address, second.rows[1][1].address) == ("收入!B2", "支出!B2")
    assert (first.caption, second.caption) == ("收入", "支出")


def test_a_million_blank_rows_are_cut_off(tmp_path: Path) -> None:
    read(tmp_path, lambda page: page.append(["项目", 1]))
    blank = (
        "".join(f'<row r="{r}"/>' for r in range(5, 30_000))
        + '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>远</t></is></c></row></sheetData>'
    )
    _edit_sheet(tmp_path / "表.xlsx", [(r"</sheetData>", blank)])
    source = read_file(tmp_path / "表.xlsx")
    assert "连续 2000 行空白" in source.warnings[0]
    assert tables(source) == [] or tables(source)[0].width <= 2


def test_cells_beyond_the_limit_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_CELLS", 10)
    source = read(tmp_path, lambda page: [page.append(["甲", n]) for n in range(50)] and None)
    assert "单元格过多" in source.warnings[0]
    assert 5 <= len(tables(source)[0].rows) <= 8


def test_empty_workbook_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="没有内容"):
        read(tmp_path, lambda page: None)


def test_broken_workbook_is_said(tmp_path: Path) -> None:
    read(tmp_path, lambda page: page.append(["项目", 1]))
    _edit_sheet(tmp_path / "表.xlsx", [(r"</sheetData>", "<unclosed>")])
    with pytest.raises(UserError, match="已损坏"):
        read_file(tmp_path / "表.xlsx")


def test_old_workbook_shows_its_numbers() -> None:
    source = read_file(XLS)
    [table] = tables(source)
    assert texts(table)[1] == ["一、收入合计", "1,234.57", "1,300.00", "95.44%"]
    assert texts(table)[4][1] == "2025/4/8"
    assert (table.caption, table.unit, source.format) == ("某县医保基金收支情况表", "万元", "xls")
    assert table.rows[1][3].address == "D4"
    assert len(source.warnings) == 1
    assert "底稿" in source.warnings[0]


def test_truncated_old_workbook_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(XLS.read_bytes()[:3_000])
    with pytest.raises(UserError, match=r"a\.xls"):
        read_file(path)


@pytest.mark.parametrize("place", range(0, 5_632, 97))
def test_damaged_old_workbook_never_crashes(tmp_path: Path, place: int) -> None:
    data = bytearray(XLS.read_bytes())
    data[place : place + 4] = b"\xff\xff\xff\xff"
    path = tmp_path / "a.xls"
    path.write_bytes(bytes(data))
    number_formats(bytes(data))
    try:
        found = str(read_file(path).blocks)
    except UserError as error:
        found = error.sentence
    assert found


def test_sheet_with_a_cell_far_away_is_refused(tmp_path: Path) -> None:
    data = XLS.read_bytes()
    number = data.index(struct.pack("<HHHH", 0x0203, 14, 3, 1))
    far = data[: number + 4] + struct.pack("<HH", 65_535, 255) + data[number + 8 :]
    path = tmp_path / "a.xls"
    path.write_bytes(far)
    with pytest.raises(UserError, match="过大"):
        read_file(path)
