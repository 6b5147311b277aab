"""The "platform": what each visit paid, a plain Decimal reading of the example region's benefit pack.

Written on its own, so that whatever settles later is compared with something that shares no code with it. One person after the
other, in order of settlement; a reversal takes its amounts out of the accumulators again. Money is whole fen; a rate times an
amount is rounded half-up, once per fund; cash is the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from yibao.demo.enrolment import NAMES
from yibao.demo.records import CHRONIC, INPATIENT, PHARMACY
from yibao.region.located import LINE
from yibao.region.packs import Pack

FEN = Decimal(1)
NO_RATIO = -1

#: what the platform sometimes does wrong (truth/platform_deviations), by number
DEVIATIONS = ("", "ratio_of_last_year", "deductible_in_full", "identity_missed", "rounded_down")


def share(fen: int, rate: Decimal, rounding: str = ROUND_HALF_UP) -> int:
    """fen × rate, rounded once.

    >>> share(1005, Decimal("0.5")), share(1005, Decimal("0.5"), ROUND_DOWN)
    (503, 502)
    """
    return int((fen * rate).quantize(FEN, rounding))


def _fen(yuan: Decimal | int) -> int:
    return int(Decimal(yuan) * 100)


@dataclass(frozen=True)
class Policy:
    """The benefits on one day, in fen and Decimal."""

    resident_inpatient: Mapping[str, Any]
    resident_before: Mapping[str, Any]  #: last year's
    employee_inpatient: Mapping[str, Any]
    away: Mapping[str, Any]
    resident_outpatient: Mapping[str, Any]
    employee_outpatient: Mapping[str, Any]
    chronic: Mapping[str, Any]
    critical: Mapping[str, Any]
    large: Mapping[str, Any]
    civil: Decimal
    aid: tuple[tuple[int, Decimal, int] | None, ...]  #: by identity: deductible, ratio, cap

    @classmethod
    def of(cls, pack: Pack, year: int) -> Policy:
        def read(name: str, on: date = date(year, 6, 30)) -> Any:
            return pack.value(f"benefit.{name}", on=on)

        aid = read("medical_aid")
        return cls(
            resident_inpatient=_by_level(read("resident.inpatient")),
            resident_before=_by_level(read("resident.inpatient", date(year - 1, 12, 31))),
            employee_inpatient=_by_level(read("employee.inpatient")),
            away=read("away"),
            resident_outpatient=_by_level(read("resident.outpatient")),
            employee_outpatient=_by_level(read("employee.outpatient")),
            chronic=read("chronic"),
            critical=read("critical_illness"),
            large=read("large_amount"),
            civil=Decimal(read("civil_servant")),
            aid=tuple(_aid(aid[name]) if name in aid else None for name in NAMES),
        )


def _by_level(value: Mapping[str, Any]) -> dict[str, Any]:
    """The lists by hospital level as tuples: level 0 first."""
    found = dict(value)
    for key in ("deductible", "ratio"):
        if isinstance(found.get(key), Mapping):
            convert = _fen if key == "deductible" else Decimal
            found[key] = tuple(convert(found[key][str(level)]) for level in range(4))
    if "bands" in found:
        found["bands"] = [
            (_fen(band["to"]) if "to" in band else None, tuple(Decimal(band["ratio"][str(level)]) for level in range(4)))
            for band in found["bands"]
        ]
    return {key: value for key, value in found.items() if key != LINE}


def _aid(value: Mapping[str, Any]) -> tuple[int, Decimal, int]:
    return _fen(value["deductible"]), Decimal(value["ratio"]), _fen(value["cap"])


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
    account: int = 0
    cash: int = 0
    counts: int = 0


def settle(policy: Policy, claim: Claim, year: Year, balance: int) -> Paid:
    """The payers of one claim. Changes nothing: `book` does."""
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
    paid.account = min(balance, left) if claim.employee and claim.uses_account else 0
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


def _deductible(rules: Mapping[str, Any], claim: Claim, year: Year, paid: Paid) -> int:
    """The in-scope amount above this stay's deductible, less what must be paid first away from home."""
    standard = rules["deductible"][claim.level]
    again = year.admissions > 0 and DEVIATIONS[claim.deviation] != "deductible_in_full"
    paid.deductible_standard, paid.counts = standard, 1
    paid.deductible_this = share(standard, Decimal(rules["again"])) if again else standard
    paid.deductible_paid = min(paid.deductible_this, claim.in_scope)
    return claim.in_scope - paid.deductible_paid


def _away(policy: Policy, claim: Claim, base: int) -> int:
    if not claim.away:
        return base
    return base - share(base, Decimal(policy.away["referred" if claim.away == 1 else "manual"]))


def _rounding(claim: Claim) -> str:
    return ROUND_DOWN if DEVIATIONS[claim.deviation] == "rounded_down" else ROUND_HALF_UP


def _resident_stay(policy: Policy, claim: Claim, year: Year, paid: Paid) -> None:
    rules = policy.resident_inpatient
    base = _away(policy, claim, _deductible(rules, claim, year, paid))
    old = DEVIATIONS[claim.deviation] == "ratio_of_last_year"
    ratio = (policy.resident_before if old else rules)["ratio"][claim.level]
    paid.ratio = int(ratio * 10_000)
    paid.pool = max(0, min(share(base, ratio, _rounding(claim)), _fen(rules["cap"]) - year.pool))


def _employee_stay(policy: Policy, claim: Claim, year: Year, paid: Paid) -> None:
    rules = policy.employee_inpatient
    base = _away(policy, claim, _deductible(rules, claim, year, paid))
    exact, low = Decimal(0), 0
    for to, ratios in rules["bands"]:
        high = base if to is None else min(base, to)
        bonus = Decimal(rules["retired"]) if claim.retired else Decimal(0)
        exact += (high - low) * (ratios[claim.level] + bonus) if high > low else 0
        low = max(high, low)
    due = int(exact.quantize(FEN, _rounding(claim)))
    paid.pool = max(0, min(due, _fen(rules["cap"]) - year.pool))
    paid.large = max(0, min(share(due - paid.pool, Decimal(policy.large["ratio"])), _fen(policy.large["cap"]) - year.large))
    if claim.civil:
        paid.civil = share(claim.in_scope - paid.pool - paid.large, policy.civil)


def _outpatient(policy: Policy, claim: Claim, year: Year, paid: Paid) -> None:
    if not claim.employee:
        rules = policy.resident_outpatient
        ratio = rules["ratio"][claim.level]
        paid.ratio = int(ratio * 10_000)
        paid.pool = max(0, min(share(claim.in_scope, ratio), _fen(rules["cap"]) - year.outpatient))
        return
    rules = policy.employee_outpatient
    paid.deductible_standard = _fen(rules["deductible"])
    paid.deductible_this = max(0, paid.deductible_standard - year.outpatient_deductible)
    paid.deductible_paid = min(paid.deductible_this, claim.in_scope)
    ratio = rules["ratio"][claim.level] + (Decimal(rules["retired"]) if claim.retired else 0)
    paid.ratio = int(ratio * 10_000)
    cap = _fen(rules["cap_retired" if claim.retired else "cap"])
    paid.pool = max(0, min(share(claim.in_scope - paid.deductible_paid, ratio), cap - year.outpatient))


def _chronic(policy: Policy, claim: Claim, year: Year, paid: Paid) -> None:
    ratio = Decimal(policy.chronic["employee" if claim.employee else "resident"])
    limit = _fen(policy.chronic["limits"][claim.illness])
    paid.ratio = int(ratio * 10_000)
    paid.pool = max(0, min(share(claim.in_scope, ratio), limit - year.chronic.get(claim.illness, 0)))


def _critical(policy: Policy, claim: Claim, year: Year, paid: Paid) -> None:
    """On the year's in-scope self-pay above the threshold: this claim's part of the bands, rounded once."""
    rules, poor = policy.critical, any(policy.aid[i] is not None for i in _counted(claim))
    threshold = share(_fen(rules["threshold"]), Decimal(rules["poor_threshold"])) if poor else _fen(rules["threshold"])
    bonus = Decimal(rules["poor_bonus"]) if poor else Decimal(0)
    before = max(0, year.own - threshold)
    after = max(0, year.own + claim.in_scope - paid.pool - threshold)
    exact, low = Decimal(0), 0
    for band in rules["bands"]:
        high = _fen(band["to"]) if "to" in band else after
        inside = max(0, min(after, high) - max(before, low))
        exact += inside * (Decimal(band["ratio"]) + bonus)
        low = high
    limit = paid.critical + 10**12 if poor else _fen(rules["cap"]) - year.critical
    paid.critical = max(0, min(int(exact.quantize(FEN, ROUND_HALF_UP)), limit))


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
