"""From packs to plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.region.benefits.conftest import AID, ON, Rules, plan, stay
from yibao.errors import UserError
from yibao.region.benefits.plan import Band, Cap, Component, Fund, Merge, Per, Rounding, Situation
from yibao.region.benefits.resolve import Benefits


def test_a_stay_in_whole_fen_and_millionths(rules: Rules) -> None:
    found = plan(rules(), level=3)
    assert (found.deductible, found.deductible_per, found.merge) == (100_000, Per.VISIT, Merge.NONE)
    assert (found.first_pay, found.counts, found.continuous, found.joint_rate) == (0, True, False, None)
    assert found.pool.bands == (Band(None, 600_000),)
    assert found.pool.caps == (Cap("resident.inpatient.year", Per.YEAR, 10_000_000),)
    assert (found.pool.fund, found.layers, found.account, found.rounding) == (
        Fund.POOL,
        (),
        frozenset(),
        Rounding.HALF_UP,
    )


def test_every_number_has_its_source(rules: Rules) -> None:
    found = plan(rules())
    assert found.sources["resident.inpatient.rate"].cited == "测试〔2024〕1号第一条"
    assert ("resident.inpatient.rate", "测试〔2024〕1号第一条") in found.cited
    assert "resident.inpatient.first_pay" not in found.sources


def test_a_layer(rules: Rules) -> None:
    more = {
        "resident.inpatient.layers": "[aid]",
        **AID,
        "resident.aid.caps": "[{per: year, amount: none}, {per: visit, amount: 500}]",
    }
    (aid,) = plan(rules(more), identity="tekun").layers
    assert (aid.name, aid.fund, aid.yearly, aid.slot) == ("aid", Fund.MEDICAL_AID, True, "resident.aid.base")
    assert aid.base == {Component.COINSURANCE, Component.DEDUCTIBLE}
    assert [(cap.per, cap.amount) for cap in aid.caps] == [(Per.YEAR, None), (Per.VISIT, 50_000)]
    assert (aid.bands, aid.cap_raise) == ((Band(None, 900_000),), None)


def test_rates_are_added_then_the_factor_works_on_what_the_patient_pays(rules: Rules) -> None:
    pack = rules(
        {
            "resident.inpatient.rate_plus": "[{signed: 0.05, else: 0}]",
            "resident.inpatient.selfpay_factor": "{tekun: 0.5, else: 1}",
        }
    )
    rates = [
        plan(pack, level=3, signed=s, identity=i).pool.bands[0].rate
        for s in (False, True)
        for i in ("ordinary", "tekun")
    ]
    assert rates == [600_000, 800_000, 650_000, 825_000]


def test_a_rate_stays_between_nothing_and_all(rules: Rules) -> None:
    assert plan(rules({"resident.inpatient.rate_plus": "[0.7]"})).pool.bands[0].rate == 1_000_000
    assert plan(rules({"resident.inpatient.rate_plus": "[-0.9]"})).pool.bands[0].rate == 0


def test_a_rate_finer_than_six_decimals_is_refused(rules: Rules) -> None:
    pack = rules({"resident.inpatient.rate": "0.333333", "resident.inpatient.selfpay_factor": "0.5"})
    with pytest.raises(UserError, match=r"resident\.inpatient\.selfpay_factor .*小数多于六位"):
        plan(pack)


@pytest.mark.parametrize(
    ("key", "written", "field", "expected"),
    [
        ("deductible_mode", "top_up", "deductible_per", Per.YEAR),
        ("deductible_mode", "institution", "deductible_per", Per.INSTITUTION),
        ("deductible_merge", "both", "merge", Merge.BOTH),
        ("referral", "continuous", "continuous", True),
        ("counts_admission", "{mid_stay: 0, else: 1}", "counts", True),
        ("first_pay", "{referred: 0.1, else: 0}", "first_pay", 0),
        ("deductible_shares", "年度", "deductible_slot", "resident.年度.deductible"),
        ("account", "[deductible, 乙类先行自付]", "account", {Component.DEDUCTIBLE, Component.PRE_SELFPAY}),
        ("joint_ratio", "{rate: 0.9, of: in_scope}", "joint_rate", 900_000),
    ],
)  # fmt: skip
def test_each_knob_reaches_the_plan(rules: Rules, key: str, written: str, field: str, expected: object) -> None:
    assert getattr(plan(rules({f"resident.inpatient.{key}": written})), field) == expected


def test_bands_say_where_they_are_measured(rules: Rules) -> None:
    bands = {"resident.inpatient.rate": None, "resident.inpatient.bands": "[{to: 30000, rate: 0.8}, {rate: 0.9}]"}
    with pytest.raises(UserError, match=r"resident\.inpatient\.bands_from"):
        plan(rules(bands))
    found = plan(rules({**bands, "resident.inpatient.bands_from": "zero", "resident.inpatient.bands_over": "year"}))
    assert found.pool.bands == (Band(3_000_000, 800_000), Band(None, 900_000))
    assert (found.pool.from_zero, found.pool.yearly) == (True, True)


def test_a_limit_for_each_disease_counts_for_itself(rules: Rules) -> None:
    pack = rules({"resident.inpatient.caps": '[{per: month, amount: {"disease:A": 100, else: 50}, each: disease}]'})
    found = [plan(pack, disease=d).pool.caps[0] for d in ("A", "B")]
    assert [(cap.slot, cap.amount) for cap in found] == [
        ("resident.inpatient.month.A", 10_000),
        ("resident.inpatient.month.B", 5_000),
    ]


def test_shared_accumulators_have_one_name(rules: Rules) -> None:
    pack = rules({"resident.inpatient.caps": "[{per: year, amount: 5, shares: 基本}]"})
    assert plan(pack).pool.caps[0].slot == "resident.基本.year"


# ---- admissions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "deductibles"),
    [
        ("100", [10_000]),
        ('{"nth>=2": 50, else: 100}', [10_000, 5_000]),
        ('{"nth=2": 50, else: 100}', [10_000, 5_000, 10_000]),
        ('{"nth>=2": 50, "nth>=2 age>=70": 0, else: 100}', [10_000, 5_000]),
        ('{"nth<3": 100, else: 0}', [10_000, 10_000, 0]),
        ('{"level3 nth>=2": 50, else: 100}', [10_000]),
    ],
)
def test_as_many_plans_as_admissions_are_told_apart(rules: Rules, cell: str, deductibles: list[int]) -> None:
    plans = Benefits(rules({"resident.inpatient.deductible": cell})).plans(stay(level=2))
    assert [p.deductible for p in plans] == deductibles
    assert [p.nth for p in plans] == list(range(1, len(plans) + 1))


# ---- what is missing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "known", "said"),
    [
        ({"resident.rounding": None}, {}, "resident.rounding（居民·取整到分的方式）"),
        ({"resident.inpatient.caps": None}, {}, "resident.inpatient.caps（居民·住院·封顶）"),
        ({"resident.inpatient.rate": '{"level2 referred": 0.5, level1: 0.9}'}, {"level": 3, "area": "referred"}, "resident.inpatient.rate（居民·住院·支付比例：三级、转诊）"),
        ({"resident.inpatient.layers": "[aid]"}, {}, "resident.aid.fund（居民·医疗救助·支付的基金）"),
        ({"resident.inpatient.deductible": '{"age<6": 0, "age>=60": 0}'}, {"age": 30}, "（居民·住院·起付线：年龄30）"),
    ],
)  # fmt: skip
def test_a_missing_key_is_named_with_the_visit(
    rules: Rules, more: dict[str, str | None], known: dict[str, object], said: str
) -> None:
    with pytest.raises(UserError) as caught:
        plan(rules(more), **known)
    assert said in caught.value.sentence
    assert "“测试市”的地区包里没有 2025-06-30 有效的" in caught.value.sentence


def test_nothing_holds_before_the_first_notice(rules: Rules) -> None:
    with pytest.raises(UserError, match="没有 2024-12-31 有效的"):
        Benefits(rules()).plans(replace(stay(), on=date(2024, 12, 31)))


def test_a_care_that_nobody_wrote_is_refused(rules: Rules) -> None:
    with pytest.raises(UserError, match=r"resident\.maternity\.deductible（居民·生育·起付线）"):
        Benefits(rules()).plans(Situation("resident", "maternity", ON))


def test_the_year_end_is_asked_only_by_who_needs_it(rules: Rules) -> None:
    with pytest.raises(UserError, match=r"resident\.inpatient\.year_end"):
        Benefits(rules()).year_end(stay())
    assert Benefits(rules({"resident.inpatient.year_end": "按天数分摊"})).year_end(stay()) == "split_by_days"


# ---- kinds of visits ---------------------------------------------------------------------------------------------


def test_what_makes_no_difference_shares_a_plan(rules: Rules) -> None:
    benefits = Benefits(
        rules(
            {"resident.inpatient.first_pay": '{referred: 0.1, "unreferred bill>30000": 0.3, unreferred: 0.2, else: 0}'}
        )
    )
    one = benefits.plans(stay(level=3, age=12, area="unreferred", bill=100, provider="H1"))
    assert one is benefits.plans(stay(level=3, age=80, area="unreferred", bill=3_000_000, provider="H2"))
    assert one is not benefits.plans(stay(level=3, area="unreferred", bill=3_000_001))
    dimensions = benefits.dimensions()
    assert dimensions.fields == {"level", "area", "bill"}
    assert dimensions.named["area"] == {"referred", "unreferred"}
    assert dimensions.starts == {"bill": (0, 3_000_001)}
    assert dimensions.dates == (date(2025, 1, 1),)


def test_the_kinds_of_one_care_are_its_own(rules: Rules) -> None:
    benefits = Benefits(rules({"resident.outpatient.deductible": '{"age>=70": 0, else: 100}'}))
    assert benefits.dimensions("resident", "inpatient").starts == {}
    assert benefits.dimensions("resident", "outpatient").starts == {"age": (0, 70)}


def test_a_disease_with_its_own_limit_is_always_told_apart(rules: Rules) -> None:
    benefits = Benefits(rules({"resident.inpatient.caps": "[{per: year, amount: 5, each: disease}]"}))
    assert benefits.dimensions().every == {"disease"}
    assert benefits.canonical(stay(disease="Z")).disease == "Z"


# ---- identities --------------------------------------------------------------------------------------------------


def test_of_the_identities_held_the_first_of_the_order_counts_once(rules: Rules) -> None:
    benefits = Benefits(rules({"identity.order": "[tekun, dibao, zhongcan]"}))
    assert benefits.counted(["zhongcan", "dibao"]) == "dibao"
    assert benefits.counted([]) == "ordinary"


def test_an_identity_that_the_order_does_not_list_does_not_count(rules: Rules) -> None:
    benefits = Benefits(rules({"identity.order": "[tekun]"}))
    assert benefits.counted(["zhongcan", "youfu"]) == "ordinary"
    assert benefits.counted(["zhongcan", "tekun"]) == "tekun"


def test_who_holds_an_identity_needs_the_order(rules: Rules) -> None:
    with pytest.raises(UserError, match=r"identity\.order"):
        Benefits(rules()).counted(["dibao"])


# ---- what if -----------------------------------------------------------------------------------------------------


def test_one_row_changed_from_a_day_on(rules: Rules) -> None:
    old = Benefits(rules())
    new = old.set("resident.inpatient.rate", "三级", Decimal("0.75"), date(2025, 7, 1))
    july = replace(stay(level=3), on=date(2025, 7, 1))
    assert [b.plans(s)[0].pool.bands[0].rate for b in (old, new) for s in (stay(level=3), july)] == [
        600_000,
        600_000,
        600_000,
        750_000,
    ]
    assert new.plans(replace(july, level=2))[0].pool.bands[0].rate == 800_000
    assert new.plans(july)[0].sources["resident.inpatient.rate"].status == "example"
