"""A year of bills read once for many settlements: the kernel's arrays, the kind of each bill, and the groups that it belongs to.

Nothing is written: the bills come from the tables as they stand. Arrays have one number a bill, in the kernel's order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yibao.region.benefits.resolve import Benefits
from yibao.region.pack import Pack
from yibao.settle.across_years import may_split
from yibao.settle.arrays import Ints, Visits
from yibao.settle.batches import numbers, visits_of
from yibao.settle.run import ORDER, asked_of_bills, bills_from, bills_of, no_bills, order_of_identities
from yibao.settle.situations import Key, Situations
from yibao.settle.texts import TEXTS
from yibao.store.groups import whole_groups
from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace
from yibao.vocabulary.tables import load_tables

#: the age groups of the listings: first year of life of each, and its name
AGES = ((0, "0—6 岁"), (7, "7—17 岁"), (18, "18—44 岁"), (45, "45—59 岁"), (60, "60—69 岁"), (70, "70 岁及以上"))
UNKNOWN = "未登记"
_BILLS = arrow_schema(load_tables().tables["bills"])
_TOWNS = """SELECT p.person_no, CASE WHEN a.area_level = 'town' THEN a.area_code ELSE a.parent_area_code END AS town
FROM persons AS p
JOIN areas AS a ON a.area_code = COALESCE(p.living_area_code, p.residence_area_code)"""
_AREAS = "SELECT a.area_code, a.area_name FROM areas AS a"


@dataclass(frozen=True)
class Grouping:
    """One way to tell bills apart: by insurance, by hospital level, …"""

    name: str  #: code list or heading
    codes: tuple[str, ...]  #: by number of the group; empty for what has no code
    values: tuple[str, ...]  #: what it is called
    of: Ints  #: by bill


@dataclass(frozen=True)
class Prepared:
    """The bills of a year."""

    year: int
    situations: Situations
    kinds: tuple[Key, ...]
    kind: Ints  #: by bill, a place in `kinds`
    assumed: Ints  #: the same under the policy that is assumed, where another identity of a person counts
    parts: tuple[Visits, ...]  #: whole persons; `plan` holds the kind
    person: Ints  #: by bill, 0, 1, … in order
    bill_id: pa.ChunkedArray
    person_no: pa.ChunkedArray
    groupings: tuple[Grouping, ...]

    @property
    def size(self) -> int:
        return int(self.kind.size)

    @property
    def people(self) -> int:
        return int(self.person[-1]) + 1

    def grouping(self, name: str) -> Grouping:
        return next(grouping for grouping in self.groupings if grouping.name == name)


def prepare(
    workspace: Workspace,
    year: int,
    benefits: Benefits,
    others: Sequence[Benefits] = (),
    elsewhere: tuple[Pack, date] | None = None,
) -> Prepared:
    """The bills of a year, told apart as finely as `benefits` or any of `others` asks. UserError where there are none.

    `elsewhere`: a pack by whose order of identities people count in the policy that is assumed, from a day on.
    """
    situations = Situations(benefits, *others)
    places: dict[Key, int] = {}

    def kinds_of(bills: pa.Table) -> Ints:
        keys, of = situations.kinds(bills)
        return np.array([places.setdefault(key, len(places)) for key in keys], np.int64)[of]

    renamed = _identities(workspace, benefits.pack, year, elsewhere)
    parts, kinds, assumed, tables = [], [], [], []
    for bills in _whole_persons(workspace, benefits, year):
        kinds.append(kinds_of(bills))
        assumed.append(kinds_of(renamed(bills)) if renamed else kinds[-1])
        parts.append(visits_of(bills, kinds[-1]))
        tables.append(_facts(bills))
    if not parts:
        raise no_bills(year)
    facts = pa.concat_tables(tables)
    return Prepared(
        year=year,
        situations=situations,
        kinds=tuple(places),
        kind=np.concatenate(kinds),
        assumed=np.concatenate(assumed),
        parts=tuple(parts),
        person=_persons(parts),
        bill_id=facts["bill_id"],
        person_no=facts["person_no"],
        groupings=tuple(_groupings(workspace, facts)),
    )


def _identities(
    workspace: Workspace, pack: Pack, year: int, elsewhere: tuple[Pack, date] | None
) -> Callable[[pa.Table], pa.Table] | None:
    """Bills from a day on with the identity that counts elsewhere; None where the order there is the same."""
    if elsewhere is None:
        return None
    other, on = elsewhere
    order = order_of_identities(other, year)
    if order == order_of_identities(pack, year):
        return None
    rows = bills_of(workspace, pack, year, order)
    counted = pa.Table.from_batches([batch.select(["bill_id", "identity_type"]) for batch in rows])

    def renamed(bills: pa.Table) -> pa.Table:
        places = pc.index_in(bills["bill_id"].combine_chunks(), counted["bill_id"].combine_chunks())
        theirs = counted["identity_type"].combine_chunks().take(places)
        late = pc.greater_equal(bills["policy_date"].combine_chunks(), pa.scalar(on))
        identity = pc.if_else(late, theirs, bills["identity_type"].combine_chunks())
        return bills.set_column(bills.schema.get_field_index("identity_type"), "identity_type", identity)

    return renamed


def _whole_persons(workspace: Workspace, benefits: Benefits, year: int) -> Iterator[pa.Table]:
    """The bills in order: those that stand in their table where it was made from what counts now, else collected anew."""
    made, pack = workspace.manifest("bills"), benefits.pack
    rows: Iterable[pa.RecordBatch]
    if made is not None and made.produced_by == bills_from(workspace, pack, year):
        rows = workspace.apply_stored("bills", str(year), "person_no", _as_they_are, _BILLS)
    elif may_split(pack):  # the parts of stays come behind the others
        table = _as_they_are(bills_of(workspace, pack, year).read_all())
        rows = table.sort_by([(name, "ascending") for name in ("person_no", *ORDER)]).to_batches()
    else:
        given, values = asked_of_bills(workspace, pack, year)
        rows = workspace.apply(TEXTS["bills"], "person_no", ORDER, _as_they_are, _BILLS, given, **values)
    yield from whole_groups(rows, ["person_no"])


def _as_they_are(bills: pa.Table) -> pa.Table:
    return bills.cast(_BILLS)


_TEXTS = ("insurance_type", "care_type", "hospital_level", "identity_type", "person_category")


def _facts(bills: pa.Table) -> pa.Table:
    """What groups and listings need of the bills, small."""
    columns = {name: pc.dictionary_encode(bills[name]) for name in _TEXTS}
    columns |= {name: bills[name] for name in ("bill_id", "person_no")}
    return pa.table({**columns, "age": pa.array(_ages(numbers(bills["age_years"])), pa.int8())})


def _ages(years: Ints) -> Ints:
    starts = np.array([start for start, _ in AGES], np.int64)
    return np.maximum(np.searchsorted(starts, years, side="right") - 1, 0)


def _persons(parts: list[Visits]) -> Ints:
    """One number a person over all parts: each begins to count where the one before has ended."""
    found, before = [], 0
    for part in parts:
        found.append(part.person - 1 + before)
        before += int(part.person[-1])
    return np.concatenate(found)


def _groupings(workspace: Workspace, facts: pa.Table) -> Iterator[Grouping]:
    for name, empty in (
        ("insurance_type", UNKNOWN),
        ("care_type", UNKNOWN),
        ("hospital_level", UNKNOWN),
        ("identity_type", "普通人员"),
    ):
        yield _coded(name, facts[name], workspace.vocabulary.codes[name].values, empty)
    yield Grouping("age", ("",) * len(AGES), tuple(label for _, label in AGES), numbers(facts["age"]))
    yield _towns(workspace, facts["person_no"])


def _coded(name: str, column: pa.ChunkedArray, known: Mapping[str, str], empty: str) -> Grouping:
    """The values of a coded column in the order of their list, those outside it and the empty ones last."""
    column = column.unify_dictionaries()
    met = column.chunk(0).dictionary.to_pylist()
    codes = [*(code for code in known if code in met), *sorted(code for code in met if code not in known)]
    places = np.array([*(codes.index(code) for code in met), len(codes)], np.int64)
    of = numbers(pc.fill_null(pc.cast(_indices(column), pa.int64()), len(met)))
    return Grouping(name, (*codes, ""), (*(known.get(code, code) for code in codes), empty), places[of])


def _indices(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pa.chunked_array([chunk.indices for chunk in column.chunks])


def _towns(workspace: Workspace, person_no: pa.ChunkedArray) -> Grouping:
    """The town where the person lives, else is registered; in the order of the area codes."""
    rows = workspace.query(_TOWNS).read_all()
    areas = workspace.query(_AREAS).read_all()
    names = dict(zip(areas["area_code"].to_pylist(), areas["area_name"].to_pylist(), strict=True))
    place = pc.index_in(person_no, rows["person_no"].combine_chunks()).combine_chunks()
    return _coded(
        "town",
        pa.chunked_array([pc.take(rows["town"].combine_chunks(), place).dictionary_encode()]),
        dict(sorted(names.items())),
        UNKNOWN,
    )
