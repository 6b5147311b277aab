"""When a group is split, and what a level then pays; which levels are left out for want of a list, and said."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from tests.dip.build.making import built, by_code, counted, known, stay, terms
from yibao.dip.auxiliary.facts import Lists
from yibao.dip.auxiliary.rules import Rules
from yibao.dip.build.catalogue import Catalogue, Marked, build
from yibao.dip.build.institutions import inversions
from yibao.dip.build.limits import Limits, auxiliary_of
from yibao.dip.build.packed import Given, write_catalogue
from yibao.dip.grouping.bulk import CASE, BulkGrouper
from yibao.dip.grouping.group import Grouper
from yibao.dip.packing import load_pack
from yibao.errors import UserError
from yibao.region.packs import region

RULES = Rules.model_validate({"icu_day": "started", "levels": [{"kind": "icu", "level": "2-7", "icu_days": "2-7"}, {"kind": "age", "level": "child", "age_years": "<7"}]})  # fmt: skip
ICU, CHILD = {"icu_seconds": 3 * 86_400}, {"age_years": 3, "icu_seconds": 0}
BY = known(rules=RULES)
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


@pytest.mark.parametrize(
    ("stays", "part", "said"),
    [
        (9, 3, "病种例数不多于 9"),  # n(group) must be more than N1
        (10, 3, ""),
        (10, 2, "分型例数不多于 2"),  # n(subtype) must be more than N2
    ],
)
def test_a_group_and_a_part_must_have_more_than_the_limits(stays: int, part: int, said: str) -> None:
    limits = {"default": Limits(9, 2, Decimal("0.2"))}
    rows = [stay(cost=1000, age_years=40)] * (stays - part) + [stay(cost=3000, **CHILD)] * part
    made = build(counted(rows, BY), BY, terms(), limits, Marked(), {})
    assert told(made)["age", "child"] == said


@pytest.mark.parametrize(
    ("rest", "drop", "said"),
    [
        ((1, 4), "0.2", ""),  # CV² 0.24 of 2, 5, 8, and 0.375 of all five: a fifth lower, exactly
        ((1, 4), "0.2001", "变异系数没有下降"),
        ((), "0", "变异系数没有下降"),  # the part is the whole: nothing falls
    ],
)
def test_the_cv_must_fall_and_by_at_least_the_drop(rest: tuple[int, ...], drop: str, said: str) -> None:
    rows = [stay(cost=cost, age_years=40) for cost in rest] + [stay(cost=cost, **CHILD) for cost in (2, 5, 8)]
    made = build(counted(rows, BY), BY, terms(), {"default": Limits(2, 2, Decimal(drop))}, Marked(), {})
    assert told(made)["age", "child"].startswith(said)
    assert bool(told(made)["age", "child"]) == bool(said)


def test_a_level_by_cost_is_held_against_the_mean_of_the_group_that_is_built() -> None:
    """Means 1,900 a stay: 5,700 is three times, of which 2,850 is half; the pack then finds the same."""
    levels = [
        {"kind": "severity", "level": "treated", "cost_times": ">=3", "treatment_share": ">=50%"},
        {"kind": "severity", "level": "drugs", "cost_times": ">=3", "drug_share": ">=50%"},
    ]
    by = known(rules=Rules.model_validate({"standard": "mean", "levels": levels}))
    dear = {"cost": 5700, "treatment": 285_000, "drug": 0}
    rows = [stay(cost=950)] * 8 + [stay(**dear)] * 2  # type: ignore[arg-type]
    made = built(rows, by)
    assert by_code(made)["K35.3-0"].mean == 190_000
    assert [(one.level, one.stays, one.coefficient, one.why_not) for one in made.splits] == [("treated", 2, 3, "")]
    less = built([*rows[:-1], stay(**{**dear, "treatment": 284_999, "drug": 285_000})], by)  # type: ignore[arg-type]
    assert [(one.level, one.stays) for one in less.splits] == [("drugs", 1), ("treated", 1)]
    unknown = built([*rows[:-1], stay(cost=5700)], by)
    assert [(one.level, one.stays) for one in unknown.splits] == [("treated", 1)]
    assert unknown.notes == [
        f"辅助分型 severity:{level}：1 例没有费用明细，或明细合计与结算不符，按不符合看待。"
        for level in ("treated", "drugs")
    ]


def test_the_pack_finds_the_subtypes_that_were_counted(tmp_path: Path) -> None:
    levels = [{"kind": "severity", "level": "dear", "cost_times": ">=3", "drug_share": ">=50%"}]
    by = known(rules=Rules.model_validate({"standard": "score", "point_value": "0.57", "levels": levels}))
    dear = {"cost": 5700, "treatment": 0}  # 570 yuan of 1,000 points: 1,710 is three times
    rows = [stay(cost=950, drug=0)] * 8 + [stay(**dear, drug=drug) for drug in (285_000, 285_000, 284_999)]  # type: ignore[arg-type]
    made = built(rows, by)
    assert [(one.level, one.stays, one.why_not) for one in made.splits] == [("dear", 2, "")]
    write_catalogue(tmp_path, made, by, Given())
    bulk = BulkGrouper(Grouper(load_pack(tmp_path)))
    batch = pa.RecordBatch.from_pylist([{name: one.get(name) for name in CASE.names} for one in rows], schema=CASE)
    subtypes = bulk.subtypes(batch, bulk.group(batch)["dip_group_code"])["auxiliary_subtype"].to_pylist()
    assert subtypes == [""] * 8 + ["severity:dear"] * 2 + [""]


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
