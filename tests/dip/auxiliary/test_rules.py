"""Levels as data: signs of bounds, AND within a level, and what must be said before a level may be read."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from yibao.dip.auxiliary.rules import Rules, bounds


def rules(*levels: dict[str, object], **readings: object) -> Rules:
    return Rules.model_validate({"levels": list(levels), **readings})


def test_over_65_and_66_and_above_are_one_bound_in_whole_years() -> None:
    assert bounds(">65") == bounds(">=66") == (66, None)


@pytest.mark.parametrize("text", ["65+", "2–7", "two", ">", "-3", "days <= 3", "__import__('os')"])
def test_what_is_no_bound_is_refused_and_nothing_is_run(text: str) -> None:
    with pytest.raises(ValueError, match="看不懂的界限"):
        bounds(text)
    with pytest.raises(ValidationError, match="看不懂的界限"):
        rules({"kind": "age", "level": "x", "age_years": text})


def test_three_days_and_more_is_read_as_declared_never_guessed() -> None:
    level = {"kind": "severity", "level": "II", "los": "over_3"}
    assert rules(level, los_over_3_inclusive=True).los("over_3") == (3, None)
    assert rules(level, los_over_3_inclusive=False).los("over_3") == (4, None)
    with pytest.raises(ValidationError, match="是否含 3 天"):
        rules(level)


def test_a_reading_that_a_level_needs_must_be_said() -> None:
    with pytest.raises(ValidationError, match="icu_day"):
        rules({"kind": "icu", "level": "2-7", "icu_days": "2-7"})
    with pytest.raises(ValidationError, match="tumour"):
        rules({"kind": "severity", "level": "x", "tumour": True})


def test_two_levels_of_one_name_and_severity_that_asks_for_itself_are_refused() -> None:
    one = {"kind": "age", "level": "old", "age_years": ">65"}
    with pytest.raises(ValidationError, match="同名"):
        rules(one, one)
    with pytest.raises(ValidationError, match="以自己为条件"):
        rules({"kind": "severity", "level": "x", "severity": ["y"]})
