"""Workbooks: what is written is what the form says, and what a formula gives is what is printed."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.appraise.forms.recalculated import shown
from yibao.appraise.appraisal import appraise
from yibao.appraise.forms.attachments import attachments
from yibao.appraise.forms.formulas import stored
from yibao.appraise.forms.table import Cell, Form, laid_out
from yibao.appraise.forms.xlsx import TOP, address, sheet_names, workbook

YEAR = Path(__file__).resolve().parents[3] / "examples" / "yiyang-2025"
FORMS = [form for attachment in attachments(appraise(YEAR)) for form in attachment.forms]
NAMES = [form.id for form in FORMS]


def opened(content: bytes, *, values: bool = False) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def small(*rows: list[Cell], title: str = "表", name: str = "表", header_rows: int = 1, unit: str = "万元") -> Form:
    return Form("small", title, name, laid_out(rows), unit=unit, header_rows=header_rows)


def only(content: bytes, *, values: bool = False) -> Worksheet:
    (sheet,) = opened(content, values=values).worksheets
    return sheet


def printed(sheet: Worksheet, at: str) -> str:
    """A cell as its number format prints it."""
    value, form = sheet[at].value, sheet[at].number_format
    if not isinstance(value, (int, float)):
        return value or ""
    percent = form.endswith("%")
    unit = form.split('"')[1] if '"' in form else "%" if percent else ""
    places = len(form.split('"')[0].rstrip("%").partition(".")[2])
    return f"{Decimal(str(value)) * (100 if percent else 1):.{places}f}{unit}"


@pytest.mark.parametrize("form", FORMS, ids=NAMES)
def test_every_cell_reads_back_as_it_is_printed(form: Form) -> None:
    sheet = only(workbook([form]), values=True)
    for r, c, cell in form.cells:
        assert printed(sheet, address(r, c)) == cell.text


@pytest.mark.parametrize("form", FORMS, ids=NAMES)
def test_formulas_stay_and_give_the_printed_number(form: Form) -> None:
    sheet = only(workbook([form]))
    living = [(r, c, cell) for r, c, cell in form.cells if cell.formula]
    for r, c, cell in living:
        at = address(r, c)
        assert str(sheet[at].value).startswith("=")
        assert Decimal(str(shown(sheet, at))) == stored(cell)
    assert living or form.id == "government_fund"


@pytest.mark.parametrize("form", FORMS, ids=NAMES)
def test_cells_are_merged_as_in_the_form(form: Form) -> None:
    sheet = only(workbook([form]))
    wide = {
        f"{address(r, c)}:{address(r + cell.rows - 1, c + cell.columns - 1)}"
        for r, c, cell in form.cells
        if cell.rows > 1 or cell.columns > 1
    }
    merged = {str(area) for area in sheet.merged_cells.ranges if area.min_row >= TOP}
    assert {area for area in merged if int(area.split(":")[0].lstrip("ABCDEFGHIJ")) < TOP + len(form.grid)} == wide


@pytest.mark.parametrize("form", FORMS, ids=NAMES)
def test_the_forms_own_words_are_protected_and_input_is_open(form: Form) -> None:
    sheet = only(workbook([form]))
    assert sheet.protection.sheet
    for r, c, cell in form.cells:
        assert sheet[address(r, c)].protection.locked == bool(cell.header or cell.label or cell.formula)


def test_a_changed_part_changes_the_total() -> None:
    form = next(form for form in FORMS if form.id == "fund:employee")
    sheet = only(workbook([form]))
    rows = {sheet.cell(r, 1).value: r for r in range(TOP, TOP + len(form.grid))}
    sheet.cell(rows["2. 利息收入"], 4).value = 3498 + 1000
    assert shown(sheet, f"D{rows['五、期末滚存结余']}") == 366954 + 1000


def test_binary_noise_is_rounded_away() -> None:
    parts = [Cell(text, number=Decimal(text), decimals=1) for text in ("0.1", "0.2")]
    total = Cell("0.3", number=Decimal("0.3"), decimals=1, formula="ROUND(SUM({0,0},{0,1}),1)")
    assert shown(only(workbook([small([*parts, total])])), "C4") == 0.3


def test_the_result_of_a_formula_is_stored_for_readers_that_do_not_calculate() -> None:
    total = Cell("1.0", number=Decimal("1.0"), decimals=1, formula="ROUND(SUM({0,0}),1)")
    form = small([Cell("1.0", number=Decimal("1.0"), decimals=1), total])
    assert only(workbook([form]), values=True)["B4"].value == 1
    assert b"<v>1.0</v>" in zipfile.ZipFile(io.BytesIO(workbook([form]))).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://a")', "+1", "@SUM(A1)", "#REF!", "1,997.20", "TRUE"])
def test_text_stays_text(text: str) -> None:
    cell = only(workbook([small([Cell(text)])]))["A4"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_characters_that_no_workbook_holds_are_left_out() -> None:
    assert only(workbook([small([Cell("甲\x00\x0b乙")], title="标\x01题")]))["A4"].value == "甲乙"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["收入/支出[甲]*?:\\"], ["收入_支出_甲_____"]),
        (["表", "表", "表"], ["表", "表（2）", "表（3）"]),
        (["长" * 40, "长" * 40], ["长" * 31, "长" * 28 + "（2）"]),
        ([""], ["表"]),
    ],
)
def test_sheet_names_are_ones_that_a_workbook_takes(names: list[str], expected: list[str]) -> None:
    forms = [small([Cell("甲")], name=name) for name in names]
    assert sheet_names(forms) == expected
    assert opened(workbook(forms)).sheetnames == expected


def test_it_is_ready_for_a4_paper() -> None:
    form = next(form for form in FORMS if form.id == "fund:employee")
    sheet = only(workbook([form], "附件4"))
    assert (sheet["A1"].value, sheet["A2"].value, sheet["C3"].value) == ("附件4", form.title, "单位：万元")
    assert sheet.page_setup.paperSize == int(sheet.PAPERSIZE_A4)
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
        "portrait",
        1,
        0,
    )
    assert sheet.print_title_rows == "$1:$4"
    assert sheet["A2"].font.name == "方正小标宋简体"
    assert sheet["B6"].font.name == "宋体"
    assert sheet["B6"].border.left.style == "thin"


def test_a_wide_form_lies_on_its_side() -> None:
    form = next(form for form in FORMS if form.id == "government_fund")
    assert only(workbook([form])).page_setup.orientation == "landscape"


def test_a_draft_says_so_on_every_sheet() -> None:
    book = opened(workbook(FORMS, "附件1", draft=True))
    assert len(book.worksheets) == len(FORMS)
    for sheet in book.worksheets:
        assert "【草稿】" in sheet["A1"].value
        assert sheet.oddHeader.center.text == "草稿"
    assert "草稿" not in str(opened(workbook(FORMS)).worksheets[0]["A1"].value)


def test_the_same_form_gives_the_same_bytes() -> None:
    assert workbook(FORMS) == workbook(FORMS)
    times = {info.date_time for info in zipfile.ZipFile(io.BytesIO(workbook(FORMS))).infolist()}
    assert times == {(1980, 1, 1, 0, 0, 0)}
