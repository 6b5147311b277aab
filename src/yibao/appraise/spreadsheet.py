"""数据/*.xlsx: typed figures, a row each. Columns by name in the first row; see COLUMNS.

A cell counts as it is printed: text as it stands, a number in the decimals of its format. Formulas, percent formats,
dates and error values are refused with the cell's address: nobody can see what was meant. A sheet whose name begins
with 说明 is not read.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from yibao.appraise.declared import YEAR
from yibao.appraise.entries import Row, typed_from
from yibao.appraise.typed import Source, Typed, is_blank
from yibao.errors import UserError

LIMIT = 5_000_000  #: bytes of the file
UNPACKED = 50_000_000  #: bytes of its parts
ROWS = 20_000
WIDTH = 40
COLUMNS = ("指标", "所属", "范围", "年度", "口径", "数值", "单位", "文件", "表", "位置")
REQUIRED = ("指标", "数值", "文件")
_PLAIN = re.compile(r"(?:#,##)?0(?:\.(?P<places>0+))?_?\s?")


def read_spreadsheet(path: Path, shown: str, year: int) -> Iterator[Typed]:
    """The figures of one workbook; `year` is the year of the folder. UserError with file, sheet and cell."""
    _refuse_size(path, shown)
    try:
        book = load_workbook(path, data_only=False, keep_links=False)
    except Exception as error:  # openpyxl raises anything on a damaged file
        raise UserError(f"“{shown}”打不开，可能已损坏或不是 .xlsx 文件，请用 Excel 或 WPS 另存后再运行。") from error
    sheets = [sheet for sheet in book.worksheets if not sheet.title.startswith("说明")]
    if not any(sheet.max_row > 1 for sheet in sheets):
        raise UserError(f"“{shown}”是空的，请填写，或删去这个文件。")
    for sheet in sheets:
        if sheet.max_row > ROWS or sheet.max_column > WIDTH:
            raise UserError(f"“{shown}”工作表“{sheet.title}”超过 {ROWS} 行或 {WIDTH} 列，请删去多余的行列。")
        yield from _read_sheet(sheet, shown, year)


def _refuse_size(path: Path, shown: str) -> None:
    try:
        if path.stat().st_size > LIMIT:
            raise UserError(f"“{shown}”超过 {LIMIT // 1_000_000} MB，不像是填报的数，没有读取。请检查放错了文件没有。")
        with zipfile.ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > UNPACKED:
                raise UserError(f"“{shown}”解压后超过 {UNPACKED // 1_000_000} MB，没有读取。请检查放错了文件没有。")
    except zipfile.BadZipFile as error:
        raise UserError(f"“{shown}”不是 .xlsx 文件，请用 Excel 或 WPS 另存为 .xlsx 后再运行。") from error
    except OSError as error:
        raise UserError(f"“{shown}”打不开（{error.strerror}），请检查文件和权限。") from error


def _read_sheet(sheet: Any, shown: str, year: int) -> Iterator[Typed]:
    rows = sheet.iter_rows()
    places = _places(next(rows), shown, sheet.title)
    for cells in rows:
        texts = {name: _text(cells[at], shown, sheet.title) for name, at in places.items()}
        if not any(texts.values()):
            continue
        where = Source(
            texts["文件"], texts.get("表", ""), texts.get("位置", ""), shown, f"{sheet.title}!{cells[0].row} 行"
        )
        if not texts["文件"]:
            raise UserError(f"“{shown}”{where.at}没有写“文件”（数字的来源），请补上。")
        if not is_blank(texts["数值"]):
            yield typed_from(_row(texts, where, year))


def _row(texts: dict[str, str], where: Source, year: int) -> Row:
    said = texts.get("年度", "").removesuffix("年")
    if said and not YEAR.fullmatch(said):
        raise UserError(f"“{where.file}”{where.at}的年度“{said}”应是四位数，如 {year}，请改正。")
    own = texts.get("所属", "")
    return Row(
        texts["指标"],
        texts.get("范围", ""),
        int(said) if said else year,
        texts.get("口径", ""),
        texts["数值"],
        texts.get("单位", ""),
        "",
        where,
        (own,) if own else (),
    )


def _places(header: tuple[Any, ...], shown: str, title: str) -> dict[str, int]:
    names = [str(cell.value or "").strip() for cell in header]
    for name in names:
        if name and (name not in COLUMNS or names.count(name) > 1):
            raise UserError(
                f"“{shown}”工作表“{title}”第 1 行的“{name}”不是列名或写了两次，列名有：{'、'.join(COLUMNS)}。"
            )
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise UserError(f"“{shown}”工作表“{title}”第 1 行缺少列“{'”“'.join(missing)}”，请照模板补上。")
    return {name: at for at, name in enumerate(names) if name}


def _text(cell: Any, shown: str, title: str) -> str:
    """What the cell prints; UserError for what prints something else than it holds."""
    value, place = cell.value, f"“{shown}”{title}!{cell.coordinate}"
    if value is None:
        return ""
    if isinstance(value, str) and cell.data_type == "s":
        return value.strip()
    if cell.data_type == "f":
        raise UserError(f"{place} 是公式，看不到印出来的数，请粘贴为数值。")
    if cell.data_type == "e":
        raise UserError(f"{place} 是错误值“{value}”，请改成数字。")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UserError(f"{place} 不是数字也不是文字，请改成文本格式后重填。")
    return _printed(value, str(cell.number_format), place)


def _printed(value: int | float, form: str, place: str) -> str:
    """A number in the decimals of its format; General shows what it holds."""
    exact = Decimal(repr(value))
    if not exact.is_finite():
        raise UserError(f"{place} 不是一个数，请改正。")
    if form in ("General", "@"):
        return f"{exact:f}".removesuffix(".0")
    plain = _PLAIN.fullmatch(form)
    if plain is None:
        raise UserError(f"{place} 的数字格式“{form}”看不出印出来的数，请改成文本格式，照印件填写。")
    shown = exact.quantize(Decimal(1).scaleb(-len(plain["places"] or "")))
    if shown != exact:
        raise UserError(f"{place} 显示为 {shown:f}，存的却是 {exact:f}，请照印件填写。")
    return f"{shown:f}"
