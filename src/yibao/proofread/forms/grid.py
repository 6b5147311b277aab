"""A table as rows with labels and columns with header paths: what every form and every check on totals reads.

    项目 | 预算数        |            header of two rows: the second value column has the path ("预算数", "购置")
         | 小计 | 购置   |
    一、 | 4.5  | 0      |            body: a label column and two value columns

Only the first `MAX_COLUMNS` columns are read: no form is wider, and a row of a hostile file may be.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from yibao.proofread.document import Place, Table
from yibao.proofread.findings import Evidence, Operand
from yibao.proofread.forms.facts import FormContext, Key
from yibao.proofread.norm import normalise
from yibao.proofread.quantity import Quantity, is_blank, parse
from yibao.vocabulary.units import UNITS, Unit

MAX_COLUMNS = 120
MAX_HEADER = 8  #: rows; deeper headers do not occur
MAX_NUMBER_TEXT = 40  #: characters; longer cells are prose
MAX_QUOTE = 400  #: characters of a row that a finding shows

ColumnKind = Literal["label", "value", "index", "remark", "empty"]

# 一、 · （一） · 1. · （1） · ①: the five ranks that public-finance tables use, outermost first
_RANKS = (
    re.compile(r"[一二三四五六七八九十百]{1,4}[、.]"),
    re.compile(r"（[一二三四五六七八九十]{1,3}）[、.]?"),
    re.compile(r"\d{1,2}(?:、|\.(?!\d))"),
    re.compile(r"（\d{1,2}）|\d{1,2}）"),
    re.compile(r"[①-⑳]"),
)
_SUBSET = re.compile(r"#?其中[：，、]?")
_SIGN_WORD = re.compile(r"(?:加|减)：")
_UNIT_NAMES = "|".join(sorted((re.escape(u) for u in UNITS), key=len, reverse=True))
_UNIT_NOTE = re.compile(
    rf"（(?:金额)?(?:单位[：]?)?(?:人民币)?(?P<a>{_UNIT_NAMES})）|单位[：]?(?:人民币)?(?P<b>{_UNIT_NAMES})(?![\u4e00-\u9fff])"
)
# rates and counts in a table of money: the table's unit is not theirs
_NO_MONEY = re.compile(r"率$|比例|比重|占比|[%％]|百分比|幅度?$|人[数次]$|[户家个件批团组辆月天]数$|数量$")
_INDEX_HEADER = re.compile(r"编码|代码|编号|行次|序号|栏次")
_REMARK_HEADER = re.compile(r"备注|说明|原因|措施|附注")
_LABEL_HEADER = re.compile(r"项目$|科目名称|名称|机构|单位$|指标[一二三]?$|内容$")
_TOTAL_LABEL = re.compile(r"(?:总|合|小|共)计|汇总")
_LINE_LABEL = re.compile(r"栏次|行次")


def rank_of(text: str) -> int | None:
    """The rank of a row's numbering: 1 一、 2 （一） 3 1. 4 （1） 5 ①; None without numbering.

    >>> rank_of("（二）上级补助收入"), rank_of("其中：1、办公费"), rank_of("2.5"), rank_of("合计")
    (2, 3, None, None)
    """
    clean = _SUBSET.sub("", normalise(text).text, count=1)
    return next((i for i, p in enumerate(_RANKS, start=1) if p.match(clean)), None)


def is_subset(text: str) -> bool:
    """True for a label that opens a part which need not exhaust its whole: 其中：…"""
    return _SUBSET.match(normalise(text).text) is not None


def clean_label(text: str) -> str:
    """A label without numbering, 其中, blanks, its unit and a closing colon.

    >>> clean_label("其中：1. 办公 费（万元）："), clean_label("（一）收 入 小 计")
    ('办公费', '收入小计')
    """
    clean = normalise(text).text
    for _ in range(3):
        before = clean
        clean = _SIGN_WORD.sub("", _SUBSET.sub("", clean, count=1), count=1)
        for pattern in _RANKS:
            clean = pattern.sub("", clean, count=1) if pattern.match(clean) else clean
        if clean == before:
            break
    return _UNIT_NOTE.sub("", clean).strip("：，、。")


def declared_unit(text: str) -> Unit | None:
    """The unit that a header, caption or note declares: （万元）, 单位：万元.

    >>> declared_unit("预算数(万元)").symbol, declared_unit("单位名称：某某局")
    ('万元', None)
    """
    m = _UNIT_NOTE.search(normalise(text).text)
    return UNITS[m["a"] or m["b"]] if m else None


def cell_quantity(text: str) -> Quantity | None:
    """A cell that is one number; None for blanks, prose, calendar years and long digit runs."""
    if len(text) > MAX_NUMBER_TEXT:
        return None
    q = parse(text)
    if q is None or (q.unit is not None and q.unit.symbol in ("年", "年度") and q.value >= 1900):
        return None
    return q


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number of a table with its labels and place."""

    quantity: Quantity
    evidence: Evidence
    key: Key
    label: str  #: the row's clean label
    column: str  #: the column's path, joined by /

    @property
    def operand(self) -> Operand:
        """For the root-cause merger; `value` in base units (元, 人, a fraction for %)."""
        return Operand(self.key, self.quantity.base, self.evidence, self.quantity.half)

    @property
    def printed(self) -> str:
        return self.quantity.raw

    @property
    def value(self) -> Decimal:
        return self.quantity.base


@dataclass(frozen=True, slots=True)
class Column:
    """`path` is the header from the top down; `unit` the one that it declares."""

    index: int
    path: tuple[str, ...]
    kind: ColumnKind
    unit: Unit | None = None

    @property
    def name(self) -> str:
        """The path in one string, without blanks: "决算数/公务用车/小计"."""
        return "/".join(self.path)


@dataclass(frozen=True, slots=True)
class Row:
    """A body row as its first label column names it."""

    index: int
    label: str  #: as printed, blanks dropped
    name: str  #: clean: no numbering, no 其中
    rank: int | None
    subset: bool

    @property
    def is_total(self) -> bool:
        return _TOTAL_LABEL.search(self.name) is not None


@dataclass(frozen=True)
class Grid:
    """A table read. `body` are the rows below the header; `columns` all columns, by index."""

    table: Table
    context: FormContext
    header: int
    columns: tuple[Column, ...]
    body: tuple[Row, ...]
    unit: Unit | None
    quantities: dict[tuple[int, int], Quantity] = field(repr=False, default_factory=dict)
    precision: int = 0  #: decimals that the amounts carry, whole ones printed without them included

    @property
    def value_columns(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.kind == "value")

    @property
    def label_columns(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.kind == "label")

    def label_column(self, col: int) -> int:
        """The nearest label column to the left of a column: two-sided tables have several. 0 if none."""
        return max((c.index for c in self.label_columns if c.index < col), default=0)

    def row(self, row: int, col: int = 0) -> Row:
        """A row as the labels that belong to a column name it."""
        return row_of(self.table, row, self.label_column(col))

    def rows(self, col: int = 0) -> Iterator[Row]:
        """The body rows under the labels that belong to a column, unlabelled ones left out."""
        left = self.label_column(col)
        for row in self.body:
            found = row_of(self.table, row.index, left)
            if not is_blank(found.name):
                yield found

    def blank(self, row: int, col: int) -> bool:
        return is_blank(self.table.text(row, col))

    def number(self, row: int, col: int) -> Number | None:
        """The number printed in a cell, its unit resolved: glued, then column, row label, table, document."""
        q = self.quantities.get((row, col))
        if q is None or not 0 <= col < len(self.columns):
            return None
        label = self.row(row, col)
        unit = q.unit or self._unit(label.label, col)
        quantity = precise(q if unit is q.unit else replace(q, unit=unit), self.precision)
        key = self.context.key(row, col)
        return Number(quantity, self.evidence(row, col), key, label.name, self.columns[col].name)

    def _unit(self, label: str, col: int) -> Unit | None:
        own = self.columns[col].unit or declared_unit(label)
        leaf = self.columns[col].path[-1] if self.columns[col].path else ""
        return own or (None if _NO_MONEY.search(leaf) or _NO_MONEY.search(clean_label(label)) else self.unit)

    def evidence(self, row: int, col: int) -> Evidence:
        """The row's literal text and the cell's place."""
        name = self.columns[col].name if 0 <= col < len(self.columns) else ""
        return cell_evidence(self.table, self.context, row, col, self.row(row, col).label, name)


def table_precision(quantities: Iterable[Quantity]) -> int:
    """The decimals that a table's amounts carry: 5 beside 4.25 and 0.75 is 5.00, its zeros were dropped.

    One number with decimals may be a slip in a table of rounded amounts; two, or a fifth of all, are not.
    """
    amounts = [q for q in quantities if q.dimension in ("money", "") and q.value]
    printed = Counter(q.decimals for q in amounts if q.decimals)
    enough = printed.total() >= 2 or (printed and 5 * printed.total() >= len(amounts))
    return printed.most_common(1)[0][0] if enough else 0


def precise(q: Quantity, decimals: int) -> Quantity:
    """An amount of money with the decimals of its table."""
    return replace(q, decimals=decimals) if q.dimension == "money" and q.decimals < decimals else q


def number_at(
    table: Table, context: FormContext, row: int, col: int, quantity: Quantity, label: str, column: str
) -> Number:
    """A number of a form that reads its own cells."""
    evidence = cell_evidence(table, context, row, col, label, column)
    return Number(quantity, evidence, context.key(row, col), label, column)


def cell_evidence(
    table: Table, context: FormContext, row: int, col: int, row_label: str, column_label: str
) -> Evidence:
    """The row's literal text and the place of one of its cells."""
    cells = table.rows[row] if 0 <= row < len(table.rows) else ()
    place = Place(
        file=context.file, block=context.block, page=table.page, section=context.section, table=table.caption or None,
        row=row, column=col, row_label=row_label or None, column_label=column_label or None,
        address=cells[col].address if 0 <= col < len(cells) else None,
    )  # fmt: skip
    return Evidence(row_quote(table, row, col), place)


def row_quote(table: Table, row: int, col: int) -> str:
    """The literal row; of a very long one the part around the cell."""
    text = table.quote(row)
    if len(text) <= MAX_QUOTE:
        return text
    own = table.text(row, col)[:MAX_QUOTE]
    at = text.rfind(own) if own else len(text)
    end = min(len(text), max(at, 0) + len(own) + MAX_QUOTE // 4)
    return text[max(0, end - MAX_QUOTE) : end].strip()


def row_of(table: Table, row: int, col: int) -> Row:
    """A row named by the text at `col`, or by what a merged cell shows there."""
    raw = table.spread(row, col)
    label = normalise(raw[:MAX_QUOTE]).text
    return Row(row, label, clean_label(label), rank_of(label), is_subset(label))


def read_grid(table: Table, context: FormContext) -> Grid:
    """Header, columns and body rows of any table; an empty table gives an empty grid."""
    width = min(table.width, MAX_COLUMNS)
    quantities = _quantities(table, width)
    header = header_height(table, quantities)
    title = {r for r in range(header) if _is_title(table, r, width, last=r == header - 1)}
    columns = tuple(_column(table, c, header, title, quantities) for c in range(width))
    columns = _settle_labels(columns)
    left = next((c.index for c in columns if c.kind == "label"), 0)
    body = tuple(row_of(table, r, left) for r in range(header, len(table.rows)))
    money = (q for (_, c), q in quantities.items() if not (columns[c].path and _NO_MONEY.search(columns[c].path[-1])))
    return Grid(table, context, header, columns, body, table_unit(table, context), quantities, table_precision(money))


def table_unit(table: Table, context: FormContext) -> Unit | None:
    """The unit of the whole table: declared by the reader, printed in a note, the caption, or the document's own."""
    if table.unit in UNITS:
        return UNITS[table.unit]
    found = next((u for text in (*table.notes, table.caption) if (u := declared_unit(text))), None)
    return found or UNITS.get(context.default_unit)


def _quantities(table: Table, width: int) -> dict[tuple[int, int], Quantity]:
    found: dict[tuple[int, int], Quantity] = {}
    for r, row in enumerate(table.rows):
        for c, cell in enumerate(row[:width]):
            if cell.text and cell.origin is None and (q := cell_quantity(cell.text)) is not None:
                found[r, c] = q
    return found


def header_height(table: Table, quantities: dict[tuple[int, int], Quantity]) -> int:
    """The number of rows above the first row of data; 0 where data start at once."""
    for r, row in enumerate(table.rows[: MAX_HEADER + 1]):
        texts = [cell.text for cell in row[:MAX_COLUMNS] if not is_blank(cell.text)]
        numbers = [q for c in range(min(len(row), MAX_COLUMNS)) if (q := quantities.get((r, c))) is not None]
        if _is_line_row(texts, numbers):
            continue
        first = texts[0] if texts else ""
        if (
            r > 0
            and (rank_of(first) is not None or _TOTAL_LABEL.fullmatch(clean_label(first)) or is_subset(first))
            and not _only_text(texts)
        ):
            return r
        if any(not _is_year(q) for q in numbers):
            return r
        if r > 0 and (rank_of(first) in (1, 2) or _TOTAL_LABEL.fullmatch(clean_label(first))) and len(texts) == 1:
            return r
    return min(len(table.rows), 1)


def _only_text(texts: list[str]) -> bool:
    """合计 | 因公出国费 | 公务接待费: a header row may begin with a total's name."""
    return len(texts) > 1 and all(cell_quantity(t) is None for t in texts[1:])


def _is_line_row(texts: list[str], numbers: list[Quantity]) -> bool:
    """栏次 1 2 3, or 1 2 3 … alone: a row that numbers the columns."""
    if texts and _LINE_LABEL.fullmatch(normalise(texts[0][:MAX_NUMBER_TEXT]).text):
        return True
    values = [q.value for q in numbers]
    return len(values) >= 3 and len(values) == len(texts) and values == [Decimal(i) for i in range(1, len(values) + 1)]


def _is_year(q: Quantity) -> bool:
    return q.unit is None and q.decimals == 0 and 1990 <= q.value <= 2100


def _is_title(table: Table, row: int, width: int, *, last: bool) -> bool:
    """A row with one text only is a title or a unit line, never a column's name; a row of column numbers is neither."""
    texts = [cell.text for cell in table.rows[row][:width] if not is_blank(cell.text)]
    if len(texts) <= 1 and (width > 2 or not last):
        return True
    numbers = [q for t in texts if (q := cell_quantity(t)) is not None]
    return _is_line_row(texts, numbers)


def _column(
    table: Table, col: int, header: int, title: set[int], quantities: dict[tuple[int, int], Quantity]
) -> Column:
    path: list[str] = []
    unit = None
    rows = [r for r in range(header) if r not in title]
    for at in range(len(rows)):
        text = _header_text(table, rows, at, col)
        unit = declared_unit(text) or unit
        name = clean_label(text) if rank_of(text) is None else normalise(text).text
        if name and (not path or path[-1] != name):
            path.append(name)
    return Column(col, tuple(path), _kind(table, col, header, path, quantities), unit)


def _header_text(table: Table, rows: list[int], at: int, col: int) -> str:
    """The header cell of a column; a blank one continues its left neighbour where a lower header row splits it."""
    text = table.spread(rows[at], col)
    if text.strip() or not any(table.spread(r, col).strip() for r in rows[at + 1 :]):
        return text
    left = col - 1
    while left >= 0 and not table.spread(rows[at], left).strip():
        left -= 1
    if left < 0 or not any(table.spread(r, left).strip() for r in (*rows[at + 1 :], *rows[:at])):
        return ""
    if at and _header_text(table, rows, at - 1, left) != _header_text(table, rows, at - 1, col):
        return ""
    return table.spread(rows[at], left)


def _kind(
    table: Table, col: int, header: int, path: list[str], quantities: dict[tuple[int, int], Quantity]
) -> ColumnKind:
    name = "".join(path)
    numbers = texts = 0
    for r in range(header, len(table.rows)):
        text = table.text(r, col)
        if (r, col) in quantities:
            numbers += 1
        elif not is_blank(text):
            texts += 1
    if _INDEX_HEADER.search(name):
        return "index"
    if _REMARK_HEADER.search(name) and numbers <= texts:
        return "remark"
    if not numbers and not texts:
        return "value" if name and not _LABEL_HEADER.search(name) else "empty"
    return "value" if numbers >= texts else "label"


def _settle_labels(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """A table always has a label column on its left: numbers there are codes or ordinals."""
    if not columns or any(c.kind == "label" for c in columns):
        return columns
    first = columns[0]
    if first.path and not _LABEL_HEADER.search(first.name) and first.kind == "value":
        return columns
    return (replace(first, kind="label" if first.kind != "index" else "index"), *columns[1:])
