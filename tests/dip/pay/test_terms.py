"""Terms are asked for one by one; what is missing, impossible or not fit to pay is refused by name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.dip.pay.terms import BANDS, USUAL, pack, terms
from yibao.dip.pay.terms import Terms
from yibao.errors import UserError
from yibao.region.packs import region

OF_KEY = {
    "dip.coefficient": "coefficients", "dip.bands": "bands", "dip.standard": "standard", "dip.points": "points", "dip.ungrouped": "ungrouped",
    "dip.pay_base": "pay_base", "dip.point_value": "point_value", "dip.opening": "opening", "dip.fund": "fund", "dip.deposit": "deposit",
    "dip.advance": "advance", "dip.sharing": "sharing", "dip.bonus": "bonus",
}  # fmt: skip


@pytest.mark.parametrize("key", OF_KEY)
def test_a_missing_parameter_is_named(key: str) -> None:
    assert getattr(terms(), OF_KEY[key]) is not None
    with pytest.raises(UserError, match=f"没有 2025-12-31 有效的参数 {key}"):
        getattr(terms(**{key.replace(".", "__"): None}), OF_KEY[key])


@pytest.mark.parametrize("key", OF_KEY)
def test_what_is_inferred_pays_nothing(key: str) -> None:
    with pytest.raises(UserError, match="状态是 inferred"):
        getattr(Terms(pack(status="inferred"), date(2025, 12, 31)), OF_KEY[key])


def test_an_example_pays_only_in_an_example_region() -> None:
    with pytest.raises(UserError, match="状态是 example"):
        _ = Terms(pack(pack_status="verified"), date(2025, 12, 31)).bands


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("dip__bands", BANDS[:2], "没有最后一段"),
        ("dip__bands", [], "没有最后一段"),
        ("dip__bands", [BANDS[1], BANDS[0], BANDS[2]], "由小到大"),
        ("dip__bands", [{**BANDS[0], "factor": "half"}, *BANDS[1:]], "1.factor 不在允许的取值之内"),
        ("dip__bands", [{**BANDS[0], "kind": 1}, *BANDS[1:]], "1.kind 不认识这一项"),
        ("dip__pay_base", "cost", "不在允许的取值之内"),
        ("dip__point_value", {"mode": "fixed", "digits": 4}, "缺少 fixed"),
        ("dip__point_value", {"mode": "elastic", "digits": 4, "fixed": {"resident": 10}}, "缺少 fixed_share"),
        ("dip__fund", {"growth": {"resident": 0}}, "要么写 amounts"),
        ("dip__deposit", Decimal("0.06"), "超过国家规定的 0.05"),
        ("dip__advance", 2, "不合要求"),
        ("dip__sharing", [{"below": Decimal("0.9"), "keep": 1}, {"bear": 0}], "第 2 段从 0.9 起跨过了 1"),
        ("dip__sharing", [{"below": 1, "bear": 1}, {"bear": 0}], "应当只写 keep"),
        ("dip__sharing", [{"below": 1, "keep": 1}, {"keep": 0}], "应当只写 bear"),
        ("dip__sharing", [{"bear": 0}], "跨过了 1"),
    ],
)
def test_impossible_terms_are_refused_with_their_place(key: str, value: object, said: str) -> None:
    with pytest.raises(UserError, match=said):
        getattr(terms(**{key: value}), OF_KEY[key.replace("__", ".")])


def test_the_example_region_is_complete_and_real_cities_are_not() -> None:
    example = Terms(region("cn-990421"), date(2025, 12, 31))
    for name in OF_KEY.values():
        assert getattr(example, name) is not None
    assert {key for key, _ in example.cited()} >= set(OF_KEY)
    for key, name in OF_KEY.items():
        with pytest.raises(UserError, match=key):
            getattr(Terms(region("cn-4309"), date(2025, 12, 31)), name)


def test_every_usual_term_has_a_property() -> None:
    assert {key for key in USUAL if key.startswith("dip.")} == set(OF_KEY)


def test_a_coefficient_is_a_number_or_a_base_with_its_bonuses() -> None:
    """F5: basic + bonus items, added up, for a level or an institution."""
    said = terms(dip__coefficient={"2": 1, "H1": {"base": 1, "bonus": {"重点专科": Decimal("0.03"), "儿科": Decimal("0.02")}}})  # fmt: skip
    assert (said.coefficient("H1", "2", "resident"), said.coefficient("H2", "2", "resident")) == (Decimal("1.05"), 1)
    for wrong in ({"base": 1}, {"base": 1, "bonus": {"x": -2}}, {"base": 1, "bonus": {}, "extra": 1}):
        with pytest.raises(UserError, match=r"dip\.coefficient：H1"):
            terms(dip__coefficient={"H1": wrong}).coefficient("H1", "2", "resident")


def test_coefficients_of_one_scheme_only() -> None:
    """泰安 (guide §8.2): one factor for employees, another for residents."""
    said = terms(dip__coefficient={"employee:3": Decimal("0.611"), "resident:3": Decimal("0.631"), "2": 1})
    assert said.coefficient("H1", "3", "employee") == Decimal("0.611")
    assert said.coefficient("H1", "3", "resident") == Decimal("0.631")
    assert said.coefficient("H2", "2", "resident") == 1
    with pytest.raises(UserError, match="H3（1级）没有机构系数"):
        said.coefficient("H3", "1", "resident")
