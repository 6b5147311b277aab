"""Marks of an indicator: the examples of the forms, and bounds that no input breaks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.errors import UserError
from yibao.region.packs import load_packs, region
from yibao.region.scoring import Operator, ScoringRule, scoring_rule

RULE = scoring_rule(region("cn-43"), 2025)
D = Decimal
NUMBERS = st.decimals(-(10**6), 10**6, places=2)
WEIGHTS = st.decimals(0, 100, places=1)


@pytest.mark.parametrize(
    ("operator", "target", "actual", "weight", "marks"),
    [
        ("≥", "80", "72", "10", "9"),
        ("≥", "80", "80", "10", "10"),
        ("≥", "354.84", "364.22", "10", "10"),
        ("≤", "2092.71", "1997.21", "10", "10"),
        ("≤", "95", "11.43", "8", "8"),
        ("≤", "100", "125", "10", "8"),
        ("=", "50", "50", "6", "6"),
        ("=", "50", "40", "10", "8"),
        ("=", "50", "200", "10", "0"),
        ("≥", "90", "-5", "10", "0"),
    ],
)
def test_marks(operator: Operator, target: str, actual: str, weight: str, marks: str) -> None:
    assert RULE.score(operator, D(target), D(actual), D(weight)) == D(marks)


@pytest.mark.parametrize("target", ["0", "-1"])
def test_no_target_no_marks(target: str) -> None:
    assert RULE.score("≥", D(target), D(0), D(10)) is None


def test_other_rule_for_an_overrun() -> None:
    other = RULE.model_copy(update={"negative": "excess_share"})
    assert RULE.score("≤", D(100), D(125), D(10)) == 8
    assert other.score("≤", D(100), D(125), D(10)) == D("7.5")
    assert other.score("≤", D(100), D(300), D(10)) == 0


def test_range_target() -> None:
    assert RULE.range_score(D(40), D(50), D(45), D(10)) == 10
    assert RULE.range_score(D(40), D(50), D(20), D(10)) == 5
    assert RULE.range_score(D(40), D(50), D(100), D(10)) == 5


def test_execution_score_uses_the_unrounded_rate() -> None:
    marks = RULE.execution_score(D("601.5") / D(652), D(10))
    assert RULE.printed(marks) == D("9.23")
    assert RULE.printed(RULE.execution_score(D("0.92"), D(10))) == D("9.20")
    assert RULE.execution_score(D("1.2"), D(10)) == 10


def test_printed_is_half_up() -> None:
    assert RULE.printed(D("9.225")) == D("9.23")
    assert RULE.printed(D("9.25"), 1) == D("9.3")


@pytest.mark.parametrize(
    ("words", "band"),
    [
        ("达成预期", ("8", "10")),
        ("部分达成预期指标并具有一定效果", ("6", "8")),
        ("未达成", ("0", "6")),
        ("未完成", ("0", "6")),
        ("稳步推进", None),
    ],
)
def test_qualitative_band(words: str, band: tuple[str, str] | None) -> None:
    found = RULE.qualitative_band(words, D(10))
    assert found == (None if band is None else (D(band[0]), D(band[1])))


@pytest.mark.parametrize(
    ("score", "grade"), [("100", "优"), ("90", "优"), ("89.99", "良"), ("60", "中"), ("59.9", "差"), ("0", "差")]
)
def test_grades(score: str, grade: str) -> None:
    assert RULE.grade(D(score)) == grade


def test_grade_names_vary() -> None:
    assert RULE.grade_fits("优秀", D(95)) is True
    assert RULE.grade_fits("优", D(88)) is False
    assert RULE.grade_fits("合格", D(65)) is True
    assert RULE.grade_fits("A", D(95)) is None
    assert RULE.grade(D(9), D(0)) is None
    assert RULE.grade(D(45), D(50)) == "优"


def test_over_target_asks_for_a_reason() -> None:
    assert RULE.over_target(D(50), D(80))
    assert not RULE.over_target(D(50), D(65))
    assert not RULE.over_target(D(0), D(65))


@given(st.sampled_from(["≥", ">", "≤", "<", "="]), NUMBERS, NUMBERS, WEIGHTS)
def test_marks_lie_between_nothing_and_the_weight(
    operator: Operator, target: Decimal, actual: Decimal, weight: Decimal
) -> None:
    marks = RULE.score(operator, target, actual, weight)
    assert (marks is None) == (target <= 0)
    assert marks is None or 0 <= marks <= weight


@given(st.decimals(1, 1000, places=2), NUMBERS, NUMBERS, WEIGHTS)
def test_a_better_result_never_scores_less(target: Decimal, a: Decimal, b: Decimal, weight: Decimal) -> None:
    low, high = sorted((a, b))
    for operator, worse, better in (("≥", low, high), ("≤", high, low)):
        first, second = RULE.score(operator, target, worse, weight), RULE.score(operator, target, better, weight)  # type: ignore[arg-type]
        assert first is not None
        assert second is not None
        assert first <= second


@given(st.decimals(-10, 10, places=4), WEIGHTS)
def test_execution_score_is_bounded(rate: Decimal, weight: Decimal) -> None:
    assert 0 <= RULE.execution_score(rate, weight) <= weight


def test_no_rule_before_its_time() -> None:
    with pytest.raises(UserError, match="2015-12-31 有效的计分规则"):
        scoring_rule(region(), 2015)


def test_a_bad_rule_is_shown_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "xx").mkdir()
    (tmp_path / "xx" / "pack.yaml").write_text("code: xx\nname: 测试\nstatus: example\n", encoding="utf-8")
    (tmp_path / "xx" / "s.yaml").write_text(
        "# 计分\nscoring:\n  - {id: a, from: 2020-01-01, source: 甲, grade: proposal, status: example, negative: sometimes}\n",
        encoding="utf-8",
    )
    with pytest.raises(UserError, match=r"s\.yaml 第 3 行的规则“a”有误"):
        scoring_rule(load_packs(tmp_path)["xx"], 2025)


def test_rule_is_a_value() -> None:
    assert scoring_rule(region("cn-43"), 2025) == RULE
    assert isinstance(RULE, ScoringRule)


def test_whole_points_go_down() -> None:
    whole = RULE.model_copy(update={"score_decimals": 0, "rounding": "down"})
    assert whole.printed(D("9.63")) == 9
    assert RULE.printed(D("9.225")) == D("9.23")


def test_a_deadline_that_passed_earns_what_the_rule_leaves() -> None:
    due, late = date(2025, 12, 31), date(2026, 1, 1)
    assert RULE.deadline_score(due, due, D(10)) == 10
    assert RULE.deadline_score(due, late, D(10)) == 0
    assert RULE.model_copy(update={"late": D("0.5")}).deadline_score(due, late, D(10)) == 5
    assert RULE.model_copy(update={"late": None}).deadline_score(due, late, D(10)) is None


def test_a_rule_knows_where_it_stands() -> None:
    assert RULE.id == "national-2020"
    assert "财预〔2020〕10号" in RULE.cited
