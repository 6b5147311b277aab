"""The one place where benefits are computed: visits in order of person and time → what each fund and the patient pay.

The order of one visit is that of ADR 0014 (benefits.md §7). Everything is whole fen and millionths in int64; a reversal negates
what its visit was and takes it out of the accumulators. `settle.py_func` is the same function without compilation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba
import numpy as np

if TYPE_CHECKING:
    from yibao.settle.arrays import Ints, Rules, State, Visits

# What numba compiles into the kernel stands in this file: its cache watches no other.

NO_LIMIT = -1  #: a cap that counts but does not limit; a rule that is not used
NO_END = np.iinfo(np.int64).max  #: the upper end of the last band
LARGEST = 10**12  #: fen of one amount of one visit: with millionths it stays inside int64

MID_STAY, TRANSFER, UP, DOWN = range(1, 5)  #: arrays.CONTINUES, 0 a new visit

YEARS = 4  #: benefit years that an accumulator keeps
EVERY_YEAR = 10_000  #: more than any year; a multiple of YEARS
MAX_LAYERS = 8  #: the pool and seven others
FUNDS = 9  #: plan.Fund
COMPONENTS = 7  #: plan.Component

#: the places in a row of the result
(
    PLAN_USED,
    NTH,
    COUNTS,
    CHAIN,
    LINKED,
    STANDARD,
    DUE,
    DEDUCTIBLE,
    FIRST,
    FUND_TOTAL,
    ACCOUNT,
    FAMILY,
    CASH,
    BALANCE,
) = range(14)
FUND = BALANCE + 1  #: and the eight that follow: what each fund pays
BASE = FUND + FUNDS  #: by layer: what the fund looks at
OWED = BASE + MAX_LAYERS  #: by layer: what its bands give, before its caps
PAY = OWED + MAX_LAYERS
LIMIT = PAY + MAX_LAYERS  #: by layer: what its caps left, NO_LIMIT where none limits
WIDTH = LIMIT + MAX_LAYERS

#: the places in a row of reported amounts
REPORTED_DEDUCTIBLE, REPORTED_FUND = 0, 1
REPORTED_ACCOUNT = REPORTED_FUND + FUNDS
REPORTED_WIDTH = REPORTED_ACCOUNT + 1

#: the steps of a trace, whose rows are (step, layer, a, b, c, result)
(T_ADMISSION, T_FIRST, T_DEDUCTIBLE, T_BASE, T_BAND, T_DUE, T_CAP, T_JOINT, T_PAY, T_ACCOUNT, T_FAMILY, T_CASH) = range(
    12
)
TRACE_COLUMNS = 6
TRACE_ROWS = 400

RATE_BASE = 1_000_000
VISIT, MONTH, QUARTER, YEAR, INSTITUTION = range(5)  #: plan.Per
ROUND_HALF_EVEN, ROUND_DOWN = 1, 2  #: plan.Rounding
MERGES_MID_STAY, MERGES_TRANSFER = 1, 2  #: bits of plan.Merge
OF_OVER_POOL_CAP, OF_COINSURANCE, OF_DEDUCTIBLE, OF_FIRST_PAY, OF_PRE_SELFPAY, OF_OVER_CAP, OF_FULL_SELFPAY = range(
    7
)  #: plan.Component
HOSPITAL = 8  #: plan.Fund: a burden of the hospital

F = TypeVar("F", bound=Callable[..., object])


def _compiled(function: F, **more: bool) -> F:
    """Compiled without numba's reference counts, which cost ten times what the arithmetic does: nothing here may make an array."""
    options: dict[str, Any] = {"cache": True, "error_model": "numpy", "nogil": True, "_nrt": False, **more}
    return cast(F, numba.njit(**options)(function))


def _within(function: F) -> F:
    """Compiled into its caller: a call would hand over every array of the state, which costs five times what the work does."""
    return _compiled(function, forceinline=True)


@_compiled
def settle(visits: Visits, rules: Rules, state: State, out: Ints, trace: Ints, traced: int) -> int:
    """Fill `out` (visits × WIDTH, zeros); the trace of the visit at place `traced` into `trace`, and how many rows that took.

    The arrays hold whole persons; `state` is fresh. Where it has reported amounts (of all visits, or of the first ones), they are
    what counts and what `out` says; what each step should have been, given that all before it were as reported, is written to
    `state.expected`.
    """
    first, spent = 0, 0
    for i in range(visits.person.size):
        replayed = i < state.reported.shape[0]
        if i and visits.person[i] != visits.person[i - 1]:
            first, spent = i, 0
        if visits.reverses[i] >= 0:
            j = visits.reverses[i]
            state.undone[i] = state.undone[j] = 1
            for place in range(WIDTH):
                out[i, place] = -out[j, place]
            for place in range(state.expected.shape[1] if replayed else 0):
                state.expected[i, place] = -state.reported[j, place]
            state.now[1] = first
            _take_back(visits, rules, state, out, j)
        else:
            notes = trace if i == traced else trace[:0]
            _visit(visits, rules, state, out, i, first, replayed, notes)
            _patient(visits, rules, state, out, i, spent, replayed, notes)
        spent += out[i, ACCOUNT]
    return int(state.told[0])


@_within
def _visit(
    visits: Visits, rules: Rules, state: State, out: Ints, i: int, first: int, replayed: bool, notes: Ints
) -> None:
    """Steps 1 to 6: what the funds pay, and what of the bill is left by component."""
    state.now[0], state.now[1] = i, first
    year, month = visits.year[i], visits.month[i]
    plan = rules.plans[_admitted(visits, rules, state, out, i, notes)]
    out[i, FIRST] = _rounded(visits.in_scope[i] * plan.first_pay, plan.rounding)
    _note(state, notes, T_FIRST, 0, visits.in_scope[i], plan.first_pay, 0, out[i, FIRST])
    scope = visits.in_scope[i] - out[i, FIRST]
    deductible = _deductible(visits, rules, state, out, i, first, plan, scope, replayed, notes)

    state.left[OF_FIRST_PAY], state.left[OF_DEDUCTIBLE] = out[i, FIRST], deductible
    state.left[OF_PRE_SELFPAY], state.left[OF_OVER_CAP], state.left[OF_FULL_SELFPAY] = (
        visits.pre_selfpay[i],
        visits.over_cap[i],
        visits.full_selfpay[i],
    )
    joint_base = visits.total[i] if plan.joint_of_total else visits.in_scope[i]
    joint = joint_base * plan.joint_rate // RATE_BASE if plan.joint_rate >= 0 else NO_LIMIT
    for k in range(plan.layers):
        layer = rules.layers[plan.layer + k]
        before = _used(state, layer.slot, YEAR, year, month) if layer.yearly else 0
        base, lo, hi = _slice(state, layer, k, before, scope, deductible)
        _note(state, notes, T_BASE, k, before, layer.threshold, base, hi - lo)
        due = _banded(rules, state, plan, layer, lo, hi, k, notes)
        if layer.yearly:
            _add(state, layer.slot, YEAR, year, month, base)
        limit = _capped(rules, state, layer, year, month, visits.cap_raise[i], k, notes)
        if joint >= 0:
            paid = out[i, FUND_TOTAL] + out[i, FUND + HOSPITAL]
            rest = max(0, joint - paid)
            _note(state, notes, T_JOINT, k, joint_base, plan.joint_rate, paid, rest)
            limit = rest if limit < 0 else min(limit, rest)
        pay = due if limit < 0 else min(due, limit)
        if k > 0:
            pay = min(pay, base)
        if replayed:
            state.expected[i, REPORTED_FUND + layer.fund] += pay
            pay = _reported(rules, state, plan, out, i, k, pay)
        if k == 0:
            cut = max(0, due - pay)
            state.left[OF_COINSURANCE], state.left[OF_OVER_POOL_CAP] = max(0, scope - deductible - pay - cut), cut
        else:
            _take(state, layer.base, pay)
        _book(rules, state, out, i, k, layer, year, month, pay)
        out[i, BASE + k], out[i, OWED + k], out[i, LIMIT + k] = base, due, limit
        _note(state, notes, T_PAY, k, due, limit, layer.fund, pay)


@_within
def _admitted(visits: Visits, rules: Rules, state: State, out: Ints, i: int, notes: Ints) -> int:
    """Step 2: which admission of the year this is, and so which plan holds; its row."""
    year, month = visits.year[i], visits.month[i]
    plan = rules.plans[visits.plan[i]]
    counts = plan.counts
    nth = max(1, _used(state, plan.admissions_slot, YEAR, year, month) + counts)
    used = visits.plan[i] + min(nth - 1, plan.further)
    _add(state, rules.plans[used].admissions_slot, YEAR, year, month, counts)
    out[i, PLAN_USED], out[i, NTH], out[i, COUNTS] = used, nth, counts
    _note(state, notes, T_ADMISSION, 0, counts, visits.continues[i], 0, nth)
    return int(used)


@_within
def _book(rules: Rules, state: State, out: Ints, i: int, k: int, layer: Any, year: int, month: int, pay: int) -> None:
    """What a layer pays: into its caps, to its fund."""
    for c in range(layer.cap, layer.cap + layer.caps):
        cap = rules.caps[c]
        if cap.counts:
            _add(state, cap.slot, cap.per, year, month, pay)
    out[i, PAY + k] = pay
    out[i, FUND + layer.fund] += pay
    if layer.fund != HOSPITAL:
        out[i, FUND_TOTAL] += pay


@_within
def _slice(state: State, layer: Any, k: int, before: int, scope: int, deductible: int) -> tuple[int, int, int]:
    """What a layer looks at, and the part (lo, hi] of it that its bands are laid over."""
    if k == 0:
        base = scope if layer.from_zero else scope - deductible
        return base, before + (deductible if layer.from_zero else 0), before + base
    base = _left(state, layer.base)
    lo, hi = max(before, layer.threshold), max(before + base, layer.threshold)
    if not layer.from_zero:
        lo, hi = lo - layer.threshold, hi - layer.threshold
    return base, lo, hi


@_within
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
        (continues == MID_STAY and plan.merge & MERGES_MID_STAY)
        or (continues >= TRANSFER and plan.merge & MERGES_TRANSFER)
        or (continues >= UP and plan.continuous)
    )
    year, month = visits.year[i], visits.month[i]
    out[i, CHAIN] = _chain(visits, rules, state, out, i, first, plan.deductible_slot)
    out[i, LINKED] = 1 if linked else 0
    paid = 0
    if plan.deductible_per == INSTITUTION:
        for j in range(first, i):
            same = visits.year[j] == year and visits.provider[j] == visits.provider[i] and not state.undone[j]
            if same and rules.plans[out[j, PLAN_USED]].deductible_slot == plan.deductible_slot:
                paid += out[j, DEDUCTIBLE]
    elif plan.deductible_per > 0:
        paid = _used(state, plan.deductible_slot + _offset(plan.deductible_per), plan.deductible_per, year, month)
    if linked:
        paid = max(paid, _paid_in_chain(state, out, i, first))
        if continues == DOWN and plan.continuous:
            paid = max(paid, plan.deductible)
    due = max(0, plan.deductible - paid)
    done = min(due, scope)
    if replayed:
        state.expected[i, REPORTED_DEDUCTIBLE] = done
        done = min(state.reported[i, REPORTED_DEDUCTIBLE], scope)
    _add_deductible(state, plan.deductible_slot, year, month, done)
    out[i, STANDARD], out[i, DUE], out[i, DEDUCTIBLE] = plan.deductible, due, done
    _note(state, notes, T_DEDUCTIBLE, 0, plan.deductible, paid, due, done)
    return int(done)


@_within
def _chain(visits: Visits, rules: Rules, state: State, out: Ints, i: int, first: int, slot: int) -> int:
    """The chain of a visit: that of the last one that stands under this deductible if it continues that, else a new one.

    Visits of another deductible in between break no chain.
    """
    if visits.continues[i]:
        for j in range(i - 1, first - 1, -1):
            if not state.undone[j] and rules.plans[out[j, PLAN_USED]].deductible_slot == slot:
                return int(out[j, CHAIN])
    return i + 1


@_within
def _paid_in_chain(state: State, out: Ints, i: int, first: int) -> int:
    """Deductibles of the visits in the chain of this one that still stand."""
    paid = 0
    for j in range(first, i):
        if not state.undone[j] and out[j, CHAIN] == out[i, CHAIN]:
            paid += out[j, DEDUCTIBLE]
    return paid


@_within
def _reported(rules: Rules, state: State, plan: Any, out: Ints, i: int, k: int, pay: int) -> int:
    """What a layer is reported to have paid: of a fund with several layers each but the last as computed, as far as it goes."""
    fund = rules.layers[plan.layer + k].fund
    rest = state.reported[i, REPORTED_FUND + fund] - out[i, FUND + fund]
    for later in range(k + 1, plan.layers):
        if rules.layers[plan.layer + later].fund == fund:
            return int(min(pay, rest))
    return int(rest)


@_within
def _banded(rules: Rules, state: State, plan: Any, layer: Any, lo: int, hi: int, k: int, notes: Ints) -> int:
    """Σ of the parts of (lo, hi] in each band at its rate, rounded once, or each by itself where the pack says so."""
    exact, rounded, low = 0, 0, 0
    for b in range(layer.band, layer.band + layer.bands):
        band = rules.bands[b]
        start, end = max(lo, low), min(hi, band.upto)
        if end > start:
            exact += (end - start) * band.rate
            rounded += _rounded((end - start) * band.rate, plan.rounding)
            _note(state, notes, T_BAND, k, start, end, band.rate, (end - start) * band.rate)
        low = band.upto
    due = rounded if plan.round_each_band else _rounded(exact, plan.rounding)
    _note(state, notes, T_DUE, k, lo, hi, 0, due)
    return int(due)


@_within
def _capped(rules: Rules, state: State, layer: Any, year: int, month: int, cap_raise: int, k: int, notes: Ints) -> int:
    """What the tightest cap of a layer leaves, NO_LIMIT where none limits."""
    limit = NO_LIMIT
    for c in range(layer.cap, layer.cap + layer.caps):
        cap = rules.caps[c]
        if cap.amount < 0:
            continue
        amount = cap.amount
        if cap.per == YEAR and layer.cap_raise >= 0:
            amount += min(cap_raise, cap.amount * layer.cap_raise // RATE_BASE)
        used = _used(state, cap.slot, cap.per, year, month)
        rest = max(0, amount - used)
        _note(state, notes, T_CAP, k, amount, used, cap.per, rest)
        limit = rest if limit < 0 else min(limit, rest)
    return int(limit)


@_within
def _patient(
    visits: Visits, rules: Rules, state: State, out: Ints, i: int, spent: int, replayed: bool, notes: Ints
) -> None:
    """Step 7: the account, a family member's account, cash."""
    plan = rules.plans[out[i, PLAN_USED]]
    may = _left(state, plan.account)
    balance = max(0, visits.credited[i] - spent)
    own = min(balance, may) if visits.uses_account[i] else 0
    if replayed:
        state.expected[i, REPORTED_ACCOUNT] = own
        own = state.reported[i, REPORTED_ACCOUNT]
    family = min(visits.family[i], may - own) if visits.uses_account[i] else 0
    out[i, ACCOUNT], out[i, FAMILY], out[i, BALANCE] = own, family, balance
    out[i, CASH] = visits.total[i] - out[i, FUND_TOTAL] - out[i, FUND + HOSPITAL] - own - family
    _note(state, notes, T_ACCOUNT, 0, balance, may, visits.uses_account[i], own)
    _note(state, notes, T_FAMILY, 0, visits.family[i], may - own, 0, family)
    _note(state, notes, T_CASH, 0, visits.total[i], out[i, FUND_TOTAL], out[i, FUND + HOSPITAL], out[i, CASH])


@_within
def _take_back(visits: Visits, rules: Rules, state: State, out: Ints, j: int) -> None:
    """Take a visit out of every accumulator that still counts in its period."""
    year, month = visits.year[j], visits.month[j]
    plan = rules.plans[out[j, PLAN_USED]]
    _add(state, plan.admissions_slot, YEAR, year, month, -out[j, COUNTS])
    _add_deductible(state, plan.deductible_slot, year, month, -out[j, DEDUCTIBLE])
    for k in range(plan.layers):
        layer = rules.layers[plan.layer + k]
        if layer.yearly:
            _add(state, layer.slot, YEAR, year, month, -out[j, BASE + k])
        for c in range(layer.cap, layer.cap + layer.caps):
            cap = rules.caps[c]
            if cap.counts and cap.per != VISIT:
                _add(state, cap.slot, cap.per, year, month, -out[j, PAY + k])


@_within
def _left(state: State, components: int) -> int:
    """What the patient still owes of some components."""
    total = 0
    for component in range(COMPONENTS):
        if components >> component & 1:
            total += state.left[component]
    return int(total)


@_within
def _take(state: State, base: int, pay: int) -> None:
    """Take a fund's payment from the components of its base, in their order."""
    for component in range(COMPONENTS):
        if base >> component & 1:
            part = min(state.left[component], pay)
            state.left[component] -= part
            pay -= part


@_within
def _used(state: State, slot: int, per: int, year: int, month: int) -> int:
    """What an accumulator holds for the period of a visit."""
    of = _period(state, per, year, month)
    at = YEARS * _at(slot, per, month) + of % YEARS
    return int(state.value[at]) if state.stamp[at] == of else 0


@_within
def _add(state: State, slot: int, per: int, year: int, month: int, amount: int) -> None:
    """Book an amount, or take it back. Some years stand side by side: bills of an old one come late."""
    of = _period(state, per, year, month)
    at = YEARS * _at(slot, per, month) + of % YEARS
    if state.stamp[at] < of:
        state.value[at], state.stamp[at] = 0, of
    if state.stamp[at] == of:
        state.value[at] += amount


@_within
def _add_deductible(state: State, slot: int, year: int, month: int, amount: int) -> None:
    """A deductible counts by month, quarter and year, whichever the visits that share it ask for (`compile.PLACES`)."""
    for per in range(MONTH, YEAR + 1):
        _add(state, slot + _offset(per), per, year, month, amount)


@_within
def _offset(per: int) -> int:
    """Where in a deductible's places the months, the quarters and the years begin."""
    if per == QUARTER:
        return 12
    return 16 if per == YEAR else 0


@_within
def _at(slot: int, per: int, month: int) -> int:
    """The place of an accumulator: those by month have twelve, those by quarter four (`compile.PLACES`)."""
    if per == MONTH:
        return int(slot + month % 100 - 1)
    if per == QUARTER:
        return int(slot + (month % 100 - 1) // 3)
    return slot


@_within
def _period(state: State, per: int, year: int, month: int) -> int:
    """What the value of an accumulator must be of: the visit at hand, or the person and the year of discharge or benefit."""
    if per == VISIT:
        return int(state.now[0])
    return int(state.now[1] * EVERY_YEAR + (month // 100 if MONTH <= per <= QUARTER else year))


@_within
def _rounded(millionths: int, mode: int) -> int:
    """Non-negative millionths of a fen as fen."""
    whole, rest = millionths // RATE_BASE, millionths % RATE_BASE
    if mode == ROUND_DOWN or rest * 2 < RATE_BASE:
        return int(whole)
    if rest * 2 == RATE_BASE and mode == ROUND_HALF_EVEN:
        return int(whole + whole % 2)
    return int(whole + 1)


@_within
def _note(state: State, notes: Ints, step: int, k: int, one: int, two: int, three: int, result: int) -> None:
    """A line of the trace, where there is room for it."""
    at = state.told[0]
    if at < notes.shape[0]:
        notes[at, 0], notes[at, 1], notes[at, 2] = step, k, one
        notes[at, 3], notes[at, 4], notes[at, 5] = two, three, result
        state.told[0] = at + 1
