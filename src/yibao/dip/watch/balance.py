"""盈亏: what is due by points against what was booked when the stays were settled, by hospital and by disease.

What is due to a hospital of a scheme is shared among its cases by points, to the fen (largest remainder), so that diseases add up to hospitals.
Cases are those settled in the year: the clock of the payment, not of the discharge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from yibao.dip.watch.sums import apportioned, per
from yibao.dip.watch.texts import rows
from yibao.store.workspace import Workspace

#: where an amount that is due may stand, the best first: text, whose, what it is called
SOURCES = (
    ("cleared", "own", "自算的年终清算"),
    ("cleared", "city", "市里的年终清算"),
    ("months", "own", "自算的月预结算合计（预付口径，未清算）"),
    ("months", "city", "市里的月预结算合计（预付口径，未清算）"),
)
Key = tuple[str, str]  #: hospital, scheme


@dataclass(frozen=True)
class Line:
    """Cases of a hospital, a scheme and a disease (空 is 未入组); money in fen, points 10⁻⁶."""

    hospital: str
    scheme: str
    group: str
    cases: int
    points: int
    cost: int
    booked: int
    due: int | None

    @property
    def result(self) -> int | None:
        """Due − booked: what the hospital keeps (+) or loses (−)."""
        return None if self.due is None else self.due - self.booked


@dataclass(frozen=True)
class Balance:
    """The lines, what the amounts due are called (空: none are there), and hospitals that are due nothing known."""

    lines: tuple[Line, ...]
    source: str
    without_due: tuple[Key, ...] = ()


@dataclass(frozen=True)
class Sum:
    """Lines added up; `due` is None where any of them has none."""

    cases: int
    cost: int
    booked: int
    due: int | None

    @property
    def result(self) -> int | None:
        return None if self.due is None else self.due - self.booked

    @property
    def booked_rate(self) -> int | None:
        """Booked ÷ due in 10⁻⁴ (guide dip §9: r): below 100 % the hospital keeps money."""
        return per(self.booked, self.due, 10_000) if self.due and self.due > 0 else None


def due_amounts(workspace: Workspace, year: int) -> tuple[dict[Key, int], str]:
    """What each hospital is due by scheme, and from where; nothing where nobody has computed it yet."""
    for text, whose, said in SOURCES:
        if found := rows(workspace, text, year=year, whose=whose):
            return {(r["provider_code"], r["insurance_type"]): r["dip_payable"] for r in found}, said
    return {}, ""


def balance(results: pa.Table, due: Mapping[Key, int], source: str) -> Balance:
    """Results (one row a stay) added up by hospital, scheme and disease, each with its share of what is due."""
    keys = ["provider_code", "insurance_type", "dip_group_code"]
    sums = [("visit_id", "count"), ("dip_points", "sum"), ("total_fee", "sum"), ("booked_pay", "sum")]
    grouped = results.group_by(keys).aggregate(sums).to_pylist()
    of: dict[Key, list[dict[str, object]]] = defaultdict(list)
    for row in sorted(grouped, key=lambda r: tuple(r[k] or "" for k in keys)):
        of[row["provider_code"], row["insurance_type"]].append(row)
    lines: list[Line] = []
    for key, mine in of.items():
        shares = apportioned(due[key], [_int(r["dip_points_sum"]) for r in mine]) if key in due else [None] * len(mine)
        lines += [_line(key, row, share) for row, share in zip(mine, shares, strict=True)]
    return Balance(tuple(lines), source, tuple(key for key in of if key not in due) if source else ())


def added(lines: list[Line]) -> Sum:
    due = None if any(line.due is None for line in lines) else sum(line.due or 0 for line in lines)
    return Sum(sum(x.cases for x in lines), sum(x.cost for x in lines), sum(x.booked for x in lines), due)


def _line(key: Key, row: Mapping[str, object], share: int | None) -> Line:
    cases, points, cost, booked = (
        _int(row[n]) for n in ("visit_id_count", "dip_points_sum", "total_fee_sum", "booked_pay_sum")
    )
    return Line(*key, str(row["dip_group_code"] or ""), cases, points, cost, booked, share)


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0
