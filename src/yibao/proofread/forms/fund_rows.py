"""The rows of a social-insurance fund table: which figure each one is, and which rows a total consists of.

Two layouts occur (guide §6.1): the bureau's, where the total stands above its items, and the finance department's, with
income on the left, expense on the right and totals below. Words decide the figure, numbering decides what adds up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from yibao.proofread.forms.grid import Grid, Row

INCOME, EXPENSE = "income", "expense"
BALANCES = ("opening", "closing", "balance")
TOTALS = ("total", "subtotal", "grand", "from_above", "from_below", "to_below", "to_above")

# the first pattern that fits names the figure; "{side}" stands for income or expense
_ROLES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        ("opening", r"(?:期初|年初|上年(?:末|度|底)?|上期(?:末)?).{0,8}(?:结余|余额|结存|结转)"),
        ("closing", r"(?:期末|年末|年终|累计|滚存).{0,8}(?:结余|余额|结存)|累计结余|结余累计"),
        ("balance", r"(?:当期|本年|当年|本期|年度|收支).{0,8}(?:结余|赤字|缺口)|^结余$|收支差额"),
        ("income.from_above", r"上级补助"),
        ("income.from_below", r"下级上解"),
        ("expense.to_below", r"补助下级"),
        ("expense.to_above", r"上解上级"),
        ("{side}.grand", r"总计$"),
        ("{side}.subtotal", r"小计$"),
        ("{side}.total", r"合计$|^(?:本年|当期|当年|基金|总|累计|本期)*(?:收入|支出)$|基金(?:累计|总)?(?:收入|支出)$"),
        ("income.premium", r"(?:保险费|缴费|征缴|费)收入|^缴费$|^(?:社会|医疗)?保险费$"),
        ("income.interest", r"利息"),
        ("income.subsidy", r"财政补[贴助]"),
        ("income.investment", r"投资收益"),
        ("income.collective", r"集体补助"),
        ("income.transfer", r"转移收入"),
        ("income.other", r"其他收入|其它收入"),
        ("expense.catastrophic", r"大病保险"),
        ("expense.benefit", r"待遇"),
        ("expense.transfer", r"转移支出"),
        ("expense.other", r"其他支出|其它支出"),
    )
)
_FUNDS = (
    ("pension", re.compile(r"养老")),
    ("unemployment", re.compile(r"失业")),
    ("injury", re.compile(r"工伤")),
    ("supplement", re.compile(r"大额|补充|公务员")),
    ("employee", re.compile(r"职工|城职")),
    ("resident", re.compile(r"居民|新农合|新型农村合作")),
    ("maternity", re.compile(r"生育")),
    ("care", re.compile(r"长期护理|长护")),
    ("aid", re.compile(r"医疗救助")),
)
FUND_NAMES = {"employee": "职工医保", "resident": "居民医保", "maternity": "生育保险", "care": "长期护理保险",
              "aid": "医疗救助", "pension": "养老保险", "unemployment": "失业保险", "injury": "工伤保险", "supplement": "补充医疗保险", "": "基金"}  # fmt: skip
_ALL = re.compile(r"(?:全部|各项|基金)?(?:合计|总计)")
_PART = re.compile(r"(?:城镇|职工|基本|医疗|保险)*(统筹|个人账户|个人帐户|个账)(?:基金)?(?:收入|支出|部分)?")


@dataclass(frozen=True, slots=True)
class FundRow:
    """A row with its figure ("income.premium"), "" where the words name none; `part` is 统筹, 个人账户 or ""."""

    row: Row
    role: str
    side: str
    fund: str
    part: str

    @property
    def item(self) -> bool:
        """A row that is no total, transfer or balance."""
        return bool(self.side) and self.role.rpartition(".")[2] not in TOTALS and self.role not in BALANCES


@dataclass(slots=True)
class Side:
    """The rows of one side of one fund: `items` make the subtotal, `extras` stand beside it, `loose` may be either."""

    items: list[FundRow] = field(default_factory=list)
    extras: list[FundRow] = field(default_factory=list)
    loose: list[FundRow] = field(default_factory=list)
    children: list[tuple[FundRow, list[FundRow]]] = field(default_factory=list)


def fund_in(text: str) -> str:
    """The fund that a title, header or label names: "employee", "resident", … or ""."""
    return next((fund for fund, pattern in _FUNDS if pattern.search(text)), "")


def part_in(text: str) -> str:
    """统筹 or 个人账户 where a label is nothing else."""
    m = _PART.fullmatch(text)
    return "" if m is None else "统筹" if m[1] == "统筹" else "个人账户"


def side_in(text: str) -> str:
    """income or expense where the words say one of them only.

    >>> side_in("上解上级支出"), side_in("本年收支结余"), side_in("利息")
    ('expense', '', '')
    """
    income, expense = "收入" in text, "支出" in text
    return INCOME if income and not expense else EXPENSE if expense and not income else ""


def role_in(name: str, side: str) -> str:
    """The figure that a label names, "" for none. `side` completes 合计, 小计, 总计.

    >>> role_in("收入小计", ""), role_in("合计", "expense"), role_in("上年滚存结余", ""), role_in("住院费用", "expense")
    ('income.subtotal', 'expense.total', 'opening', '')
    """
    side = side_in(name) or side
    for role, pattern in _ROLES:
        if pattern.search(name):
            if role.startswith("{side}"):
                return role.format(side=side) if side else ""
            return role
    return ""


def read_rows(grid: Grid, col: int, side: str, fund: str) -> list[FundRow]:
    """The labelled rows that belong to a value column. `side` is fixed in a two-sided table; `fund` is the title's.

    A label that names a fund opens a block of its own, and so does one that is nothing but 统筹基金 or 个人账户.
    """
    reader = _Reader(side, fund)
    filled = {r for r, c in grid.quantities if c in {v.index for v in grid.value_columns}}
    return [reader.read(row, heading=row.index not in filled) for row in grid.rows(col)]


class _Reader:
    """Walks down the labels and remembers side, fund and part."""

    def __init__(self, side: str, fund: str) -> None:
        self.fixed = self.side = side
        self.home = self.fund = fund
        self.part = ""
        self.headed = False  # a heading without figures named the fund: its block lasts until the next heading

    def read(self, row: Row, *, heading: bool) -> FundRow:
        self.side = self.fixed or side_in(row.name) or self.side
        role = role_in(row.name, self.side)
        if role in BALANCES:
            self.side, self.part = self.fixed, ""
        self._turn_fund(row, role, heading)
        part = "" if row.subset or row.rank is None or role else part_in(row.name)
        if part and self.side:
            self.part, role = part, f"{self.side}.total"
        elif role and role.rpartition(".")[2] in TOTALS:
            self.part = ""
        return FundRow(row, role, self.side, self.fund, self.part)

    def _turn_fund(self, row: Row, role: str, heading: bool) -> None:
        named = "" if row.subset else fund_in(row.name)
        if named and not role and heading:
            self.fund, self.side, self.headed, self.part = named, self.fixed, True, ""
        elif named and role.endswith(".total"):
            self.fund, self.headed = named, False
        elif self.headed and row.rank == 1 and _ALL.fullmatch(row.name):
            self.fund, self.side = self.home, self.fixed
        elif not self.headed and self.fund != self.home and role.endswith((".total", ".grand")):
            self.fund = self.home


def sides(rows: Iterable[FundRow]) -> dict[tuple[str, str, str], Side]:
    """(fund, part, side) → what adds up there."""
    groups: dict[tuple[str, str, str], list[FundRow]] = {}
    for row in rows:
        groups.setdefault((row.fund, row.part, row.side), []).append(row)
    return {key: _side(group) for key, group in groups.items()}


def _side(rows: list[FundRow]) -> Side:
    """Which rows are items: those of the rank at which the known items stand; without numbering the known items."""
    found = Side()
    known = [r for r in rows if r.item and r.role and not r.row.subset]
    ranks = [r.row.rank for r in known if r.row.rank is not None]
    rank = min(ranks) if ranks else None
    parent: FundRow | None = None
    below = False  # inside a list that 其中 has opened
    for row in rows:
        if not row.side and not row.role:
            if parent is not None and part_in(row.row.name):
                _adopt(found, parent, row)
            continue
        if not row.item:
            parent, below = row, False
            continue
        under_total = parent is not None and not parent.item
        below = row.row.subset or (below and (under_total or (row.row.rank is None and not row.role)))
        if below or (rank is not None and (row.row.rank is None or row.row.rank > rank)):
            _adopt(found, parent, row)
        elif rank is not None and row.row.rank is not None and row.row.rank < rank:
            found.extras.append(row)
            parent = row
        else:
            (found.items if rank is not None or row.role else found.loose).append(row)
            parent = row
    return found


def _adopt(side: Side, parent: FundRow | None, row: FundRow) -> None:
    if parent is None:
        return
    if side.children and side.children[-1][0] is parent:
        side.children[-1][1].append(row)
    else:
        side.children.append((parent, [row]))
