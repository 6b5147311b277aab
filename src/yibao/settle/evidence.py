"""What the platform reported, as arrays for inference: one number a settlement, in order of person and time.

Only settlements that stand: reversals and what they took back are left out. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yibao.region.benefits.groups import ORDER as IDENTITY_ORDER
from yibao.region.pack import Pack
from yibao.settle.across_years import crosses
from yibao.settle.arrays import Ints
from yibao.settle.batches import numbers
from yibao.settle.columns import encoded
from yibao.settle.run import ORDER, bills_given, no_bills, parameters_of_bills
from yibao.settle.texts import TEXTS
from yibao.store.workspace import Workspace

Cell = tuple[str, str, int, str, str]  #: scheme, care, hospital level, area, person: words of the rules
_REPORTED = """SELECT s.settlement_id, s.deductible_paid, s.pool_fund_pay, s.counts_as_admission FROM settlements AS s
WHERE s.benefit_year = $year AND s.is_valid"""


@dataclass(frozen=True)
class Evidence:
    """Settlements of a year. Amounts in fen."""

    year: int
    settlement_id: pa.Array
    cells: tuple[Cell, ...]
    cell: Ints  #: place in `cells`
    person: Ints
    provider: Ints
    disease: Ints
    diseases: tuple[str, ...]
    month: Ints
    nth: Ints  #: admission of the year in the scheme, at least 1
    continues: Ints  #: 1 where a stay goes on from the one before
    crosses: Ints  #: 1 where a stay began in an earlier calendar year than it ended
    in_scope: Ints
    deductible: Ints
    pool: Ints

    @property
    def size(self) -> int:
        return int(self.cell.size)

    def where(self, scheme: str, care: str) -> Ints:
        """The places of a scheme's settlements of one care."""
        wanted = np.array([(cell[0], cell[1]) == (scheme, care) for cell in self.cells], bool)
        return np.flatnonzero(wanted[self.cell])


def evidence(workspace: Workspace, pack: Pack, year: int) -> Evidence:
    """The settlements that the platform reported for a benefit year. UserError where there are none."""
    on = date(year, 12, 31)
    order = pack.find(IDENTITY_ORDER, on=on)
    identities = order.value if order else list(workspace.vocabulary.codes["identity_type"].values)
    bills = workspace.query(
        TEXTS["bills"], bills_given(workspace, pack, year, identities), **parameters_of_bills(workspace, pack, year)
    ).read_all()
    bills = bills.sort_by([(name, "ascending") for name in ("person_no", *ORDER)])
    rows = workspace.query(_REPORTED, year=year).read_all()
    place = pc.index_in(bills["bill_id"].combine_chunks(), rows["settlement_id"].combine_chunks())
    taken = pc.is_in(bills["bill_id"], bills["reverses_bill_id"].combine_chunks().drop_null())
    stands = pc.and_(
        pc.is_valid(place), pc.and_(pc.is_null(bills["reverses_bill_id"]), pc.invert(taken)).combine_chunks()
    )
    bills, rows = bills.filter(stands), rows.take(place.filter(stands))
    if not bills.num_rows:
        raise no_bills(year)
    return _arrays(bills, rows, pack, on, year)


def _arrays(bills: pa.Table, rows: pa.Table, pack: Pack, on: date, year: int) -> Evidence:
    words = [pack.value(f"interface.{name}", on=on) for name in ("scheme", "care", "person")]
    columns = [
        encoded(bills[name])
        for name in ("insurance_type", "care_type", "person_category", "hospital_level", "away_kind")
    ]
    packed = np.zeros(bills.num_rows, np.int64)
    for places, values in columns:
        packed = packed * len(values) + places
    _, first, kind = np.unique(packed, return_index=True, return_inverse=True)
    found: dict[Cell, int] = {}
    of_kind = []
    for at in first.tolist():
        scheme, care, person, level, area = (values[places[at]] for places, values in columns)
        said = (*(str(known.get(code, "")) for known, code in zip(words, (scheme, care, person), strict=True)),)
        of_kind.append(found.setdefault((said[0], said[1], int(level or 0), area, said[2]), len(found)))
    cell = np.array(of_kind, np.int64)[kind]
    person, (provider, _), (disease, diseases) = (
        encoded(bills["person_no"])[0],
        encoded(bills["provider_code"]),
        encoded(bills["disease_code"]),
    )
    scheme_of = np.unique([name[0] for name in found], return_inverse=True)[1][cell]
    return Evidence(
        year=year, settlement_id=rows["settlement_id"].combine_chunks(), cells=tuple(found), cell=cell, person=person, provider=provider,
        disease=disease, diseases=tuple(code or "" for code in diseases), month=numbers(bills["discharge_month"]),
        nth=np.maximum(1, running(numbers(rows["counts_as_admission"]), person * 8 + scheme_of)),
        continues=(np.asarray(pc.not_equal(bills["continues"], "new")) | (numbers(bills["is_mid_stay"]) != 0)).astype(np.int64),
        crosses=crosses(bills).astype(np.int64), in_scope=numbers(bills["in_scope_total"]), deductible=numbers(rows["deductible_paid"]), pool=numbers(rows["pool_fund_pay"]),
    )  # fmt: skip


def running(values: Ints, group: Ints) -> Ints:
    """Σ of a group's values up to and with each row, in the order of the rows.

    >>> running(np.array([1, 5, 2, 7]), np.array([0, 1, 0, 1])).tolist()
    [1, 5, 3, 12]
    """
    order = np.argsort(group, kind="stable")
    sums = np.cumsum(values[order])
    starts = np.flatnonzero(np.r_[True, np.diff(group[order]) != 0])
    before = np.r_[0, sums[:-1]][starts]
    found = np.empty_like(values)
    found[order] = sums - np.repeat(before, np.diff(np.r_[starts, len(values)]))
    return found


def most(values: Ints | Sequence[int]) -> int | None:
    """The commonest value, of several the largest; None of none.

    >>> most([5, 7, 7, 5, 9]), most([])
    (7, None)
    """
    found, counts = np.unique(np.asarray(values, np.int64), return_counts=True)
    return int(found[len(found) - 1 - np.argmax(counts[::-1])]) if found.size else None
