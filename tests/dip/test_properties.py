"""Order never matters; what no row names never matters; columns and single cases agree."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao.dip.bulk import STAYS, BulkGrouper
from yibao.dip.cases import Case
from yibao.dip.group import Grouper
from yibao.dip.packs import opened

DIAGNOSES = ("K35.300", "K80.100x001", "K80.200", "J18.900", "I10.x00", "T20.200", "Z51.101", "A15.000", "P07.001", "K36.x00", "J96.000", "K80.100", "K99")  # fmt: skip
OPERATIONS = ("47.0100", "47.0901", "54.5101", "51.2300", "51.2200", "33.2402", "96.0400", "99.1500", "88.7200", "33.5100", "39.6500", "86.2201", "99.2503", "99.2800x006", "96.7201", "6.31", "手术", "-")  # fmt: skip
OTHERS = ("T31.000", "T31.100", "C34.901", "U84.300", "P07.100", "I10.x00", "E11.900", "K3")
#: named by no pack that ships
IRRELEVANT_OPERATIONS = ("81.5400", "38.9300x001", "13.7100x001", "6.31", "手术")
IRRELEVANT_DIAGNOSES = ("E11.900", "N18.900", "H52.100")
GROUPERS = {name: Grouper(opened(f"example-{name}")) for name in ("1.0", "2.0", "3.0")}

cases = st.builds(
    Case,
    id=st.just("1"),
    principal_dx=st.sampled_from(DIAGNOSES),
    principal_proc=st.sampled_from(("", *OPERATIONS)),
    related_procs=st.lists(st.sampled_from(OPERATIONS), max_size=4).map(tuple),
    other_dx=st.lists(st.sampled_from(OTHERS), max_size=4).map(tuple),
    age_day=st.none() | st.integers(0, 40),
    birth_weight_g=st.none() | st.integers(300, 3000),
    vent_hours=st.none() | st.integers(0, 200).map(Decimal),
    cost=st.none() | st.integers(100, 20_000).map(Decimal),
)


@pytest.mark.parametrize("edition", GROUPERS)
@settings(deadline=None, max_examples=150)
@given(case=cases, data=st.data())
def test_the_order_of_other_codes_never_matters(edition: str, case: Case, data: st.DataObject) -> None:
    grouper = GROUPERS[edition]
    shuffled = replace(
        case,
        related_procs=tuple(data.draw(st.permutations(case.related_procs))),
        other_dx=tuple(data.draw(st.permutations(case.other_dx))),
    )
    ours, theirs = grouper.group(case), grouper.group(shuffled)
    assert (ours.group, set(ours.flags)) == (theirs.group, set(theirs.flags))


@settings(deadline=None, max_examples=300)
@given(case=cases, operation=st.sampled_from(IRRELEVANT_OPERATIONS), diagnosis=st.sampled_from(IRRELEVANT_DIAGNOSES))
def test_a_code_that_no_row_names_changes_nothing(case: Case, operation: str, diagnosis: str) -> None:
    grouper = GROUPERS["3.0"]
    more = replace(case, related_procs=(*case.related_procs, operation), other_dx=(*case.other_dx, diagnosis))
    assert grouper.group(more).group == grouper.group(case).group


@settings(deadline=None, max_examples=300)
@given(case=cases)
def test_an_excluded_operation_changes_nothing(case: Case) -> None:
    grouper = GROUPERS["3.0"]
    more = replace(case, related_procs=(*case.related_procs, "99.1500"))
    assert grouper.group(more).group == grouper.group(case).group


@settings(deadline=None, max_examples=300)
@given(case=cases)
def test_no_row_is_entered_whose_codes_are_not_there(case: Case) -> None:
    found = GROUPERS["3.0"].group(case)
    row, decision = found.row, found.decision
    if row is None or not row.operations:
        return
    there = {case.principal_proc, *case.related_procs}
    assert set(decision.codes) <= there
    assert any(codes <= set(decision.codes) for codes in row.operations)
    assert not row.related or any(codes <= there for codes in row.related)


@pytest.mark.parametrize("edition", GROUPERS)
@settings(deadline=None, max_examples=60)
@given(batch=st.lists(cases, min_size=1, max_size=20))
def test_columns_and_single_cases_agree(edition: str, batch: list[Case]) -> None:
    grouper = GROUPERS[edition]
    rows = [
        {
            "principal_dx": case.principal_dx, "principal_proc": case.principal_proc or None,
            "related_procs": list(case.related_procs), "other_dx": list(case.other_dx), "age_day": case.age_day,
            "birth_weight_g": case.birth_weight_g,
            "vent_minutes": None if case.vent_hours is None else int(case.vent_hours * 60),
            "cost": None if case.cost is None else int(case.cost * 100),
        }
        for case in batch
    ]  # fmt: skip
    found = BulkGrouper(grouper).group(pa.RecordBatch.from_pylist(rows, schema=STAYS)).to_pylist()
    for case, row in zip(batch, found, strict=True):
        single = grouper.group(case)
        assert row["dip_group_code"] == single.group
        assert set(row["grouping_flags"].split()) == set(single.flags)
