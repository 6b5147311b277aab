"""Rows that slipped: two tables over the same items print the same amounts in another order (guide §7.7).

The version that the class totals, the economic items, the row sums and the narrative support is taken as right; the tables
of the other version are the victims. However many tables were filled from the shifted one, it is one finding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import combinations

from yibao.proofread.checks.accounts_across import class_sums
from yibao.proofread.checks.accounts_soft import CLOSE
from yibao.proofread.checks.accounts_sums import Accounts
from yibao.proofread.findings import Check, Evidence, Operand, Verdict
from yibao.proofread.forms.accounts_table import Account, Line
from yibao.proofread.forms.accounts_words import item_name, words
from yibao.proofread.forms.facts import Fact
from yibao.proofread.forms.grid import Number

FEWEST = 3  #: rows that must have moved
COLUMNS = ("total", "basic", "project")
KINDS = ("income", "expense", "general")
MOST_RELATED = 40


@dataclass(frozen=True, slots=True)
class Version:
    """Amounts by item code: one column of one table, or the item list of the narrative (`account` None)."""

    name: str
    column: str
    values: Mapping[str, Number | Fact]
    account: Account | None = None

    def value(self, key: str) -> Decimal:
        found = self.values[key]
        return found.value if isinstance(found, Number) else found.quantity.base


@dataclass(frozen=True, slots=True)
class Shift:
    """What moved: the keys, the right and the wrong versions, and the cells to exchange in every wrong table."""

    keys: tuple[str, ...]
    right: tuple[Version, ...]
    wrong: tuple[Version, ...]
    decided: bool  #: False where nothing tells the right version from the wrong one
    moves: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict
    )  #: table kind → row code → code of the row that holds its amounts
    whole_rows: bool = True


def find_shifts(accounts: Accounts, text: Sequence[Fact] = ()) -> list[Shift]:
    """The shifts among the item tables of one set and the narrative, at most one for each column of amounts."""
    found: list[Shift] = []
    for column in COLUMNS:
        versions = [*_tables(accounts, column), *_narrative(accounts, text, column)]
        if any(s.whole_rows for s in found):
            break
        shift = _shift(accounts, versions)
        if shift is not None:
            found.append(shift)
    return found


def _tables(accounts: Accounts, column: str) -> Iterator[Version]:
    for kind in KINDS:
        account = accounts.get(kind)
        if account is None:
            continue
        leaves = _leaves(account)
        values = {x.code: n for x in leaves if (n := x.amounts.get(column)) is not None}
        if len(values) >= FEWEST:
            yield Version(account.title or kind, column, values, account)


def _leaves(account: Account) -> list[Line]:
    """Items without items below them, each code once; a code printed twice cannot be told apart."""
    items = list(account.items())
    times = Counter(x.code for x in items)
    parents = {x.code[:n] for x in items for n in (3, 5) if n < len(x.code)}
    return [x for x in items if times[x.code] == 1 and x.code not in parents]


def _narrative(accounts: Accounts, text: Sequence[Fact], column: str) -> Iterator[Version]:
    """The item list of the narrative, by code or by names that only one item of the tables carries."""
    if column != "total":
        return
    codes: dict[str, set[str]] = {}
    for kind in KINDS:
        if account := accounts.get(kind):
            for line in _leaves(account):
                codes.setdefault(line.name, set()).add(line.code)
    values: dict[str, Number | Fact] = {}
    for fact in text:
        if fact.basis not in ("final", "actual") or fact.scope not in ("", "total"):
            continue
        sort, _, name = fact.figure.partition(":")
        known = {name} if sort == "code" else codes.get(item_name(name), set()) if sort == "item" else set()
        if len(known) == 1:
            values.setdefault(next(iter(known)), fact)
    if len(values) >= FEWEST:
        yield Version("正文分项说明", column, values)


def _shift(accounts: Accounts, versions: Sequence[Version]) -> Shift | None:
    moved = {(a.name, b.name): keys for a, b in combinations(versions, 2) if (keys := _moved(a, b))}
    if not moved:
        return None
    keys = max(moved.values(), key=len)
    groups = _groups([v for v in versions if set(keys) <= set(v.values) or v.account is not None], keys)
    if len(groups) < 2:
        return None
    scored = sorted(((_support(accounts, g, keys), i, g) for i, g in enumerate(groups)), key=lambda s: (-s[0], s[1]))
    right, wrong = scored[0][2], [v for _, _, g in scored[1:] for v in g]
    shift = Shift(tuple(keys), tuple(right), tuple(wrong), scored[0][0] > scored[1][0])
    whole = all(_row_holds(v, k) for v in wrong for k in keys if v.account)
    moves = {v.account.kind: m for v in wrong if v.account and (m := _moves(right[0], v, keys))}
    return replace(shift, moves=moves, whole_rows=whole)


def _moved(a: Version, b: Version) -> list[str]:
    """The keys whose amounts differ while the amounts as a whole are the same: [] for fewer than `FEWEST`."""
    keys = [k for k in a.values if k in b.values and not _near(a, b, k)]
    while keys:
        ours, theirs = Counter(_round(a, k) for k in keys), Counter(_round(b, k) for k in keys)
        common = ours & theirs
        left = [k for k in keys if common[_round(a, k)] and common[_round(b, k)]]
        if len(left) == len(keys):
            break
        keys = left
    if len(keys) < FEWEST or Counter(_round(a, k) for k in keys) != Counter(_round(b, k) for k in keys):
        return []
    return keys if len({_round(a, k) for k in keys}) >= FEWEST else []


def _near(a: Version, b: Version, key: str) -> bool:
    step = max(_step(a, key), _step(b, key))
    return abs(a.value(key) - b.value(key)) <= step


def _step(version: Version, key: str) -> Decimal:
    return version.values[key].quantity.step


def _round(version: Version, key: str) -> Decimal:
    return version.value(key).normalize()


def _groups(versions: Sequence[Version], keys: Sequence[str]) -> list[list[Version]]:
    """Versions that tell the same amounts for the moved keys, in printed order."""
    groups: list[list[Version]] = []
    for v in versions:
        if not all(k in v.values for k in keys):
            continue
        own = next((g for g in groups if sum(_near(g[0], v, k) for k in keys) * 2 > len(keys)), None)
        if own is None:
            groups.append([v])
        else:
            own.append(v)
    return groups


# --- who is right -----------------------------------------------------------------------------------------------------


def _support(accounts: Accounts, group: Sequence[Version], keys: Sequence[str]) -> Decimal:
    """How many third parties agree with a version: class totals, economic items, row sums, the narrative, other tables."""
    one = group[0]
    score = sum(_class_totals(accounts, one, keys)) + sum(_economic(accounts, one, keys))
    rows = sum(_row_holds(v, k) for v in group if v.account for k in keys) - sum(
        not _row_holds(v, k) for v in group if v.account for k in keys
    )
    told = sum(2 for v in group if v.account is None)
    return Decimal(score + told) + Decimal(rows) / 100 + Decimal(len(group)) / 1000


def _class_totals(accounts: Accounts, version: Version, keys: Sequence[str]) -> Iterator[int]:
    """+1 for every 类 total of 01 or 04 that the version's items add up to, −1 for every other."""
    if version.account is None or version.column != "total":
        return
    sums = {
        code: sum((n.value for n in numbers), Decimal(0))
        for code, numbers in class_sums(_leaves_only(version.account)).items()
    }
    for kind, column in (("summary", "total"), ("fiscal", "general")):
        account = accounts.get(kind)
        for line in account.on("expense") if account else ():
            stated = line.amounts.get(column)
            if line.role == "class" and stated is not None and any(k.startswith(line.code) for k in keys if line.code):
                yield 1 if abs(sums.get(line.code, Decimal(0)) - stated.value) <= 2 * stated.quantity.step else -1


def _leaves_only(account: Account) -> Account:
    """The table without its sums: printed 类 rows may be right above shifted items."""
    return replace(account, lines=tuple(_leaves(account)))


def _economic(accounts: Accounts, version: Version, keys: Sequence[str]) -> Iterator[int]:
    basic = accounts.get("basic")
    if basic is None:
        return
    paid = {x.code: x.value() for x in basic.items()}
    for expected in words().expected_equal:
        if set(expected.function) <= set(version.values) and set(expected.function) & set(keys):
            total = sum((version.value(k) for k in expected.function), Decimal(0))
            other = sum((paid.get(c, Decimal(0)) for c in expected.economic), Decimal(0))
            if other:
                yield 1 if abs(total - other) <= abs(other) * CLOSE else -1


def _row_holds(version: Version, key: str) -> bool:
    """Does the row of an item add up as it stands?"""
    line = _line(version.account, key)
    if line is None or "total" not in line.amounts:
        return True
    parts = [
        n
        for c, n in line.amounts.items()
        if c in ("basic", "project", "superior", "business", "subsidiary", "fiscal", "enterprise", "other")
    ]
    if not parts:
        return True
    total = line.amounts["total"]
    return abs(sum((n.value for n in parts), Decimal(0)) - total.value) <= 2 * total.quantity.step


def _line(account: Account | None, key: str) -> Line | None:
    return next((x for x in account.items() if x.code == key), None) if account else None


def _moves(right: Version, wrong: Version, keys: Sequence[str]) -> dict[str, str]:
    """For every row the row of the same table that holds the amount it should have."""
    free = list(keys)
    out = {}
    for key in keys:
        donor = next((k for k in free if _round(wrong, k) == _round(right, key)), None)
        if donor is None:
            return {}
        free.remove(donor)
        out[key] = donor
    return out


# --- the repair -------------------------------------------------------------------------------------------------------


def repaired(accounts: Accounts, shift: Shift) -> dict[str, Account]:
    """The tables with the rows moved back: every cell keeps its place and takes the amount of its donor row."""
    out = dict(accounts)
    for kind, moves in shift.moves.items():
        account = accounts[kind]
        by_code = {x.code: x for x in account.items()}
        column = None if shift.whole_rows else shift.wrong[0].column
        out[kind] = replace(
            account,
            lines=tuple(
                _moved_line(x, by_code[moves[x.code]], column) if x.code in moves and x.side == "" else x
                for x in account.lines
            ),
        )
    return out


def _moved_line(line: Line, donor: Line, column: str | None) -> Line:
    columns = [column] if column else list(dict.fromkeys((*line.amounts, *donor.amounts)))
    amounts = dict(line.amounts)
    for c in columns:
        if c not in donor.amounts:
            amounts.pop(c, None)
        elif c in line.amounts:
            amounts[c] = replace(line.amounts[c], quantity=donor.amounts[c].quantity)
        else:
            amounts[c] = donor.amounts[c]
    return replace(line, amounts=amounts)


def shift_check(accounts: Accounts, shift: Shift) -> Check:
    """The one finding: every affected row, with the amounts it should print."""
    victims = [v for v in shift.wrong if v.account] or list(shift.wrong)
    first = victims[0]
    operands = tuple(_operands(accounts, shift))
    evidence = _evidence(first, shift.keys[0])
    rows = tuple(dict.fromkeys(_evidence(v, k) for v in shift.wrong for k in shift.keys))
    stated = "；".join(f"{_named(first, k)} {_printed(first, k)}" for k in shift.keys)
    proposed = "；".join(_proposal(accounts, shift, k) for k in shift.keys)
    weak = any(v.account is not None and v.account.table.weak for v in (*shift.right, *shift.wrong))
    names = "、".join(f"《{v.name}》" if v.account else v.name for v in shift.wrong)
    others = "、".join(f"《{v.name}》" if v.account else v.name for v in shift.right)
    what = "整行" if shift.whole_rows else f"“{_COLUMN_NAMES[first.column]}”列"
    message = f"{names}与{others}的{len(shift.keys)}个科目数字相同而{what}错位：{stated}"
    message += f"；应为：{proposed}" if shift.decided else f"；两种排列中哪一种正确无法判定，另一种为：{proposed}"
    return Check(
        "row_shift", Verdict.SUSPICIOUS if weak else Verdict.INCONSISTENT, evidence, stated, proposed, message,
        f"填列时{what}错位" if shift.decided else "", related=rows[:MOST_RELATED], operands=operands, group=group_of(shift),
    )  # fmt: skip


_COLUMN_NAMES = {"total": "合计", "basic": "基本支出", "project": "项目支出"}


def group_of(shift: Shift) -> str:
    first = shift.wrong[0]
    return f"row_shift:{first.name}:{first.column}:{shift.keys[0]}"


def _operands(accounts: Accounts, shift: Shift) -> Iterator[Operand]:
    """All affected cells: whole rows of the wrong tables where rows moved, else the one column; facts of the narrative."""
    for v in shift.wrong:
        for k in shift.keys:
            line = _line(v.account, k)
            if line is None or not shift.whole_rows:
                found = v.values[k]
                yield (
                    found.operand
                    if isinstance(found, Number)
                    else Operand(found.key, found.quantity.base, found.evidence)
                )
            else:
                yield from (n.operand for n in line.amounts.values())


def _evidence(version: Version, key: str) -> Evidence:
    return version.values[key].evidence


def _named(version: Version, key: str) -> str:
    line = _line(version.account, key)
    return f"{key} {line.label}" if line else key


def _printed(version: Version, key: str) -> str:
    return version.values[key].quantity.raw


def _proposal(accounts: Accounts, shift: Shift, key: str) -> str:
    """An item with the amounts it should print, split as the row that holds them splits them."""
    wrong, right = shift.wrong[0], shift.right[0]
    text = f"{_named(wrong, key)} {_printed(right, key)}"
    donor = shift.moves.get(wrong.account.kind, {}).get(key) if wrong.account else None
    line = _line(wrong.account, donor) if donor and shift.whole_rows else None
    split = [
        f"{_COLUMN_NAMES[c]}{n.printed}"
        for c in ("basic", "project")
        if line and (n := line.amounts.get(c)) and n.value
    ]
    return f"{text}（{'、'.join(split)}）" if split else text
