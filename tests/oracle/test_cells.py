"""Which row of a cell holds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.oracle import Refused, Visit
from tests.oracle.cells import facts, value_of

RULES: dict[str, Any] = {"identity.order": ["tekun", "dibao"], "identity.groups": {"poor": ["tekun", "dibao"]}}
VISIT = Visit("1", level=3, person="retired", age=70, identities=("dibao", "tekun"), disease="D1", total=3_000_000)


def read(cell: object, visit: Visit = VISIT, nth: int | None = 2) -> object:
    return value_of("key", cell, facts(RULES, visit, nth))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (5, 5),
        ({"level3": 1, "else": 2}, 1),
        ({"level2": 1, "else": 2}, 2),
        ({"其他": 2}, 2),
        ({"三级": 1, "retired 三级": 2}, 2),
        ({"poor": 1, "tekun": 2}, 2),
        ({"poor": 1, "dibao": 2}, 1),
        ({"poor level3": 1, "tekun": 2}, 1),
        ({"tekun level3": 1, "poor retired": 2}, 1),
        ({"disease:D1": 1, "disease:D2": 2}, 1),
        ({"age>=70 age<80": 1, "retired": 2}, 1),
        ({"age>70": 1, "age<=70": 2}, 2),
        ({"bill<=30000": 1, "bill>30000": 2}, 1),
        ({"nth=2": 1, "nth>2": 2}, 1),
        ({"level3": "none"}, "none"),
    ],
)
def test_the_row_with_the_most_words_that_hold(cell: object, value: object) -> None:
    assert read(cell) == value


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ({"level2": 1}, "no row holds"),
        ({}, "no row holds"),
        ({"level3": 1, "retired": 1}, "hold equally"),
        ({"nth>=1": 1, "nth>=2": 2}, "hold equally"),
        ({"level4": 1, "else": 2}, "level4 is no word"),
        ({"age>=": 1, "else": 2}, "is no word"),
        ({"disease:": 1}, "no row holds"),
    ],
)
def test_it_refuses(cell: object, why: str) -> None:
    with pytest.raises(Refused, match=why):
        read(cell)


def test_the_count_of_admissions_is_not_asked_while_it_is_made() -> None:
    with pytest.raises(Refused, match="nth is not known"):
        read({"nth>=2": 0, "else": 1}, nth=None)


def test_an_identity_that_the_order_does_not_list_does_not_count() -> None:
    assert "ordinary" in facts({}, Visit("1", identities=("x",)), 1).words
    assert "y" in facts({"identity.order": ["y", "z"]}, Visit("1", identities=("x", "z", "y")), 1).words
