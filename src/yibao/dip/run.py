"""A year of a workspace through the grouper: codes of each stay put together, grouped, written as the table dip_groupings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yibao.dip.auxiliary.facts import FACTS
from yibao.dip.bulk import CASE, RESULT, BulkGrouper
from yibao.dip.cases import Case
from yibao.dip.choose import Choice
from yibao.dip.explain import explain
from yibao.dip.group import Grouper
from yibao.dip.numbered import Ints
from yibao.errors import UserError
from yibao.store.manifest import Manifest
from yibao.store.schema import arrow_schema
from yibao.store.sql.text import load_texts
from yibao.store.workspace import Workspace

TEXTS = load_texts("yibao.dip")
READ = ("visits", "visit_diagnoses", "visit_operations", "persons", "settlements", "providers", "icu_stays")
#: the parts of a stay in stays.sql
VISIT, PRINCIPAL, OTHER, MAIN, RELATED = range(-1, 4)
_CARRIED = ("visit_id", "discharge_time", "provider_code", "insurance_type")
_FACT_COLUMNS = ("age_days", "birth_weight_g", "vent_minutes", "cost", *FACTS.names)


def group_year(workspace: Workspace, choice: Choice, year: int) -> Manifest:
    """Group the stays discharged in a year and write them. UserError where a day has no pack, or the year no stays."""
    schema = arrow_schema(workspace.table("dip_groupings"))
    function = Grouped(choice, schema)
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = workspace.apply(
        TEXTS["stays"], "visit_id", ("part", "place", "code"), function, schema, first_day=first, last_day=last
    )
    versions = " ".join(sorted(grouper.pack.version[:12] for grouper in choice.groupers))
    produced = workspace.produced("yibao dip group", reads=READ, year=year, packs=versions)
    manifest = workspace.write("dip_groupings", rows, produced, str(year))
    if not any(file.partition == str(year) for file in manifest.files):
        raise UserError(f"{year} 年没有出院的住院，没有分组。请先导入就诊和诊断，或检查年度。")
    return manifest


class Grouped:
    """Rows of stays.sql → rows of dip_groupings; keeps what it learns from one table to the next."""

    def __init__(self, choice: Choice, schema: pa.Schema, *, always: bool = False) -> None:
        """`always`: the choice's one pack groups whatever it is given, also stays of days on which it did not hold."""
        self.choice, self.schema, self.always = choice, schema, always
        self._bulk: dict[int, BulkGrouper] = {}

    def __call__(self, rows: pa.Table) -> pa.Table:
        visits, stays = put_together(rows)
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
        names = ["pack_version", *RESULT.names, *subtypes.schema.names]
        return pa.RecordBatch.from_arrays([version, *found.columns, *subtypes.columns], names=names)


def put_together(rows: pa.Table) -> tuple[pa.Table, pa.RecordBatch]:
    """Rows in order of visit and part → one row a visit: what is carried along, and CASE."""
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
    rows = workspace.query(TEXTS["stays"], first_day=found[0], last_day=found[0]).read_all()
    rows = rows.filter(pc.equal(rows["visit_id"], visit_id))
    rows = rows.sort_by([("part", "ascending"), ("place", "ascending"), ("code", "ascending")])
    if not len(rows):
        raise UserError(f"就诊“{visit_id}”不是住院。")
    stay = put_together(rows)[1].to_pylist()[0]
    return explain(choice.grouper(found[0], f"就诊 {visit_id} "), _case(visit_id, stay))


def _case(visit_id: str, stay: dict[str, Any]) -> Case:
    minutes, cost = stay["vent_minutes"], stay["cost"]
    return Case(
        visit_id,
        stay["principal_dx"] or "",
        stay["principal_proc"] or "",
        tuple(stay["related_procs"]),
        tuple(stay["other_dx"]),
        stay["age_day"],
        stay["birth_weight_g"],
        None if minutes is None else Decimal(minutes) / 60,
        None if cost is None else Decimal(cost) / 100,
        age=stay["age_years"],
        los=stay["los_days"],
        icu_days=None if stay["icu_seconds"] is None else Decimal(stay["icu_seconds"]) / 86_400,
        discharge_way=stay["discharge_way"] or "",
    )
