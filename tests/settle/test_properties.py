"""What holds of every settlement, whoever computes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle import Paid, Visit
from tests.oracle.draw import cases
from tests.settle.kernel import Settler
from tests.settle.plain import bills, plain_rules, stays, tenths

few = settings(max_examples=60, deadline=None)
drawn = st.integers(0, 10**6).map(lambda seed: next(cases(seed, 1, visits=12)))
in_order = st.integers(0, 10**6).map(lambda seed: next(cases(seed, 1, visits=12, out_of_order=False)))


def fund_pay(paid: Paid) -> int:
    return paid.pool_pay + sum(layer.pay for layer in paid.layers)


def numbers(paid: Paid) -> list[int]:
    """Every amount of a row."""
    own = [getattr(paid, one.name) for one in fields(Paid) if one.name not in ("n", "layers", "fund")]
    return own + [amount for layer in paid.layers for amount in (layer.base, layer.due, layer.pay)]


@few
@given(drawn)
def test_the_parts_sum_to_the_bill(settler: Settler, case: tuple[dict[str, Any], list[Visit]]) -> None:
    rules, visits = case
    totals = {visit.id: visit.total for visit in visits}
    for visit, paid in zip(visits, settler(rules, visits), strict=True):
        sign = -1 if visit.reverses else 1
        assert fund_pay(paid) + paid.account + paid.cash == sign * totals[visit.reverses or visit.id]
        assert all(sign * amount >= 0 for amount in numbers(paid))
        assert sign * paid.family <= sign * paid.account
        assert sign * paid.pool_pay <= sign * paid.pool_due
        assert all(sign * layer.pay <= sign * layer.due <= sign * layer.base for layer in paid.layers)
        assert sign * paid.deductible_paid <= sign * paid.deductible_due <= sign * paid.standard


@few
@given(drawn)
def test_a_row_and_its_reversal_are_zero_in_every_column(
    settler: Settler, case: tuple[dict[str, Any], list[Visit]]
) -> None:
    rules, visits = case
    paid = dict(zip((visit.id for visit in visits), settler(rules, visits), strict=True))
    for visit in visits:
        if visit.reverses:
            pairs = zip(numbers(paid[visit.reverses]), numbers(paid[visit.id]), strict=True)
            assert all(forth + back == 0 for forth, back in pairs)


@few
@given(in_order, st.data())
def test_a_bill_settled_and_taken_back_at_once_leaves_no_trace(
    settler: Settler, case: tuple[dict[str, Any], list[Visit]], data: st.DataObject
) -> None:
    """Any bill, anywhere in any history: everything that follows is as if it had never been."""
    rules, visits = case
    bill = data.draw(st.sampled_from([visit for visit in visits if not visit.reverses]))
    at = data.draw(st.integers(0, len(visits)))
    back = Visit("back", bill.person_no, reverses="extra")
    longer = [*visits[:at], replace(bill, id="extra"), back, *visits[at:]]
    without = settler(rules, longer)
    assert without[:at] + without[at + 2 :] == settler(rules, visits)


@few
@given(drawn)
def test_persons_do_not_touch_each_other(settler: Settler, case: tuple[dict[str, Any], list[Visit]]) -> None:
    rules, visits = case
    together = settler(rules, visits)
    for name in {visit.person_no for visit in visits}:
        alone = settler(rules, [visit for visit in visits if visit.person_no == name])
        assert alone == [paid for visit, paid in zip(visits, together, strict=True) if visit.person_no == name]


@few
@given(drawn)
def test_top_up_is_a_yearly_deductible_by_another_name(
    settler: Settler, case: tuple[dict[str, Any], list[Visit]]
) -> None:
    rules, visits = case
    named = {
        key: "top_up" if value == "year" and key.endswith(".deductible_mode") else value for key, value in rules.items()
    }
    assert settler(named, visits) == settler(rules, visits)


@few
@given(plain_rules(), stays(), st.data())
def test_no_cap_is_crossed_in_any_order(
    settler: Settler, rules: dict[str, Any], visits: list[Visit], data: st.DataObject
) -> None:
    visits = data.draw(st.permutations(visits))
    if data.draw(st.booleans()):
        visits = (
            [*visits[:-1], Visit("back", reverses=data.draw(st.sampled_from(visits[:-1])).id), visits[-1]]
            if visits[1:]
            else visits
        )
    by_id = {visit.id: visit for visit in visits}
    spent: Counter[tuple[str, str, object]] = Counter()
    for visit, paid in zip(visits, settler(rules, visits), strict=True):
        day = by_id[visit.reverses or visit.id].discharge
        whens = {
            "visit": visit.reverses or visit.id,
            "month": day.month,
            "quarter": (day.month + 2) // 3,
            "year": day.year,
        }
        for part, pay in (("inpatient", paid.pool_pay), *((layer.name, layer.pay) for layer in paid.layers)):
            for cap in rules[f"resident.{part}.caps"]:
                key = (part, cap["per"], whens[cap["per"]])
                spent[key] += pay
                assert 0 <= spent[key] <= cap["amount"] * 100


@few
@given(
    plain_rules(rates=tenths, mode="year", over="year", periods=("month", "quarter", "year")), stays(most=3), st.data()
)
def test_splitting_a_bill_changes_no_amount(
    settler: Settler, rules: dict[str, Any], visits: list[Visit], data: st.DataObject
) -> None:
    """Exactly so where everything counts over the year and no fen is ever rounded.

    That is: a yearly deductible, bands and layers over the year, caps of a month or longer with all pieces in one month, one
    standard and rate for every admission, layers over one base, no joint ratio; bills cut at tens of yuan and rates in tenths,
    which the pool and two layers after it leave in whole fen.
    """
    whole = visits[-1]
    cuts = sorted(data.draw(st.lists(st.integers(0, whole.in_scope // 1_000), max_size=3)))
    edges = [0, *(cut * 1_000 for cut in cuts), whole.in_scope]
    pieces = [replace(whole, id=f"piece {at}", total=b - a, in_scope=b - a, full_selfpay=0) for at, (a, b) in enumerate(pairwise(edges))]  # fmt: skip
    pieces[0] = replace(pieces[0], total=pieces[0].total + whole.full_selfpay, full_selfpay=whole.full_selfpay)
    once = settler(rules, visits)[-1:]
    split = settler(rules, [*visits[:-1], *pieces])[len(visits) - 1 :]
    assert amounts(split) == amounts(once)


def amounts(rows: Sequence[Paid]) -> tuple[int, ...]:
    """Over several rows: what was paid, by whom."""
    layers = [sum(row.layers[at].pay for row in rows) for at in range(len(rows[0].layers))]
    return (
        *layers,
        *(sum(getattr(row, name) for row in rows) for name in ("deductible_paid", "pool_due", "pool_pay", "cash")),
    )


@few
@given(plain_rules(mode="year", over="year", periods=("year",)), bills, st.integers(1, 99), st.integers(2, 5))
def test_splitting_a_bill_of_odd_fen_moves_half_a_fen_for_each_rounding(
    settler: Settler, rules: dict[str, Any], bill: int, odd: int, times: int
) -> None:
    """What the pool owes for `times` equal bills and for one of their sum: each rounding moves at most half a fen."""
    one = Visit("1", total=bill + odd, in_scope=bill + odd)
    whole = settler(rules, [replace(one, total=times * one.total, in_scope=times * one.total)])[0]
    split = settler(rules, [replace(one, id=f"{at}") for at in range(times)])
    assert abs(sum(row.pool_due for row in split) - whole.pool_due) <= Decimal(times + 1) / 2
    assert sum(row.deductible_paid for row in split) == whole.deductible_paid


@few
@given(plain_rules(), stays(), st.integers(1, 3_000_000))
def test_a_higher_fee_lowers_nobodys_part(
    settler: Settler, rules: dict[str, Any], visits: list[Visit], more: int
) -> None:
    """Of the last bill, in scope, by any fen: neither the funds nor the person pay less. (Not with half-even, nor with words about the bill.)"""
    last = visits[-1]
    before = settler(rules, visits)[-1]
    after = settler(rules, [*visits[:-1], replace(last, total=last.total + more, in_scope=last.in_scope + more)])[-1]
    assert fund_pay(after) >= fund_pay(before)
    assert after.cash >= before.cash
    assert after.pool_pay >= before.pool_pay


RAISED = st.sampled_from(["rate_plus", "deductible", "threshold", "caps", "selfpay_factor"])


@few
@given(
    plain_rules(),
    stays(),
    RAISED,
    st.sampled_from(["inpatient", "critical", "aid"]),
    st.sampled_from(["0.01", "0.1", "0.5"]),
)
def test_a_better_entitlement_never_costs_cash(
    settler: Settler, rules: dict[str, Any], visits: list[Visit], knob: str, part: str, step: str
) -> None:
    """The identity gets more from one part; the history is the same, the last visit is the first with the identity.

    Where rates fall from band to band it may: a lower yearly threshold moves the slice of a later bill into the next band.
    """
    ordinary = {"identity.order": ["tekun"], **rules, **rising(rules)}
    better = {**ordinary, **improved(rules, f"resident.{part}", knob, step)}
    visits = [*visits[:-1], replace(visits[-1], identities=("tekun",))]
    assert settler(better, visits)[-1].cash <= settler(ordinary, visits)[-1].cash


def rising(rules: dict[str, Any]) -> dict[str, Any]:
    """The same bands, no rate below that of the band before."""
    found = {}
    for key, rows in rules.items():
        if key.endswith(".bands"):
            rates = sorted(row["rate"] for row in rows)
            found[key] = [{**row, "rate": rate} for row, rate in zip(rows, rates, strict=True)]
    return found


def improved(rules: dict[str, Any], part: str, knob: str, step: str) -> dict[str, Any]:
    if f"{part}.caps" not in rules:
        return {}
    if knob == "rate_plus":
        return {f"{part}.rate_plus": [{"tekun": step, "else": 0}]}
    if knob == "selfpay_factor":
        return {f"{part}.selfpay_factor": {"tekun": step, "else": 1}}
    if knob == "caps":
        return {
            f"{part}.caps": [
                {**cap, "amount": {"tekun": "none", "else": cap["amount"]}} for cap in rules[f"{part}.caps"]
            ]
        }
    key = f"{part}.deductible" if part.endswith("inpatient") else f"{part}.threshold"
    return {key: {"tekun": Decimal(rules[key]) * (1 - Decimal(step)), "else": rules[key]}}
