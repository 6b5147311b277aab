"""What a catalogue is built by: the region's notice, then the draft, then nobody: a number that nobody wrote is refused by name."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from yibao.dip.build.limits import auxiliary_of
from yibao.dip.build.run import settings_of
from yibao.dip.build.terms import Asked, terms_of
from yibao.errors import UserError
from yibao.region.pack import Pack
from yibao.region.packs import region

PLACE = region("cn-9904")


def without(*keys: str) -> Pack:
    return replace(PLACE, parameters={key: value for key, value in PLACE.parameters.items() if key not in keys})


def test_the_example_region_says_everything() -> None:
    found = terms_of(PLACE, 2025, Asked())
    assert (found.edition, found.coverage, found.threshold, found.weights, found.trim) == ("2.0", Decimal("0.97"), None, (1, 2, 7), None)  # fmt: skip
    assert found.years == (2022, 2023, 2024)
    assert terms_of(PLACE, 2024, Asked()).coverage == Decimal("0.96")


def test_the_command_line_goes_before_the_region() -> None:
    found = terms_of(PLACE, 2025, Asked(edition="3.0", threshold=50))
    assert (found.edition, found.threshold, found.coverage) == ("3.0", 50, None)
    assert terms_of(PLACE, 2025, Asked(coverage=Decimal("0.5"))).coverage == Decimal("0.5")


def test_the_draft_has_a_threshold_but_no_share_of_primary_care() -> None:
    with pytest.raises(UserError, match=r"参数 dip\.catalogue 的 (cells|edition)"):
        terms_of(region("cn"), 2025, Asked())


@pytest.mark.parametrize("key", ["cells", "stays", "longest_stay", "primary_operations", "score", "component_scale", "coefficient_least"])  # fmt: skip
def test_a_number_that_nobody_wrote_is_named(key: str) -> None:
    with pytest.raises(UserError, match=rf"dip\.build\.{key}"):
        terms_of(without(f"dip.build.{key}"), 2025, Asked())


def test_behind_the_region_stands_the_draft() -> None:
    found = terms_of(without("dip.build.trim"), 2025, Asked())
    assert found.trim == (Decimal("0.025"), Decimal("0.975"))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked(threshold=15, coverage=Decimal("0.9")), "只能写一个"),
        (Asked(threshold=0), "不小于 1"),
        (Asked(coverage=Decimal("1.2")), "不大于 1"),
    ],
)
def test_what_cannot_be_asked(asked: Asked, said: str) -> None:
    with pytest.raises(UserError, match=said):
        terms_of(PLACE, 2025, asked)


def having(key: str, value: object) -> Pack:
    """The example region with another value."""
    said = PLACE.parameters[key][0].model_copy(update={"value": value})
    return replace(PLACE, parameters={**PLACE.parameters, key: (said,)})


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("dip.build.cells", {"least": 1}, "没有写 cv"),
        ("dip.build.cells", {"least": "one", "cv": "none"}, "cells.least 应是一个数"),
        ("dip.build.trim", [0, 2], "两个百分位"),
        ("dip.build.trim", "some", "两个百分位"),
        ("dip.build.score", {"method": "base"}, "另写 group"),
        ("dip.build.score", {"method": "guess"}, "应是 mean、base"),
        ("dip.build.score", {"method": ["mean"]}, "应是 mean、base"),
        ("dip.build.stays", "every", "应是 dip、all 之一"),
        ("dip.build.component_scale", 100, "应是 1 或 1000"),
        ("dip.build.longest_stay", "long", "应是一个数"),
    ],
)
def test_a_parameter_written_wrongly_is_told(key: str, value: object, said: str) -> None:
    with pytest.raises(UserError, match=said):
        terms_of(having(key, value), 2025, Asked())


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"icu": {}}, "没有写 default"),
        ({"default": {"n1": 1}}, "没有写 n2"),
        ({"default": {"n1": 1, "n2": 1, "cv_drop": 20}}, "小于 1"),
        ({"default": {"n1": -1, "n2": 1, "cv_drop": 0}}, "不小于 0"),
    ],
)
def test_limits_of_splits_written_wrongly_are_told(value: object, said: str) -> None:
    with pytest.raises(UserError, match=said):
        auxiliary_of(having("dip.auxiliary.limits", value), 2025, frozenset(), False, True)


def test_the_region_says_what_decides_between_groups() -> None:
    found = settings_of(PLACE, terms_of(PLACE, 2025, Asked()))
    assert found.layers["core"].choose == found.layers["primary"].choose == ("matched", "max_score", "table_order")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("dip.auxiliary.levels", "age"),
        ("dip.auxiliary.levels", -1),
        ("dip.auxiliary.levels", [1]),
        ("dip.auxiliary.levels", {"kind": "age"}),
        ("dip.auxiliary.levels", [{"kind": "cci", "level": "1", "cci": "1-2", "listed": ["a"]}]),
        ("dip.auxiliary.readings", "started"),
    ],
)
def test_levels_of_another_shape_are_refused(key: str, value: object) -> None:
    with pytest.raises(UserError, match=r"参数 dip\.auxiliary.*请改正"):
        auxiliary_of(having(key, value), 2025, frozenset(), False, True)
