"""The "platform": what each visit paid, a plain Decimal reading of the example region's benefit pack.

Written on its own, so that whatever settles later is compared with something that shares no code with it. One person after the
other, in order of settlement; a reversal takes its amounts out of the accumulators again. Money is whole fen; a rate times an
amount is rounded half-up, once per fund; cash is the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from yibao.demo.policy import Policy
from yibao.demo.records import CHRONIC, INPATIENT, PHARMACY

FEN = Decimal(1)
NO_RATIO = -1

#: what the platform sometimes does wrong (truth/platform_deviations), by number
DEVIATIONS = ("", "ratio_of_last_year", "deductible_in_full", "identity_missed", "rounded_down")


def share(amount: int, rate: Decimal, rounding: str = ROUND_HALF_UP) -> int:
    """amount (fen) × rate, rounded once.

    >>> share(1005, Decimal("0.5")), share(1005, Decimal("0.5"), ROUND_DOWN)
    (503, 502)
    """
    return int((amount * rate).quantize(FEN, rounding))


@dataclass(slots=True)
class Claim:
    """What the platform knows of a visit when it settles."""

    care: int
    employee: bool
    retired: bool
    civil: bool
    level: int
    away: int  #: 0 at home, 1 referred, 2 claimed by hand
    illness: int  #: recognised chronic illness, -1 none
    total: int
    in_scope: int
    identities: tuple[int, ...]  #: held on the first day
    uses_account: bool
    deviation: int = 0
    shares: bool = False  #: may use a family member's account when the own one is empty


@dataclass(slots=True)
class Year:
    """What a person has used of a year so far."""

    admissions: int = 0
    pool: int = 0
    own: int = 0  #: in-scope self-pay of stays and chronic illness
    critical: int = 0
    large: int = 0
    aid_base: int = 0
    aid: int = 0
    outpatient: int = 0
    outpatient_deductible: int = 0
    chronic: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Paid:
    """Who pays what."""

    deductible_standard: int = 0
    deductible_this: int = 0
    deductible_paid: int = 0
    pool: int = 0
    ratio: int = NO_RATIO
    civil: int = 0
    critical: int = 0
    large: int = 0
    aid: int = 0
    account: int = 0  #: the family member's part included
    family: int = 0
    cash: int = 0
    counts: int = 0


def settle(policy: Policy, claim: Claim, year: Year, balance: int, family: int = 0) -> Paid:
    """The payers of one claim; `family`: what a family member's account holds. Changes nothing: `book` does."""
    paid = Paid()
    if claim.care == INPATIENT:
        (_employee_stay if claim.employee else _resident_stay)(policy, claim, year, paid)
    elif claim.care == CHRONIC:
        _chronic(policy, claim, year, paid)
    elif claim.care != PHARMACY:
        _outpatient(policy, claim, year, paid)
    if not claim.employee and claim.care in (INPATIENT, CHRONIC):
        _critical(policy, claim, year, paid)
        _aid_layer(policy, claim, year, paid)
    left = claim.total - paid.pool - paid.civil - paid.critical - paid.large - paid.aid
    own = min(balance, left) if claim.employee and claim.uses_account else 0
    paid.family = min(family, left - own) if claim.shares and claim.uses_account else 0
    paid.account = own + paid.family
    paid.cash = left - paid.account
    return paid


def book(claim: Claim, year: Year, paid: Paid, sign: int = 1) -> None:
    """Put a claim into the accumulators, or take it out (sign −1)."""
    year.pool += sign * paid.pool * (claim.care == INPATIENT)
    year.admissions += sign * paid.counts
    year.large += sign * paid.large
    if claim.care in (INPATIENT, CHRONIC):
        year.own += sign * (claim.in_scope - paid.pool)
        year.aid_base += sign * (claim.in_scope - paid.pool - paid.critical)
    year.critical += sign * paid.critical
    year.aid += sign * paid.aid
    if claim.care == CHRONIC:
        year.chronic[claim.illness] = year.chronic.get(claim.illness, 0) + sign * paid.pool
    elif claim.care not in (INPATIENT, PHARMACY):
        year.outpatient += sign * paid.pool
        year.outpatient_deductible += sign * paid.deductible_paid


def _deductible(rules: Mapping[str, Any], scope: int, claim: Claim, year: Year, paid: Paid) -> int:
    """What of the scope is above this stay's deductible."""
    standard = rules["deductible"][claim.level]
    again = year.admissions > 0 and DEVIATIONS[claim.deviation] != "deductible_in_full"
    paid.deductible_standard, paid.counts = standard, 1
    paid.deductible_this = share(standard, rules["again"]) if again else standard
    paid.deductible_paid = min(paid.deductible_this, scope)
    return scope - paid.deductible_paid


def _scope(policy: Policy, claim: Claim) -> int:
    """The in-scope amount less what must be paid first away from home, before any deductible."""
    if not claim.away:
        return claim.in_scope
    return claim.in_scope - share(claim.in_scope, policy.away["referred" if claim.away == 1 else "manual"])


def _rounding(claim: Claim) -> str:
    return ROUND_DOWN if DEVIATIONS[claim.deviation] == "rounded_down" else ROUND_HALF_UP


def _resident_stay(policy: Policy, claim: Claim, year: Year, paid: Paid) -> None:
    rules = policy.resident_inpatient
    base = _deductible(rules, _scope(policy, claim), claim, year, paid)
    old = DEVIATIONS[claim.deviation] == "ratio_of_last_year"
    ratio = (policy.resident_before if old else rules)["ratio"][claim.level]
    paid.ratio = int(ratio * 10_000)
    paid.pool = max(0, min(share(base, ratio, _rounding(claim)), rules["cap"] - year.pool))


def _employee_stay(policy: Policy, claim: Claim, year: Year, paid: Paid) -> None:
    rules = policy.employee_inpatient
    base = _deductible(rules, _scope(policy, claim), claim, year, paid)
    exact, low = Decimal(0), 0
    bonus = rules["retired"] if claim.retired else 0
    for band in rules["bands"]:
        high = min(base, band.get("to", base))
        exact += (high - low) * (band["ratio"][claim.level] + bonus) if high > low else 0
        low = max(high, low)
    due = int(exact.quantize(FEN, _rounding(claim)))
    paid.pool = max(0, min(due, rules["cap"] - year.pool))
    paid.large = max(0, min(share(due - paid.pool, policy.large["ratio"]), policy.large["cap"] - year.large))
    if claim.civil:
        paid.civil = share(claim.in_scope - paid.pool - paid.large, policy.civil)


def _outpatient(policy: Policy, claim: Claim, year: Year, paid: Paid) -> None:
    if not claim.employee:
        rules = policy.resident_outpatient
        ratio = rules["ratio"][claim.level]
        paid.ratio = int(ratio * 10_000)
        paid.pool = max(0, min(share(claim.in_scope, ratio), rules["cap"] - year.outpatient))
        return
    rules = policy.employee_outpatient
    paid.deductible_standard = rules["deductible"]
    paid.deductible_this = max(0, paid.deductible_standard - year.outpatient_deductible)
    paid.deductible_paid = min(paid.deductible_this, claim.in_scope)
    ratio = rules["ratio"][claim.level] + (rules["retired"] if claim.retired else 0)
    paid.ratio = int(ratio * 10_000)
    cap = rules["cap_retired" if claim.retired else "cap"]
    paid.pool = max(0, min(share(claim.in_scope - paid.deductible_paid, ratio), cap - year.outpatient))


def _chronic(policy: Policy, claim: Claim, year: Year, paid: Paid) -> None:
    ratio, limit = policy.chronic["employee" if claim.employee else "resident"], policy.chronic["limits"][claim.illness]
    paid.ratio = int(ratio * 10_000)
    paid.pool = max(0, min(share(claim.in_scope, ratio), limit - year.chronic.get(claim.illness, 0)))


def _critical(policy: Policy, claim: Claim, year: Year, paid: Paid) -> None:
    """On the year's in-scope self-pay above the threshold: this claim's part of the bands, rounded once."""
    rules, poor = policy.critical, any(policy.aid[i] is not None for i in _counted(claim))
    threshold = share(rules["threshold"], rules["poor_threshold"]) if poor else rules["threshold"]
    after = year.own + claim.in_scope - paid.pool - threshold
    if after <= 0:
        return
    before, bonus = max(0, year.own - threshold), rules["poor_bonus"] if poor else 0
    exact, low = Decimal(0), 0
    for band in rules["bands"]:
        high = band.get("to", after)
        exact += max(0, min(after, high) - max(before, low)) * (band["ratio"] + bonus)
        low = high
    due = int(exact.quantize(FEN, ROUND_HALF_UP))
    paid.critical = due if poor else max(0, min(due, rules["cap"] - year.critical))


def _counted(claim: Claim) -> tuple[int, ...]:
    return () if DEVIATIONS[claim.deviation] == "identity_missed" else claim.identities


def _aid_layer(policy: Policy, claim: Claim, year: Year, paid: Paid) -> None:
    """On what remains in scope; of several identities the one with the highest ratio, once."""
    rules = [found for i in _counted(claim) if (found := policy.aid[i]) is not None]
    if not rules:
        return
    deductible, ratio, cap = max(rules, key=lambda rule: rule[1])
    before = max(0, year.aid_base - deductible)
    after = max(0, year.aid_base + claim.in_scope - paid.pool - paid.critical - deductible)
    paid.aid = max(0, min(share(after - before, ratio), cap - year.aid))
