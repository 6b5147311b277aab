"""The one place where benefits are computed: visits in order of person and time → what each fund and the patient pay.

The order of one visit is that of ADR 0014 (benefits.md §7). Everything is whole fen and millionths in int64; a reversal negates
what its visit was and takes it out of the accumulators. `settle.py_func` is the same function without compilation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

from yibao.settle import arrays as a
from yibao.settle.arrays import Ints, Rules, State, Visits

RATE_BASE = 1_000_000
MONTH, QUARTER, YEAR, INSTITUTION = 1, 2, 3, 4  #: plan.Per
HALF_EVEN, DOWN = 1, 2  #: plan.Rounding
MERGES_MID_STAY, MERGES_TRANSFER = 1, 2  #: bits of plan.Merge
OVER_POOL_CAP, COINSURANCE, DEDUCTIBLE, FIRST_PAY, PRE_SELFPAY, OVER_CAP, FULL_SELFPAY = range(7)  #: plan.Component
HOSPITAL = 8  #: plan.Fund: a burden of the hospital

F = TypeVar("F", bound=Callable[..., object])


def _jit(function: F) -> F:
    """Compiled without numba's reference counts, which cost ten times what the arithmetic does: nothing here may make an array."""
    options: dict[str, Any] = {"cache": True, "error_model": "numpy", "_nrt": False, "nogil": True}
    return cast(F, numba.njit(**options)(function))


@_jit
def settle(visits: Visits, rules: Rules, state: State, out: Ints, trace: Ints, traced: int) -> int:
    """Fill `out` (visits × WIDTH, zeros); the trace of the visit at place `traced` into `trace`, and how many rows that took.

    The arrays hold whole persons; `state` is fresh. Where it has reported amounts, they are what counts and what `out` says; what
    each step should have been, given that all before it were as reported, is written to `state.expected`.
    """
    first, spent = 0, 0
    replayed = state.reported.shape[0] > 0
    for i in range(visits.person.size):
        if i and visits.person[i] != visits.person[i - 1]:
            first, spent = i, 0
            state.stamp[:] = -1
        if visits.reverses[i] >= 0:
            j = visits.reverses[i]
            state.undone[i] = state.undone[j] = 1
            for place in range(a.WIDTH):
                out[i, place] = -out[j, place]
            for place in range(state.expected.shape[1] if replayed else 0):
                state.expected[i, place] = -state.reported[j, place]
            _take_back(visits, rules, state, out, j)
        else:
            notes = trace if i == traced else trace[:0]
            _visit(visits, rules, state, out, i, first, replayed, notes)
            _patient(visits, rules, state, out, i, spent, replayed, notes)
        spent += out[i, a.ACCOUNT]
    return int(state.told[0])


@_jit
def _visit(
    visits: Visits, rules: Rules, state: State, out: Ints, i: int, first: int, replayed: bool, notes: Ints
) -> None:
    """Steps 1 to 6: what the funds pay, and what of the bill is left by component."""
    year, month = visits.year[i], visits.month[i]
    plan = rules.plans[visits.plan[i]]
    counts = plan.counts
    nth = max(1, _used(state, plan.admissions_slot, year) + counts)
    out[i, a.PLAN_USED] = visits.plan[i] + min(nth - 1, plan.further)
    plan = rules.plans[out[i, a.PLAN_USED]]
    _add(state, plan.admissions_slot, year, counts)
    out[i, a.NTH], out[i, a.COUNTS] = nth, counts
    _note(state, notes, a.T_ADMISSION, 0, counts, visits.continues[i], 0, nth)

    out[i, a.FIRST] = _rounded(visits.in_scope[i] * plan.first_pay, plan.rounding)
    _note(state, notes, a.T_FIRST, 0, visits.in_scope[i], plan.first_pay, 0, out[i, a.FIRST])
    scope = visits.in_scope[i] - out[i, a.FIRST]
    deductible = _deductible(visits, rules, state, out, i, first, plan, scope, replayed, notes)

    state.left[FIRST_PAY], state.left[DEDUCTIBLE] = out[i, a.FIRST], deductible
    state.left[PRE_SELFPAY], state.left[OVER_CAP], state.left[FULL_SELFPAY] = (
        visits.pre_selfpay[i],
        visits.over_cap[i],
        visits.full_selfpay[i],
    )
    joint_base = visits.total[i] if plan.joint_of_total else visits.in_scope[i]
    joint = joint_base * plan.joint_rate // RATE_BASE if plan.joint_rate >= 0 else a.NO_LIMIT
    for k in range(plan.layers):
        layer = rules.layers[plan.layer + k]
        before = _used(state, layer.slot, year) if layer.yearly else 0
        if k == 0:
            base = scope if layer.from_zero else scope - deductible
            lo, hi = before + (deductible if layer.from_zero else 0), before + base
        else:
            base = 0
            for component in range(a.COMPONENTS):
                if layer.base >> component & 1:
                    base += state.left[component]
            lo, hi = max(before, layer.threshold), max(before + base, layer.threshold)
            if not layer.from_zero:
                lo, hi = lo - layer.threshold, hi - layer.threshold
        _note(state, notes, a.T_BASE, k, before, layer.threshold, base, hi - lo)
        due = _banded(rules, state, plan, layer, lo, hi, k, notes)
        if layer.yearly:
            _add(state, layer.slot, year, base)
        limit = _capped(rules, state, layer, year, month, visits.cap_raise[i], k, notes)
        if joint >= 0 and layer.fund != HOSPITAL:
            rest = joint - out[i, a.FUND_TOTAL]
            _note(state, notes, a.T_JOINT, k, joint_base, plan.joint_rate, out[i, a.FUND_TOTAL], rest)
            limit = rest if limit < 0 else min(limit, rest)
        pay = due if limit < 0 else min(due, limit)
        if k > 0:
            pay = min(pay, base)
        if replayed:
            state.expected[i, a.REPORTED_FUND + layer.fund] += pay
            pay = _reported(rules, state, plan, out, i, k, pay)
        if k == 0:
            out[i, a.POOL_DUE] = due
            cut = max(0, due - pay)
            state.left[COINSURANCE], state.left[OVER_POOL_CAP] = max(0, scope - deductible - pay - cut), cut
        else:
            _take(state, layer.base, pay)
        for c in range(layer.cap, layer.cap + layer.caps):
            if rules.caps[c].per > 0:
                _add(state, rules.caps[c].slot, _period(rules.caps[c].per, year, month), pay)
        out[i, a.BASE + k], out[i, a.LIMIT + k], out[i, a.PAY + k] = base, limit, pay
        out[i, a.FUND + layer.fund] += pay
        if layer.fund != HOSPITAL:
            out[i, a.FUND_TOTAL] += pay
        _note(state, notes, a.T_PAY, k, due, limit, layer.fund, pay)


@_jit
def _deductible(
    visits: Visits,
    rules: Rules,
    state: State,
    out: Ints,
    i: int,
    first: int,
    plan: Any,
    scope: int,
    replayed: bool,
    notes: Ints,
) -> int:
    """Step 3: the standard less what was paid already, and at most the scope. Chains and institutions look back at the person's visits."""
    continues = visits.continues[i]
    linked = (
        (continues == a.MID_STAY and plan.merge & MERGES_MID_STAY)
        or (continues >= a.TRANSFER and plan.merge & MERGES_TRANSFER)
        or (continues >= a.UP and plan.continuous)
    )
    period = _period(plan.deductible_per, visits.year[i], visits.month[i])
    paid = 0
    if linked:
        out[i, a.LINKED] = 1
        paid = _paid_in_chain(rules, state, out, i, first)
        if continues == a.DOWN and plan.continuous:
            paid = max(paid, plan.deductible)
    elif plan.deductible_per == INSTITUTION:
        for j in range(first, i):
            same = visits.year[j] == visits.year[i] and visits.provider[j] == visits.provider[i] and not state.undone[j]
            if same and rules.plans[out[j, a.PLAN_USED]].deductible_slot == plan.deductible_slot:
                paid += out[j, a.DEDUCTIBLE]
    elif plan.deductible_per > 0:
        paid = _used(state, plan.deductible_slot, period)
    due = max(0, plan.deductible - paid)
    done = min(due, scope)
    if replayed:
        state.expected[i, a.REPORTED_DEDUCTIBLE] = done
        done = min(state.reported[i, a.REPORTED_DEDUCTIBLE], scope)
    _add(state, plan.deductible_slot, period, done)
    out[i, a.STANDARD], out[i, a.DUE], out[i, a.DEDUCTIBLE] = plan.deductible, due, done
    _note(state, notes, a.T_DEDUCTIBLE, 0, plan.deductible, paid, due, done)
    return int(done)


@_jit
def _paid_in_chain(rules: Rules, state: State, out: Ints, i: int, first: int) -> int:
    """Deductibles of the visits that this one continues, back to the one that began the chain."""
    paid = 0
    for j in range(i - 1, first - 1, -1):
        if state.undone[j]:
            continue
        plan = rules.plans[out[j, a.PLAN_USED]]
        if not (plan.merge or plan.continuous):
            continue
        paid += out[j, a.DEDUCTIBLE]
        if not out[j, a.LINKED]:
            break
    return paid


@_jit
def _reported(rules: Rules, state: State, plan: Any, out: Ints, i: int, k: int, pay: int) -> int:
    """What a layer is reported to have paid: of a fund with several layers each but the last as computed, as far as it goes."""
    fund = rules.layers[plan.layer + k].fund
    rest = state.reported[i, a.REPORTED_FUND + fund] - out[i, a.FUND + fund]
    for later in range(k + 1, plan.layers):
        if rules.layers[plan.layer + later].fund == fund:
            return int(min(pay, rest))
    return int(rest)


@_jit
def _banded(rules: Rules, state: State, plan: Any, layer: Any, lo: int, hi: int, k: int, notes: Ints) -> int:
    """Σ of the parts of (lo, hi] in each band at its rate, rounded once, or each by itself where the pack says so."""
    exact, rounded, low = 0, 0, 0
    for b in range(layer.band, layer.band + layer.bands):
        band = rules.bands[b]
        start, end = max(lo, low), min(hi, band.upto)
        if end > start:
            exact += (end - start) * band.rate
            rounded += _rounded((end - start) * band.rate, plan.rounding)
            _note(state, notes, a.T_BAND, k, start, end, band.rate, (end - start) * band.rate)
        low = band.upto
    due = rounded if plan.round_each_band else _rounded(exact, plan.rounding)
    _note(state, notes, a.T_DUE, k, lo, hi, 0, due)
    return int(due)


@_jit
def _capped(rules: Rules, state: State, layer: Any, year: int, month: int, cap_raise: int, k: int, notes: Ints) -> int:
    """What the tightest cap of a layer leaves, NO_LIMIT where none limits."""
    limit = a.NO_LIMIT
    for c in range(layer.cap, layer.cap + layer.caps):
        cap = rules.caps[c]
        if cap.amount < 0:
            continue
        amount = cap.amount
        if cap.per == YEAR and layer.cap_raise >= 0:
            amount += min(cap_raise, cap.amount * layer.cap_raise // RATE_BASE)
        used = _used(state, cap.slot, _period(cap.per, year, month)) if cap.per > 0 else 0
        rest = max(0, amount - used)
        _note(state, notes, a.T_CAP, k, amount, used, cap.per, rest)
        limit = rest if limit < 0 else min(limit, rest)
    return int(limit)


@_jit
def _patient(
    visits: Visits, rules: Rules, state: State, out: Ints, i: int, spent: int, replayed: bool, notes: Ints
) -> None:
    """Step 7: the account, a family member's account, cash."""
    plan = rules.plans[out[i, a.PLAN_USED]]
    may = 0
    for component in range(a.COMPONENTS):
        if plan.account >> component & 1:
            may += state.left[component]
    balance = max(0, visits.credited[i] - spent)
    own = min(balance, may) if visits.uses_account[i] else 0
    if replayed:
        state.expected[i, a.REPORTED_ACCOUNT] = own
        own = state.reported[i, a.REPORTED_ACCOUNT]
    family = min(visits.family[i], may - own)
    out[i, a.ACCOUNT], out[i, a.FAMILY], out[i, a.BALANCE] = own, family, balance
    out[i, a.CASH] = visits.total[i] - out[i, a.FUND_TOTAL] - out[i, a.FUND + HOSPITAL] - own - family
    _note(state, notes, a.T_ACCOUNT, 0, balance, may, visits.uses_account[i], own)
    _note(state, notes, a.T_FAMILY, 0, visits.family[i], may - own, 0, family)
    _note(state, notes, a.T_CASH, 0, visits.total[i], out[i, a.FUND_TOTAL], out[i, a.FUND + HOSPITAL], out[i, a.CASH])


@_jit
def _take_back(visits: Visits, rules: Rules, state: State, out: Ints, j: int) -> None:
    """Take a visit out of every accumulator that still counts in its period."""
    year, month = visits.year[j], visits.month[j]
    plan = rules.plans[out[j, a.PLAN_USED]]
    _subtract(state, plan.admissions_slot, year, out[j, a.COUNTS])
    _subtract(state, plan.deductible_slot, _period(plan.deductible_per, year, month), out[j, a.DEDUCTIBLE])
    for k in range(plan.layers):
        layer = rules.layers[plan.layer + k]
        if layer.yearly:
            _subtract(state, layer.slot, year, out[j, a.BASE + k])
        for c in range(layer.cap, layer.cap + layer.caps):
            if rules.caps[c].per > 0:
                _subtract(state, rules.caps[c].slot, _period(rules.caps[c].per, year, month), out[j, a.PAY + k])


@_jit
def _take(state: State, base: int, pay: int) -> None:
    """Take a fund's payment from the components of its base, in their order."""
    for component in range(a.COMPONENTS):
        if base >> component & 1:
            part = min(state.left[component], pay)
            state.left[component] -= part
            pay -= part


@_jit
def _period(per: int, year: int, month: int) -> int:
    """A number for the period that an accumulator counts over: equal within it, different from all others of its kind."""
    if per == MONTH:
        return month
    if per == QUARTER:
        return month // 100 * 4 + (month % 100 - 1) // 3
    return year


@_jit
def _used(state: State, slot: int, period: int) -> int:
    return int(state.value[slot]) if state.stamp[slot] == period else 0


@_jit
def _add(state: State, slot: int, period: int, amount: int) -> None:
    if state.stamp[slot] != period:
        state.value[slot], state.stamp[slot] = 0, period
    state.value[slot] += amount


@_jit
def _subtract(state: State, slot: int, period: int, amount: int) -> None:
    if state.stamp[slot] == period:
        state.value[slot] -= amount


@_jit
def _rounded(millionths: int, mode: int) -> int:
    """Non-negative millionths of a fen as fen."""
    whole, rest = millionths // RATE_BASE, millionths % RATE_BASE
    if mode == DOWN or rest * 2 < RATE_BASE:
        return int(whole)
    if rest * 2 == RATE_BASE and mode == HALF_EVEN:
        return int(whole + whole % 2)
    return int(whole + 1)


@_jit
def _note(state: State, notes: Ints, step: int, k: int, one: int, two: int, three: int, result: int) -> None:
    """A line of the trace, where there is room for it."""
    at = state.told[0]
    if at < notes.shape[0]:
        notes[at, 0], notes[at, 1], notes[at, 2] = step, k, one
        notes[at, 3], notes[at, 4], notes[at, 5] = two, three, result
        state.told[0] = at + 1
