"""Targets and completions of indicators, as bureaus write them."""

from decimal import Decimal

import pytest

from yibao.proofread.forms.targets import outcome, read_actual, read_target
from yibao.region.packs import region
from yibao.region.scoring import scoring_rule


@pytest.mark.parametrize(
    ("text", "operator", "value"),
    [
        ("≥354.84万", "≥", "354.84"),
        ("》80%", "≥", "80"),
        (">=15家", "≥", "15"),
        ("≤20万元", "≤", "20"),
        ("90%以上", "≥", "90"),
        ("30天以内", "≤", "30"),
        ("不低于95%", "≥", "95"),
        ("=100%", "=", "100"),
        ("办结件数占受理件数的比例≥85%", "≥", "85"),
        ("24家", "≥", "24"),
    ],
)
def test_targets_with_numbers(text: str, operator: str, value: str) -> None:
    target = read_target(text)
    assert target is not None
    assert (target.operator, str(target.low.value)) == (operator, value)


@pytest.mark.parametrize(
    "text", ["稳步提高", "2031年6月底前", "", "每月10日前", "2031", "不适用", "完成3项任务、2项检查"]
)
def test_targets_without_one_number(text: str) -> None:
    assert read_target(text) is None


def test_a_range_has_two_bounds() -> None:
    target = read_target("60%-80%")
    assert target is not None
    assert (target.operator, str(target.low.value), str(target.high.value)) == ("range", "60", "80")


def test_operator_and_unit_may_stand_in_columns_of_their_own() -> None:
    target = read_target("95", "≥", "%")
    assert target is not None
    assert (target.operator, target.low.base, target.sure) == ("≥", Decimal("0.95"), True)


def test_a_target_without_sign_is_a_guess_unless_the_direction_is_known() -> None:
    guess, cost = read_target("25万"), read_target("25万", direction="≤")
    assert guess is not None
    assert cost is not None
    assert (guess.operator, guess.sure) == ("≥", False)
    assert (cost.operator, cost.sure) == ("≤", True)


@pytest.mark.parametrize(
    ("target", "actual", "met"),
    [
        ("≥80%", "85%", True),
        ("≥80%", "72%", False),
        ("≥80%", "全年办结率达到86%", True),
        ("≥354.84万", "364.22万人", True),
        ("≥90%", "93", True),
        ("≤20万元", "19.5万元", True),
        ("≤20万元", "215000元", False),
        ("60%-80%", "81%", False),
        ("=100%", "99%", False),
        ("≥2", "2", True),
    ],
)
def test_met_or_missed(target: str, actual: str, met: bool) -> None:
    promised = read_target(target)
    assert promised is not None
    reached = read_actual(actual, promised)
    assert reached is not None
    result = outcome(promised, reached)
    assert result is not None
    assert result.met is met


@pytest.mark.parametrize(("target", "actual"), [("≥80%", "明显提高"), ("≥80家", "检查80家、复查12家")])
def test_completions_that_cannot_be_compared(target: str, actual: str) -> None:
    promised = read_target(target)
    assert promised is not None
    assert read_actual(actual, promised) is None


def test_units_of_different_kinds_are_not_compared() -> None:
    promised = read_target("≥80家")
    assert promised is not None
    reached = read_actual("90%", promised)
    assert reached is not None
    assert outcome(promised, reached) is None


def test_a_bound_is_no_exact_completion() -> None:
    promised = read_target("≥80%")
    assert promised is not None
    reached = read_actual("≥80%", promised)
    assert reached is not None
    assert reached.bound


def test_marks_follow_from_the_rule() -> None:
    promised = read_target("≥80%")
    assert promised is not None
    reached = read_actual("72%", promised)
    assert reached is not None
    result = outcome(promised, reached)
    assert result is not None
    assert result.due(Decimal(10), scoring_rule(region(), 2025)) == Decimal(9)
    assert result.over < 0
