"""When a group is split, and what a level then pays; which levels are left out for want of a list, and said."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.dip.build.making import built, by_code, known, stay
from yibao.dip.auxiliary.facts import Lists
from yibao.dip.auxiliary.rules import Rules
from yibao.dip.build.catalogue import Catalogue, Marked
from yibao.dip.build.institutions import inversions
from yibao.dip.build.terms import auxiliary_of
from yibao.errors import UserError
from yibao.region.packs import region

RULES = Rules.model_validate({"icu_day": "started", "levels": [{"kind": "icu", "level": "2-7", "icu_days": "2-7"}, {"kind": "age", "level": "child", "age_years": "<7"}]})  # fmt: skip
ICU, CHILD = {"icu_seconds": 3 * 86_400}, {"age_years": 3, "icu_seconds": 0}
ROWS = [stay(cost=1000, icu_seconds=0, age_years=40)] * 6 + [stay(cost=1400, icu_seconds=0, age_years=40)] * 2


def split(rows: list[dict[str, object]], marked: Marked | None = None) -> Catalogue:
    return built(rows, known(rules=RULES), marked)


def told(made: Catalogue) -> dict[tuple[str, str], str]:
    return {(one.kind, one.level): one.why_not for one in made.splits}


def test_enough_stays_and_a_more_even_part_make_a_split() -> None:
    made = split(ROWS + [stay(cost=5000, **ICU)] * 2)
    [one] = made.splits
    assert (one.group, one.kind, one.level, one.stays, one.cv, one.why_not) == ("K35.3-0", "icu", "2-7", 2, 0, "")
    assert one.coefficient == Decimal("2.6596")  # 5,000 over 18,800 / 10


def test_n2_is_more_than_not_at_least() -> None:
    assert told(split([*ROWS, stay(cost=5000, **ICU)])) == {("icu", "2-7"): "分型例数不多于 1"}


def test_intensive_care_has_looser_limits_than_the_others() -> None:
    few = [stay(cost=1000, icu_seconds=0)] + [stay(cost=5000, **ICU)] * 2
    assert told(split(few)) == {("icu", "2-7"): ""}
    few = [stay(cost=1000, icu_seconds=0)] + [stay(cost=5000, **CHILD)] * 2
    assert told(split(few)) == {("age", "child"): "病种例数不多于 3"}


def test_a_part_as_uneven_as_the_whole_is_no_split() -> None:
    rows = [*ROWS, stay(cost=1000, **ICU), stay(cost=1500, **ICU)]
    assert told(split(rows))["icu", "2-7"].startswith("变异系数没有下降")


def test_the_coefficient_is_of_the_last_year_alone() -> None:
    rows = ROWS + [stay(cost=9000, year=0, **ICU)] * 2 + [stay(cost=2000, **ICU)] * 2
    [one] = split(rows).splits
    assert one.coefficient == Decimal("1.5625")  # 2,000 over 12,800 / 10, whatever the first year cost
    rows = ROWS + [stay(cost=9000, year=0, **ICU)] * 2
    assert told(split(rows)) == {("icu", "2-7"): "上一年没有这一分型的病例"}


def test_cells_and_marked_groups_are_never_split() -> None:
    rows = ROWS + [stay(cost=5000, **ICU)] * 2
    assert built(rows, known(rules=RULES), threshold=99).splits == []
    for marked in (Marked(tcm=frozenset({"K35.3-0"})), Marked(bed_day=frozenset({"K35.3-0"}))):
        assert split(rows, marked).splits == []


def test_a_marked_group_that_is_not_there_is_refused() -> None:
    with pytest.raises(UserError, match=r"“Z99\.9-0”不在目录里"):
        split(ROWS, Marked(tcm=frozenset({"Z99.9-0"})))


def test_levels_whose_lists_are_absent_are_left_out_and_said() -> None:
    rules, limits, left = auxiliary_of(region("cn-9904"), 2025, frozenset(), False, True)
    assert rules is not None
    assert "default" in limits
    assert {level.level for level in rules.of("age")} == {"0-28d", "29d-1y", "1-6y", "7-17y"}
    assert any("没有给出合并症指数表" in said for said in left)
    assert any("age:66y+ 没有测算：它要用的 severity" in said for said in left)
    lists = frozenset({"severe", "medium", "organ_failure", "organ_damage"})
    whole, _, nothing = auxiliary_of(region("cn-9904"), 2025, lists, True, True)
    assert whole is not None
    assert nothing == []
    assert len(whole.levels) == len(rules.levels) + len(left)


def test_without_fee_lines_shares_of_the_cost_are_left_out_and_said() -> None:
    rules, _, left = auxiliary_of(region("cn-9904"), 2025, frozenset(), False, False)
    assert rules is not None
    assert not rules.uses_money
    assert [said for said in left if "费用明细" in said] == [
        f"辅助分型 severity:{level} 没有测算：没有导入费用明细，不知道治疗费、药品费占多少"
        for level in ("cost3_treatment", "cost3_drug")
    ]


def test_without_parameters_there_is_no_split_and_it_is_said() -> None:
    rules, _, left = auxiliary_of(region("cn"), 2025, frozenset(), False, True)
    assert rules is None
    assert left == ["辅助分型没有测算：地区包里没有参数 dip.auxiliary.limits、dip.auxiliary.readings"]


def test_comorbidity_from_the_users_table() -> None:
    by = Rules.model_validate({"levels": [{"kind": "cci", "level": "1+", "cci": ">=1"}]})
    lists = Lists({"I50": ("心衰", 1)}, {})
    rows = ROWS + [stay(cost=5000, other_dx=["I50.900"])] * 2
    [one] = built(rows, known(rules=by, lists=lists)).splits
    assert (one.kind, one.stays, one.why_not) == ("cci", 2, "")


def test_a_lower_level_that_costs_more_is_told() -> None:
    rows = [stay(cost=900, hospital_level="1")] * 3 + [stay(cost=500, hospital_level="2")] * 3 + [stay(cost=800, hospital_level="3")] * 3  # fmt: skip
    made = built(rows, coefficient_least=3, primary_share=Decimal("0.9"))
    [one] = made.inversions
    assert (one.group, one.lower, one.higher, one.lower_mean) == ("K35.3-0", 1, 2, 90_000)
    assert inversions(made.rows, made.terms) == made.inversions
    assert [c for c in made.coefficients if c.group] == []  # an inversion: no coefficient by disease


def test_coefficients_by_disease_where_every_level_has_enough() -> None:
    rows = [stay(cost=500, hospital_level="2")] * 3 + [stay(cost=1000, hospital_level="3")] * 3
    made = built(rows, coefficient_least=3)
    assert {c.level: c.coefficient for c in made.coefficients if c.group} == {
        2: Decimal("0.6667"),
        3: Decimal("1.3333"),
    }
    assert [c for c in built(rows, coefficient_least=4).coefficients if c.group] == []


def test_primary_care_by_share_cv_and_operations() -> None:
    rows = [stay(hospital_level="1")] * 3 + [stay("I10.x00", main="47.0100", hospital_level="1")] * 3
    assert {code: row.layer for code, row in by_code(built(rows)).items()} == {
        "K35.3-0": "primary",
        "I10-47.0100": "core",
    }
    both = by_code(built(rows, primary_operations=True))
    assert {row.layer for row in both.values()} == {"primary"}
    uneven = [*rows[:3], stay(cost=90_000, hospital_level="1")]
    assert by_code(built(uneven))["K35.3-0"].layer == "core"
