"""Order never matters; what no row names never matters; columns and single cases agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao.dip.expressions import Range
from yibao.dip.grouping.bulk import STAYS, BulkGrouper
from yibao.dip.grouping.cases import Case
from yibao.dip.grouping.group import Grouper
from yibao.dip.grouping.way import way
from yibao.dip.pack import Row
from yibao.dip.packs import opened

DIAGNOSES = ("K35.300", "K80.100x001", "K80.200", "J18.900", "I10.x00", "T20.200", "Z51.101", "A15.000", "P07.001", "K36.x00", "J96.000", "K80.100", "K99", "-")  # fmt: skip
OPERATIONS = ("47.0100", "47.0901", "54.5101", "51.2300", "51.2200", "33.2402", "96.0400", "99.1500", "88.7200", "33.5100", "39.6500", "86.2201", "99.2503", "99.2800x006", "96.7201", "6.31", "手术", "-")  # fmt: skip
OTHERS = ("T31.000", " ", "T31.100", "C34.901", "U84.300", "P07.100", "I10.x00", "E11.900", "K3")
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


@pytest.mark.parametrize("edition", GROUPERS)
@settings(deadline=None, max_examples=150)
@given(case=cases, operation=st.sampled_from(IRRELEVANT_OPERATIONS), diagnosis=st.sampled_from(IRRELEVANT_DIAGNOSES))
def test_a_code_that_no_row_names_changes_nothing(edition: str, case: Case, operation: str, diagnosis: str) -> None:
    grouper = GROUPERS[edition]
    more = replace(case, related_procs=(*case.related_procs, operation), other_dx=(*case.other_dx, diagnosis))
    assert grouper.group(more).group == grouper.group(case).group


@pytest.mark.parametrize("edition", GROUPERS)
def test_a_main_operation_that_cannot_be_read_weighs_the_same_beside_an_irrelevant_one(edition: str) -> None:
    grouper = GROUPERS[edition]
    alone = Case("1", "K35.300", "6.31")
    assert "AMBIGUOUS_CODE" in grouper.group(alone).flags
    assert grouper.group(replace(alone, related_procs=("81.5400",))).group == grouper.group(alone).group


@settings(deadline=None, max_examples=300)
@given(case=cases)
def test_an_excluded_operation_changes_nothing(case: Case) -> None:
    grouper = GROUPERS["3.0"]
    more = replace(case, related_procs=(*case.related_procs, "99.1500"))
    assert grouper.group(more).group == grouper.group(case).group
    if not case.principal_proc and not any(map(str.strip, case.related_procs)):
        assert grouper.group(replace(case, principal_proc="99.1500")).group == grouper.group(case).group


@pytest.mark.parametrize("edition", GROUPERS)
@settings(deadline=None, max_examples=100)
@given(case=cases, data=st.data())
def test_a_code_written_twice_or_badly_changes_nothing(edition: str, case: Case, data: st.DataObject) -> None:
    grouper = GROUPERS[edition]
    written = st.sampled_from((str.lower, str.upper, _wide, lambda code: f" {code}　", lambda code: f"{code}."))
    again = data.draw(st.lists(st.sampled_from((*case.related_procs, case.principal_proc)), max_size=2))
    other = replace(
        case,
        principal_dx=data.draw(written)(case.principal_dx),
        principal_proc=data.draw(written)(case.principal_proc),
        related_procs=tuple(data.draw(written)(code) for code in (*case.related_procs, *again) if case.principal_proc),
        other_dx=tuple(data.draw(written)(code) for code in (*case.other_dx, *case.other_dx)),
    )
    case = case if case.principal_proc else replace(case, related_procs=())
    assert grouper.group(other).group == grouper.group(case).group


def _wide(code: str) -> str:
    """Full-width."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in code)


@st.composite
def of_the_excerpt(draw: st.DrawFn, rows: Sequence[Row]) -> Case:
    """A stay around a row or two of a catalogue: its keys made whole, its operations and those of its neighbours."""
    near = draw(st.lists(st.sampled_from(rows), min_size=1, max_size=3))
    keys = [key for row in near for key in (*row.diagnoses, *row.others) if key != "*"]
    codes = st.sampled_from([_code(key) for key in keys] or ["R69.x00"])
    operations = st.sampled_from(sorted(frozenset().union(*(row.codes for row in near))) or ["54.1100"])
    return Case(
        "1", draw(codes), draw(st.sampled_from(("", "54.1100", "99.2800")) | operations),
        tuple(draw(st.lists(operations, max_size=4))), tuple(draw(st.lists(codes, max_size=3))),
        draw(st.sampled_from((None, 0, 28, 29))), draw(st.sampled_from((None, 999, 1000, 2499, 2500))),
    )  # fmt: skip


def _code(key: str | Range) -> str:
    """A code under a key, or at the end of a range.

    >>> _code("D34"), _code("K35.3"), _code("M47.0+")
    ('D34.x00', 'K35.300', 'M47.000+G99.2*')
    """
    text = key.high if isinstance(key, Range) else key.rstrip("+")
    code = f"{text}.x00" if len(text) == 3 else f"{text}00"
    return f"{code}+G99.2*" if str(key).endswith("+") else code


@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_the_excerpt_keeps_its_groups_whatever_stands_beside(national: Grouper, data: st.DataObject) -> None:
    case = data.draw(of_the_excerpt(national.pack.rows))
    group = national.group(case).group
    shuffled = replace(case, related_procs=case.related_procs[::-1], other_dx=case.other_dx[::-1])
    assert national.group(shuffled).group == group
    more = replace(
        case, related_procs=("99.2800", *case.related_procs, "81.5400", "-"), other_dx=(*case.other_dx, "H52.100")
    )
    assert national.group(more).group == group


@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_the_row_that_is_taken_says_so_of_itself(national: Grouper, data: st.DataObject) -> None:
    case = data.draw(of_the_excerpt(national.pack.rows))
    found = national.group(case)
    said = list(way(found.decision))
    assert sum(" 符合：" in line for line in said) == (found.row is not None)
    assert said[-1].startswith(("没有入组：", "主要诊断在")) == (found.row is None)
    assert all(row is not found.row for row, _ in found.decision.also)
    assert all(miss.row is not found.row for miss in found.decision.misses)


@settings(deadline=None, max_examples=150)
@given(batch=st.lists(cases, max_size=8))
def test_packs_in_one_process_are_packs_alone(batch: list[Case]) -> None:
    alone = {name: Grouper(opened(f"example-{name}")) for name in ("2.0", "3.0")}
    for name, grouper in alone.items():
        expected = [(found.group, found.flags) for found in map(grouper.group, batch)]
        assert [(found.group, found.flags) for found in map(GROUPERS[name].group, batch)] == expected


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
