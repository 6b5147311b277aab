"""Reading a workspace: three years of stays as batches to count, and the names of codes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pyarrow as pa

from yibao.dip.build.count import Counter
from yibao.dip.build.stays import COUNTED, Known, Stays
from yibao.dip.build.terms import Terms
from yibao.dip.fees import LINES, parts_of, read_fees
from yibao.dip.grouping.run import STAYS, put_together
from yibao.errors import UserError
from yibao.store.sql.text import load_texts
from yibao.store.workspace import Workspace

TEXTS = load_texts("yibao.dip.build")
READ = (
    "visits",
    "visit_diagnoses",
    "visit_operations",
    "persons",
    "settlements",
    "providers",
    "icu_stays",
    "fee_lines",
)
_FROM_VISIT = ("visit_id", "provider_code", "hospital_level", "insurance_type", "is_dip", "booked")


class Together:
    """Rows of stays.sql → one row a stay, with what its fee lines say."""

    def __init__(self, lines: pa.Table) -> None:
        self.lines = lines

    def __call__(self, rows: pa.Table) -> pa.Table:
        visits, stays = put_together(rows, self.lines)
        columns = {name: visits[name] for name in _FROM_VISIT}
        columns |= {name: stays[name] for name in stays.schema.names}
        [columns["material"]] = parts_of(self.lines, visits["visit_id"], visits["cost"], ["material"])
        return pa.table([columns[name] for name in COUNTED.names], schema=COUNTED)


def stays_of_year(workspace: Workspace, year: int, *, with_lines: bool) -> Iterator[pa.RecordBatch]:
    """COUNTED rows of the stays discharged in a year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    lines = read_fees(workspace, first, last) if with_lines else LINES.empty_table()
    order = ("part", "place", "code")
    reader = workspace.apply(STAYS, "visit_id", order, Together(lines), COUNTED, first_day=first, last_day=last)
    yield from reader


def paid_stays(workspace: Workspace, year: int) -> pa.Array:
    """Visits of a year that the fund pays by score."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    found = workspace.query(TEXTS["paid_stays"], first_day=first, last_day=last).read_all()
    return found["visit_id"].combine_chunks()


def counted(workspace: Workspace, known: Known, terms: Terms) -> Stays:
    """The three years; UserError where none of them has a stay."""
    counter = Counter(known, terms.every_hospital, terms.longest_stay, len(terms.years))
    for place, year in enumerate(terms.years):
        for batch in stays_of_year(workspace, year, with_lines=True):
            counter.add(batch, place)
    found = counter.done()
    empty = [str(year) for year, number in zip(terms.years, found.reasons.sum(axis=1), strict=True) if not number]
    if len(empty) == len(terms.years):
        raise UserError(f"{'、'.join(empty)} 年都没有出院的住院，没有建立目录。请先导入就诊、诊断和结算，或检查年度。")
    return found


def code_names(workspace: Workspace, terms: Terms) -> dict[str, str]:
    """The most frequent name of each code; of equals the first in order."""
    first, last = date(terms.years[0], 1, 1), date(terms.years[-1], 12, 31)
    best: dict[str, tuple[int, str]] = {}
    for row in workspace.query(TEXTS["code_names"], first_day=first, last_day=last).read_all().to_pylist():
        said: Any = (-row["times"], row["said"])
        best[row["code"]] = min(best.get(row["code"], said), said)
    return {code: said for code, (_, said) in best.items()}
