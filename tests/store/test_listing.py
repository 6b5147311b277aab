"""Listings on the screen and in a workbook."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from yibao.errors import UserError
from yibao.store.listing import Headings, Listing, masked, rate_of, shown, told
from yibao.store.sheets import write_workbook

HEADINGS: Headings = [("姓名", "text"), ("人数", "count"), ("金额（元）", "money"), ("占比", "rate"), ("日期", "date")]
ROWS = [("张三", 1234, 123_456_789_012_345, 9_751, date(2025, 1, 2)), ("=HYPERLINK(1)", None, -1, None, None)]
LISTING = Listing("名单/一", "标题", HEADINGS, ROWS, ["分母：常住人口", "来源：某表"])


def test_the_screen_shows_rows_notes_and_how_many_more() -> None:
    said = list(told(LISTING, most=1))
    assert "1,234  1,234,567,890,123.45  97.51%  2025-01-02" in said[2]
    assert said[3].endswith("共 2 行；全部名单用 --out 文件夹 写成工作簿。")
    assert said[-2:] == ["  · 分母：常住人口", "  · 来源：某表"]


def test_an_empty_listing_says_so() -> None:
    assert list(told(Listing("x", "标题", HEADINGS, []))) == ["标题", "  （没有）"]


def test_a_row_of_another_width_is_refused() -> None:
    with pytest.raises(ValueError, match="标题"):
        Listing("x", "标题", HEADINGS, [("张三",)])


def test_the_workbook_keeps_money_exact_and_formulas_dead(tmp_path: Path) -> None:
    write_workbook(tmp_path / "new" / "a.xlsx", [LISTING])
    sheet = load_workbook(tmp_path / "new" / "a.xlsx").active
    assert sheet is not None
    assert sheet.title == "名单一"
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert Decimal(str(rows[0][2])) == Decimal("1234567890123.45")
    assert rows[0][3] == 0.9751
    assert rows[1][0] == "'=HYPERLINK(1)"
    assert sheet.cell(4, 1).data_type == "s"
    assert rows[2][0] is None  # whoever sorts the rows does not sort the notes
    assert rows[3][0] == "注：分母：常住人口"


def sheet_of(tmp_path: Path, listing: Listing) -> Any:
    write_workbook(tmp_path / "a.xlsx", [listing])
    return load_workbook(tmp_path / "a.xlsx").active


def test_a_sheet_is_one_page_wide_and_repeats_its_headings(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, LISTING)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight, sheet.page_setup.paperSize) == (1, 0, 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$2"
    assert "第 &P 页" in sheet.oddFooter.center.text


@pytest.mark.parametrize(("columns", "way"), [(2, "portrait"), (12, "landscape")])
def test_a_wide_table_is_printed_across(tmp_path: Path, columns: int, way: str) -> None:
    headings: Headings = [(f"一个指标{at}", "count") for at in range(columns)]
    assert sheet_of(tmp_path, Listing("x", "标题", headings, [[1] * columns])).page_setup.orientation == way


def test_a_figure_far_down_fits_its_column(tmp_path: Path) -> None:
    rows = [(1,)] * 500 + [(-123_456_789_012_345,)]
    sheet = sheet_of(tmp_path, Listing("x", "标题", [("金额", "money")], rows))
    assert sheet.column_dimensions["A"].width >= len("-1,234,567,890,123.45")


def test_a_note_is_wrapped_over_all_columns(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, Listing("x", "标题", HEADINGS, ROWS, ["很长的说明" * 40]))
    assert {str(one) for one in sheet.merged_cells.ranges} == {"A1:E1", "A6:E6"}
    assert sheet["A6"].alignment.wrap_text
    assert sheet.row_dimensions[6].height >= 4 * 15


def test_a_row_is_as_high_as_its_longest_words_need(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, Listing("x", "标题", [("名", "text")], [("名" * 22,), ("名" * 50,)]))
    assert (sheet.row_dimensions[3].height, sheet.row_dimensions[4].height) == (19, 45)
    assert sheet["A4"].alignment.wrap_text


def test_an_empty_sheet_says_so_and_amounts_have_their_unit(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, Listing("x", "标题", [("金额", "money")], []))
    assert [sheet.cell(row, 1).value for row in (1, 2, 3)] == ["标题（金额单位：元）", "金额", "（没有）"]
    assert sheet_of(tmp_path, LISTING)["A1"].value == "标题"


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(tmp_path / name, [LISTING])
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UserError, match="写不进去"):
        write_workbook(tmp_path / "file" / "a.xlsx", [LISTING])


@given(st.text(max_size=40))
def test_hostile_text_is_neither_a_formula_nor_lost(text: str) -> None:
    assert (
        not shown(text, "text").startswith(("=", "+", "@", "\t"))
        or shown(text, "text").lstrip("+-").replace(",", "")[:1].isdigit()
    )


@given(st.text(alphabet="0123456789X", max_size=20))
def test_a_masked_number_shows_at_most_ten_characters(number: str) -> None:
    assert sum(c != "*" for c in masked(number)) <= 10
    assert masked(number) != number or not number


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_rate_is_rounded_half_up(part: int, whole: int) -> None:
    rate = rate_of(part, whole)
    assert rate is not None
    assert abs(rate * whole - part * 10_000) * 2 <= whole


def test_totals_are_bold_amounts_in_ten_thousands_and_remarks_on_a_sheet_of_their_own(tmp_path: Path) -> None:
    headings: Headings = [("基金", "text"), ("支出（万元）", "wan"), ("变动率", "rate"), ("月数", "number")]
    rows = [("甲", 123_456_789, "新增", Decimal("7.50")), ("合计", 123_456_789, 1, "算不出")]
    listing = Listing("基金", "一、基金", headings, rows, bold=frozenset({1}), most=1)
    said = list(told(listing))
    assert said[2].split() == ["甲", "123.46", "新增", "7.50"]
    assert "共 2 行" in said[3]
    write_workbook(tmp_path / "a.xlsx", [listing], ("标题", "假设：一"))
    book = load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["说明", "基金"]
    assert [cell.value for cell in book["说明"]["A"]] == ["标题", "假设：一"]
    total = book["基金"][4]
    assert [cell.value for cell in total] == ["合计", 123.46, 0.0001, "算不出"]
    assert [cell.font.bold for cell in total] == [True] * 4
    assert not book["基金"][3][0].font.bold


def test_columns_are_as_wide_as_what_stands_in_them(tmp_path: Path) -> None:
    write_workbook(tmp_path / "a.xlsx", [Listing("x", "标题", [("名", "text"), ("数", "count")], [("长" * 20, 1)])])
    columns = load_workbook(tmp_path / "a.xlsx")["x"].column_dimensions
    assert (columns["A"].width, columns["B"].width) == (43, 5)
