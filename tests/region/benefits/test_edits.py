"""Changed values: what a simulation asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.region.benefits.conftest import ON, Rules, plan, stay
from yibao.errors import UserError
from yibao.region.benefits.edits import address
from yibao.region.benefits.resolve import Benefits

LATER = """
  - source: 测试〔2025〕2号
    from: 2025-07-01
    grade: proposal
    status: example
    sets: [{key: resident.inpatient.rate, value: {level3: 0.65, else: 0.85}}]
"""


def rate(benefits: Benefits, level: int, on: date = ON) -> int:
    return benefits.plans(replace(stay(level=level), on=on))[0].pool.bands[0].rate


def test_a_new_row_beside_the_old_ones(rules: Rules) -> None:
    new = Benefits(rules()).set("resident.inpatient.rate", "level2", Decimal("0.75"), ON)
    assert [rate(new, level) for level in (1, 2, 3)] == [800_000, 750_000, 600_000]


def test_the_change_outlives_a_later_notice(rules: Rules) -> None:
    new = Benefits(rules(extra=LATER)).set("resident.inpatient.rate", "level3", Decimal("0.7"), ON)
    assert [rate(new, level, date(2025, 8, 1)) for level in (2, 3)] == [850_000, 700_000]


def test_changes_add_up(rules: Rules) -> None:
    new = (
        Benefits(rules())
        .set("resident.inpatient.rate", "level3", Decimal("0.7"), ON)
        .set("resident.inpatient.rate", "else", Decimal("0.9"), ON)
    )
    assert [rate(new, level) for level in (2, 3)] == [900_000, 700_000]


def test_a_whole_value_and_one_that_nobody_wrote(rules: Rules) -> None:
    new = (
        Benefits(rules())
        .set("resident.inpatient.rate", None, 1, ON)
        .set("resident.inpatient.first_pay", None, Decimal("0.1"), ON)
    )
    found = new.plans(stay(level=3))[0]
    assert (found.pool.bands[0].rate, found.first_pay) == (1_000_000, 100_000)


def test_a_cap_by_its_number(rules: Rules) -> None:
    new = Benefits(rules()).set("resident.inpatient.caps", "1.amount", 5, ON)
    assert new.plans(stay())[0].pool.caps[0].amount == 500
    new = new.set("resident.inpatient.caps", "1.amount.level3", "none", ON)
    assert [new.plans(stay(level=n))[0].pool.caps[0].amount for n in (2, 3)] == [500, None]


def test_the_pack_itself_is_untouched(rules: Rules) -> None:
    pack = rules()
    before = plan(pack, level=3)
    Benefits(pack).set("resident.inpatient.rate", None, 0, ON)
    assert plan(pack, level=3) == before


@pytest.mark.parametrize(
    ("key", "word", "value", "said"),
    [
        ("resident.inpatient.rate", "level2", Decimal("1.5"), "应在 0 至 1 之间"),
        ("resident.inpatient.rate", "levl2", Decimal("0.5"), "是不是“level2”"),
        ("resident.inpatient.rate", "referred", Decimal("0.5"), "分不出先后"),
        ("resident.inpatient.caps", "2.amount", 5, "应是 1 至 1 的序号"),
        ("resident.inpatient.caps", "1.amout.level3", 5, "没有“amout”这一项"),
        ("resident.outpatient.rate", "level2", Decimal("0.5"), "没有 2025-06-30 有效的参数 resident.outpatient.rate"),
    ],
)
def test_what_cannot_be_set(rules: Rules, key: str, word: str, value: object, said: str) -> None:
    with pytest.raises(UserError, match=said):
        Benefits(rules()).set(key, word, value, ON)


@pytest.mark.parametrize("said", ["resident", "resident.inpatient", "resident.inpatient.rat.level2", "inpatient.rate"])
def test_an_address_that_leads_nowhere(said: str) -> None:
    with pytest.raises(UserError, match="写法不对"):
        address(said)
