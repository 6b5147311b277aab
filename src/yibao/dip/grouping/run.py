"""A year of a workspace through the grouper: codes of each stay put together, grouped, written as the table dip_groupings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yibao.dip.auxiliary.facts import FACTS
from yibao.dip.auxiliary.subtype import SUBTYPES
from yibao.dip.choose import Choice
from yibao.dip.fees import parts_of, read_fees
from yibao.dip.grouping.bulk import CASE, BulkGrouper
from yibao.dip.grouping.cases import Case
from yibao.dip.grouping.explain import explain
from yibao.dip.grouping.group import Grouper, with_missing
from yibao.dip.grouping.trace import undecided_codes
from yibao.dip.numbered import Ints
from yibao.errors import UserError
from yibao.store.manifest import Manifest
from yibao.store.schema import arrow_schema
from yibao.store.sql.text import load_texts
from yibao.store.workspace import Workspace

STAYS = load_texts("yibao.dip.grouping")["stays"]
READ = ("visits", "visit_diagnoses", "visit_operations", "persons", "settlements", "providers", "icu_stays")
#: the parts of a stay in stays.sql
VISIT, PRINCIPAL, OTHER, MAIN, RELATED = range(-1, 4)
_CARRIED = ("visit_id", "discharge_time", "provider_code", "insurance_type")
_FEES = ("treatment", "drug")  #: of CASE, from fee lines
_FACT_COLUMNS = ("age_days", "birth_weight_g", "vent_minutes", "cost", *(n for n in FACTS.names if n not in _FEES))


def group_year(workspace: Workspace, choice: Choice, year: int) -> Manifest:
    """Group the stays discharged in a year and write them. UserError where a day has no pack, or the year no stays."""
    batches = grouped_stays(workspace, choice, date(year, 1, 1), date(year, 12, 31))
    first = next((batch for batch in batches if batch.num_rows), None)
    if first is None:
        raise UserError(f"{year} 年没有出院的住院，没有分组。请先导入就诊和诊断，或检查年度。")
    rows = pa.RecordBatchReader.from_batches(batches.schema, chain([first], batches))
    versions = " ".join(sorted(grouper.pack.version[:12] for grouper in choice.groupers))
    reads = (*READ, "fee_lines") if _ask_fees(choice) else READ
    produced = workspace.produced("yibao dip group", reads=reads, year=year, packs=versions)
    return workspace.write("dip_groupings", rows, produced, str(year))


def grouped_stays(
    workspace: Workspace, choice: Choice, first: date, last: date, *, always: bool = False
) -> pa.RecordBatchReader:
    """Rows of dip_groupings of the stays discharged between two days, both included.

    `always`: the choice's one pack groups whatever it is given, also stays of days on which it did not hold.
    """
    schema = arrow_schema(workspace.table("dip_groupings"))
    fees = read_fees(workspace, first, last) if _ask_fees(choice) else None
    return workspace.apply(
        STAYS, "visit_id", ("part", "place", "code"), Grouped(choice, schema, fees, always), schema,
        first_day=first, last_day=last,
    )  # fmt: skip


def _ask_fees(choice: Choice) -> bool:
    """Does a pack split groups by what was paid for treatment or drugs?"""
    packs = (grouper.pack for grouper in choice.groupers)
    return any(pack.auxiliary and pack.manifest.auxiliary and pack.manifest.auxiliary.uses_fees for pack in packs)


class Grouped:
    """Rows of stays.sql → rows of dip_groupings; keeps what it learns from one table to the next."""

    def __init__(self, choice: Choice, schema: pa.Schema, fees: pa.Table | None, always: bool) -> None:
        self.choice, self.schema, self.fees, self.always = choice, schema, fees, always
        self._bulk: dict[int, BulkGrouper] = {}

    def __call__(self, rows: pa.Table) -> pa.Table:
        visits, stays = put_together(rows, self.fees)
        days = pc.cast(visits["discharge_time"], pa.date32())
        used = np.zeros(len(stays), np.int64)
        for day in pc.unique(days).to_pylist():
            found = self.choice.groupers[0] if self.always else self.choice.grouper(day, "有住院 ")
            used[np.asarray(pc.equal(days, pa.scalar(day, pa.date32())))] = self._number(found)
        results = [(number, np.flatnonzero(used == number)) for number in np.unique(used).tolist()]
        parts = [self._grouped(number, stays.take(pa.array(places))) for number, places in results]
        order = np.argsort(np.concatenate([places for _, places in results]), kind="stable")
        grouped = pa.Table.from_batches(parts).take(pa.array(order))
        columns = {name: visits[name] for name in _CARRIED} | {name: grouped[name] for name in grouped.column_names}
        told = [columns[f.name] if f.name in columns else pa.nulls(len(visits), f.type) for f in self.schema]
        return pa.table(told, schema=self.schema)

    def _number(self, grouper: Grouper) -> int:
        number = list(self.choice.groupers).index(grouper)
        self._bulk.setdefault(number, BulkGrouper(grouper))
        return number

    def _grouped(self, number: int, stays: pa.RecordBatch) -> pa.RecordBatch:
        bulk = self._bulk[number]
        found = bulk.group(stays)
        version = pa.array([bulk.grouper.pack.version[:12]] * len(found), pa.string())
        subtypes = bulk.subtypes(stays, found["dip_group_code"])
        told = _with_undecided(found, subtypes["undecided"])
        names = ["pack_version", *told, *SUBTYPES.names]
        return pa.RecordBatch.from_arrays([version, *told.values(), *subtypes.columns], names=names)


def _with_undecided(found: pa.RecordBatch, levels: pa.Array) -> dict[str, pa.Array]:
    """RESULT by column; flags and trace tell the levels of subtypes that could not be decided."""
    columns = {name: found[name] for name in found.schema.names}
    some = pc.greater(pc.list_value_length(levels), 0)
    if not pc.any(some).as_py():
        return columns
    flags, traces = (columns[name].filter(some).to_pylist() for name in ("grouping_flags", "grouping_trace"))
    said = [undecided_codes(names) for names in levels.filter(some).to_pylist()]
    changed = {
        "grouping_flags": [" ".join(with_missing(flag.split(), True)) for flag in flags],
        "grouping_trace": [trace + more for trace, more in zip(traces, said, strict=True)],
    }
    return columns | {
        name: pc.replace_with_mask(columns[name], some, pa.array(values)) for name, values in changed.items()
    }


def put_together(rows: pa.Table, fees: pa.Table | None = None) -> tuple[pa.Table, pa.RecordBatch]:
    """Rows in order of visit and part → one row a visit: what is carried along, and CASE; without fees treatment and drugs are not known."""
    part = rows["part"].to_numpy()
    begins = np.flatnonzero(part == VISIT)
    owner = np.cumsum(part == VISIT) - 1
    visits = rows.take(pa.array(begins))
    codes = rows["code"].combine_chunks()
    columns = [
        _one(codes, part == PRINCIPAL, owner, len(begins)),
        _one(codes, part == MAIN, owner, len(begins)),
        _many(codes, part >= MAIN, _firsts(part == MAIN, owner), owner, len(begins)),
        _many(codes, (part == PRINCIPAL) | (part == OTHER), _firsts(part == PRINCIPAL, owner), owner, len(begins)),
        *(visits[name].combine_chunks() for name in _FACT_COLUMNS),
        *(
            (pa.nulls(len(begins), pa.int64()) for _ in _FEES)
            if fees is None
            else parts_of(fees, visits["visit_id"], visits["cost"], _FEES)
        ),
    ]
    return visits, pa.RecordBatch.from_arrays(columns, schema=CASE)


def _firsts(wanted: Any, owner: Ints) -> Ints:
    """The place of each visit's first row of a kind."""
    places = np.flatnonzero(wanted)
    return places[np.unique(owner[places], return_index=True)[1]]


def _one(codes: pa.Array, wanted: Any, owner: Ints, count: int) -> pa.Array:
    places = _firsts(wanted, owner)
    taken = np.full(count, -1, np.int64)
    taken[owner[places]] = places
    return codes.take(pa.array(taken, mask=taken < 0))


def _many(codes: pa.Array, wanted: Any, firsts: Ints, owner: Ints, count: int) -> pa.Array:
    """All of a kind but the first, which leads."""
    wanted = wanted.copy()
    wanted[firsts] = False
    places = np.flatnonzero(wanted)
    lengths = np.bincount(owner[places], minlength=count)
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), codes.take(pa.array(places)))


def explain_visit(workspace: Workspace, choice: Choice, visit_id: str) -> Iterator[str]:
    """The lines that tell one stay of the workspace; UserError where there is none."""
    sql = "SELECT CAST(v.discharge_time AS DATE) AS day FROM visits AS v WHERE v.visit_id = $visit"
    found = workspace.query(sql, visit=visit_id).read_all()["day"].to_pylist()
    if not found or found[0] is None:
        raise UserError(f"没有就诊ID为“{visit_id}”、已出院的住院。")
    rows = workspace.query(STAYS, first_day=found[0], last_day=found[0]).read_all()
    rows = rows.filter(pc.equal(rows["visit_id"], visit_id))
    rows = rows.sort_by([("part", "ascending"), ("place", "ascending"), ("code", "ascending")])
    if not len(rows):
        raise UserError(f"就诊“{visit_id}”不是住院。")
    fees = read_fees(workspace, found[0], found[0]) if _ask_fees(choice) else None
    stay = put_together(rows, fees)[1].to_pylist()[0]
    return explain(choice.grouper(found[0], f"就诊 {visit_id} "), _case(visit_id, stay))


def _case(visit_id: str, stay: dict[str, Any]) -> Case:
    minutes = stay["vent_minutes"]
    cost, treatment, drug = (None if stay[name] is None else Decimal(stay[name]) / 100 for name in ("cost", *_FEES))
    return Case(
        visit_id,
        stay["principal_dx"] or "",
        stay["principal_proc"] or "",
        tuple(stay["related_procs"]),
        tuple(stay["other_dx"]),
        stay["age_day"],
        stay["birth_weight_g"],
        None if minutes is None else Decimal(minutes) / 60,
        cost,
        age=stay["age_years"],
        los=stay["los_days"],
        icu_days=None if stay["icu_seconds"] is None else Decimal(stay["icu_seconds"]) / 86_400,
        discharge_way=stay["discharge_way"] or "",
        treatment_cost=treatment,
        drug_cost=drug,
    )
