"""Cells: which row counts, and what can never be decided."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.region.benefits.cells import Tie, parse, tie
from yibao.region.benefits.words import DIMENSIONS

POOR = {"poor": frozenset({"tekun", "dibao"})}
PLAIN: dict[str, Any] = {
    "level": 3, "area": "home", "across": False, "person": "adult", "identity": "ordinary", "civil": False, "enterprise": False, "signed": False,
    "transfer": False, "mid_stay": False, "epidemic": False, "disease": "", "provider": "", "maternity": "", "age": 40, "nth": 1,
    "bill": 0, "fetus": 0,
}  # fmt: skip


def read(written: Any, **facts: Any) -> int | None:
    row = parse(written, int, POOR).read({**PLAIN, **facts})
    return row.value if row else None


def test_a_number_holds_for_all() -> None:
    assert read(5) == 5


def test_the_row_with_more_words_wins_wherever_it_stands() -> None:
    cell = {"else": 9, "level3 nth>=2": 500, "level3": 1000, "level2": 600}
    assert [read(cell), read(cell, nth=2), read(cell, level=2), read(cell, level=1)] == [1000, 500, 600, 9]


def test_an_identity_beats_its_group() -> None:
    cell = {"poor": 1, "tekun": 2, "else": 3}
    assert [read(cell, identity=i) for i in ("tekun", "dibao", "ordinary", "youfu")] == [2, 1, 3, 3]


def test_ordinary_is_no_identity_at_all() -> None:
    assert read({"ordinary": 1, "else": 2}) == 1
    assert read({"ordinary": 1, "else": 2}, identity="youfu") == 2


def test_two_ends_make_a_range() -> None:
    cell = {"age>=60 age<70": 1, "else": 0}
    assert [read(cell, age=age) for age in (59, 60, 69, 70)] == [0, 1, 1, 0]


def test_no_row_is_a_hole_not_a_zero() -> None:
    assert read({"level1": 1, "level2": 2}) is None


def test_a_tie_is_refused_when_it_is_met() -> None:
    cell = parse({"level3": 1, "retired": 2, "else": 3}, int, {})
    with pytest.raises(Tie, match="“level3”和“retired”"):
        cell.read({**PLAIN, "person": "retired"})
    assert cell.read(PLAIN) is not None


@pytest.mark.parametrize(
    ("written", "ambiguous"),
    [
        ({"level3": 1, "level2": 2}, False),
        ({"level3": 1, "三级": 2}, True),
        ({"age>=60": 1, "age>=70": 2, "else": 0}, True),
        ({"age>=60 age<70": 1, "age>=70 age<200": 2}, False),
        ({"poor": 1, "tekun": 2}, False),
        ({"poor level3": 1, "tekun": 2}, False),
        ({"level3": 1, "retired": 2, "level3 retired": 3}, False),
        ({"level3": 1, "poor": 2, "level3 tekun": 3}, True),
        ({"level3": 1, "poor": 2, "level3 tekun": 3, "level3 dibao": 4}, False),
        ({"level3 nth>=2": 500, "age>=70 nth>=4": 0}, True),
        ({"nth>=2": 1, "poor": 2, "poor nth=2": 3, "poor nth>2": 4, "else": 5}, False),
        ({"signed": 1, "retired": 2, "signed retired": 3}, False),
    ],
)  # fmt: skip
def test_a_tie_is_found_before_anybody_meets_it(written: dict[str, int], ambiguous: bool) -> None:
    assert (tie(parse(written, int, POOR)) is not None) is ambiguous


_WORDS = st.sampled_from(
    ["level3", "level2", "retired", "tekun", "poor", "nth>=2", "nth>=3", "age>=70", "signed", "unsigned"]
)
_CONDITIONS = st.lists(_WORDS, min_size=1, max_size=3, unique=True).map(" ".join)


@given(
    st.dictionaries(_CONDITIONS, st.integers(0, 9), min_size=1, max_size=5),
    st.fixed_dictionaries({
        "level": st.sampled_from([1, 2, 3]), "person": st.sampled_from(["retired", "adult"]), "signed": st.booleans(),
        "identity": st.sampled_from(["tekun", "dibao", "ordinary"]), "nth": st.integers(1, 4), "age": st.sampled_from([40, 75]),
    }),
)  # fmt: skip
def test_what_has_no_tie_never_meets_one(written: dict[str, int], facts: dict[str, Any]) -> None:
    try:
        cell = parse(written, int, POOR)
    except ValueError:
        return
    if tie(cell) is None:
        cell.read({**PLAIN, **facts})


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"levl3": 1}, "不认识“levl3”"),
        ({"level3 level2": 1}, "永远不会成立"),
        ({"age>=70 age<60": 1}, "永远不会成立"),
        ({"level3 三级": 1}, "写了两次"),
        ({}, "空的"),
        ({"": 1}, "空的"),
        ({3: 1}, "不认识“3”"),
        ({"level3": {"a": 1}}, "应是一个数"),
    ],
)
def test_what_is_no_cell(written: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse(written, int, POOR)


def test_a_cell_knows_what_it_asks() -> None:
    assert parse({"retired level3": 1, "nth>=2": 2}, int, {}).dimensions == ("level", "person", "nth")
    assert all(name in PLAIN for name in DIMENSIONS)
