"""Office paper: lists and workbooks with what paper has. A title, headers on every page, subtotals and totals between the rows,
a second sheet with notes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from yibao.demo.export_words import headings, words
from yibao.demo.settings import CITY_NAME, COUNTY_NAME
from yibao.vocabulary.tables import SCALES, Column, Table

PAGE = 48  #: rows of a printed page
ENCODING = "gbk"
#: tables that arrive as workbooks: what they are summed up by
WORKBOOKS = {
    "provider_beds": None, "bank_lines": "bank_date", "fund_budgets": None, "dip_groups": None, "dip_results": "provider_code",
    "dip_monthly": "service_month", "dip_point_values": None, "dip_clearing": "insurance_type",
    "dip_assessments": "insurance_type", "dip_deductions": None,
}  # fmt: skip
#: tables of which each value of a column comes as a workbook of its own
APART = {"dip_groups": "pack_version"}
#: tables that arrive as printed lists: pages in a CSV
PRINTED = {"tax_receipts": "tax_date"}
NOT_SUMMED = ("bank_balance", "group_mean_cost", "region_mean_cost")
_NOTES = ("一、本表由有关单位提供，金额单位为元。", "二、合计、小计为各行之和。", "三、空白为没有内容。")
_CITY_NOTES = {
    "dip_groups": ("四、病种分值＝病种次均费用÷区域次均费用×1000，次均费用为前三年加权。", "五、综合病种按类目和治疗方式归入，不看具体手术操作。"),
    "dip_results": ("四、结算点数＝病种分值×机构系数×偏差系数，保留四位小数。", "五、费用偏差率＝医疗费总额÷（病种次均费用×机构系数）。", "六、基层病种、未入组病例的机构系数为1。"),
    "dip_monthly": ("四、全区应付＝点数×预算点值×预算支付比例，按点数分到各机构，尾差按最大余数。", "五、实拨＝应付－质量保证金。"),
    "dip_point_values": ("四、清算点值＝基金总额÷支付比例÷总点数。",),
    "dip_clearing": ("四、应付为基金总额按点数分配。", "五、清算金额＝（应付＋结余留用与超支分担）×考核系数－审核扣款。", "六、应补拨＝清算金额－已拨月预结算－已拨预付金。"),
    "dip_assessments": ("四、考核系数用于年终清算。",),
    "dip_deductions": ("四、扣款月份空白的，在年终清算中扣。",),
}  # fmt: skip


def printed(folder: Path, table: Table, files: Sequence[Path]) -> int:
    """A printed list as a CSV; its rows."""
    by = PRINTED[table.name]
    rows = sorted(_rows(files), key=lambda row: row[by])
    with (folder / f"{table.label}.csv").open("w", encoding=ENCODING, newline="") as out:
        for cells in paper(table, rows, by):
            out.write(",".join(cells) + "\r\n")
    return len(rows)


def workbooks(folder: Path, table: Table, files: Sequence[Path]) -> int:
    """A workbook, or one a month where the table is cut so, or one for each value of a column; their rows."""
    by_month = table.partition is not None and table.partition.by == "month"
    if by_month:
        parts = {"-" + "".join(path.stem.split("-")[:2]): _rows([path]) for path in files}
    else:
        parts = {}
        for row in _rows(files):
            parts.setdefault(f"-{row[APART[table.name]]}" if table.name in APART else "", []).append(row)
    for name, rows in parts.items():
        _workbook(folder / f"{table.label}{name}.xlsx", table, rows)
    return sum(map(len, parts.values()))


def paper(table: Table, rows: list[dict[str, Any]], by: str | None) -> Iterator[list[str]]:
    """Title, page after page with its header, a subtotal where what it is summed up by changes, the total at the end."""
    heads = headings(table)
    yield [f"{CITY_NAME if table.name in _CITY_NOTES else COUNTY_NAME}{table.label}"]
    yield ["单位：元", "", f"共 {len(rows)} 行"]
    some: list[dict[str, Any]] = []
    for number, row in enumerate(rows):
        if number % PAGE == 0:
            yield heads
        if by and some and _part(row[by]) != _part(some[-1][by]):
            yield _sum_row(table, "小计", some)
            some = []
        some.append(row)
        yield [_cell(row[column.name], column) for column in table.columns]
    if by:
        yield _sum_row(table, "小计", some)
    if _summed(table):
        yield _sum_row(table, "合计", rows)


def _part(value: Any) -> Any:
    """Rows of one part are summed up together: a month of days, or the value."""
    return (value.year, value.month) if hasattr(value, "month") else value


def _rows(files: Sequence[Path]) -> list[dict[str, Any]]:
    return [row for path in files for row in pq.read_table(path).to_pylist()]


def _cell(value: Any, column: Column) -> str:
    if value is None:
        return ""
    if digits := SCALES.get(column.type):
        text = f"{Decimal(value).scaleb(-digits):f}"
        return text if column.type == "money" else text.rstrip("0").rstrip(".")
    if column.type == "flag":
        return "是" if value else "否"
    return words(column).get(value, str(value))


def _summed(table: Table) -> list[str]:
    return [name for name in table.money if name not in NOT_SUMMED]


def _sum_row(table: Table, label: str, rows: list[dict[str, Any]]) -> list[str]:
    """A total row: the label in the first column, sums under the money that can be summed."""
    summed = _summed(table)
    cells = [_cell(sum(row[c.name] or 0 for row in rows), c) if c.name in summed else "" for c in table.columns]
    return [label, *cells[1:]]


def _workbook(path: Path, table: Table, rows: list[dict[str, Any]]) -> None:
    """A workbook with the data on its first sheet and notes on the second."""
    by = WORKBOOKS[table.name]
    if by:
        rows.sort(key=lambda row: row[by])
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = table.label
    for cells in paper(table, rows, by):
        sheet.append([_number(cell, i, table) for i, cell in enumerate(cells)])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(table.columns))
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=14), Alignment(horizontal="center")
    notes = book.create_sheet("填表说明")
    for line in (*_NOTES, *_CITY_NOTES.get(table.name, ())):
        notes.append([line])
    book.save(path)


def _number(text: str, place: int, table: Table) -> str | Decimal | int:
    """Exact numbers as numbers, as a workbook has them; codes and months stay text."""
    column = table.columns[place] if place < len(table.columns) else None
    if column is None or not text or column.type not in SCALES or column.type == "month":
        return text
    try:
        return Decimal(text) if SCALES[column.type] else int(text)
    except (ArithmeticError, ValueError):
        return text
