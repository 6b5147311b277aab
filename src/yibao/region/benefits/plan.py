"""A plan: everything that the rules say about one kind of visit, in whole fen and millionths, with the source of each number.

A *situation* is what is known of a visit without its history; `resolve.py` turns it into the plans for the first, second, …
admission of a year. settle/ compiles plans into arrays. Semantics: ADR 0014.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from yibao.region.rules import Value

RATE_BASE = 1_000_000  #: a rate of 1.0


class Component(IntEnum):
    """What a patient still owes of a bill, by kind, in the order in which a later fund's payment is taken from it."""

    OVER_POOL_CAP = 0  #: what a cap of the pool cut off
    COINSURANCE = 1
    DEDUCTIBLE = 2
    FIRST_PAY = 3  #: 转外先行自付
    PRE_SELFPAY = 4  #: 乙类先行自付
    OVER_CAP = 5  #: 超限价
    FULL_SELFPAY = 6


class Fund(IntEnum):
    """Who pays, in the order of the national settlement fields."""

    POOL = 0
    CIVIL_SERVANT = 1
    ENTERPRISE_SUPPLEMENT = 2
    RESIDENT_CRITICAL_ILLNESS = 3
    EMPLOYEE_LARGE_AMOUNT = 4
    DISABLED_PERSON = 5
    MEDICAL_AID = 6
    OTHER = 7
    HOSPITAL = 8  #: 医院减免: a burden of the hospital, no fund


class Per(IntEnum):
    """Over what a deductible or a cap counts."""

    VISIT = 0
    MONTH = 1
    QUARTER = 2
    YEAR = 3
    INSTITUTION = 4  #: deductibles only: a year at one provider


class Merge(IntEnum):
    """MERG_DEDC_TYPE: which continuing settlement shares the deductible of the one before."""

    NONE = 0
    MID_STAY = 1
    TRANSFER = 2
    BOTH = 3


class Rounding(IntEnum):
    HALF_UP = 0
    HALF_EVEN = 1
    DOWN = 2


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides the plan of a visit, apart from its history. `on` is the day whose rules count."""

    scheme: str
    care: str
    on: date
    level: int = 0  #: hospital level 0–3
    area: str = "home"
    across: bool = False  #: in another province
    person: str = "adult"
    identity: str = "ordinary"  #: the one that counts, of several
    civil: bool = False
    enterprise: bool = False
    age: int = 40  #: years at the start of the stay
    disease: str = ""
    provider: str = ""
    maternity: str = ""
    fetus: int = 0
    bill: int = 0  #: total fee, fen
    signed: bool = False
    transfer: bool = False
    mid_stay: bool = False
    epidemic: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    upto: int | None  #: fen, None without end
    rate: int  #: millionths, with what is added and the factor


@dataclass(frozen=True, slots=True)
class Cap:
    slot: str  #: the accumulator it counts against; several layers may share one
    per: Per
    amount: int | None  #: fen; None counts but does not limit


@dataclass(frozen=True, slots=True)
class Layer:
    """One fund's formula. The pool is the first layer of every plan; its base is the scope, its threshold the deductible."""

    name: str  #: `inpatient` for a pool, else `critical`, `aid`, …
    fund: Fund
    base: frozenset[Component]  #: empty for the pool
    yearly: bool
    slot: str  #: accumulator of the year's bases
    threshold: int  #: fen; 0 for the pool
    bands: tuple[Band, ...]
    from_zero: bool
    caps: tuple[Cap, ...]
    cap_raise: int | None  #: millionths of the annual cap up to which incentives raise it


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules of one situation at one admission count. Plans with equal numbers and sources are equal."""

    scheme: str
    care: str
    nth: int
    first_pay: int  #: millionths
    deductible: int  #: fen
    deductible_per: Per
    deductible_slot: str
    merge: Merge
    continuous: bool  #: 逐级转诊连续计算
    counts: bool  #: counts as an admission
    pool: Layer
    layers: tuple[Layer, ...]
    account: frozenset[Component]  #: empty: the account may not pay
    joint_rate: int | None  #: millionths
    joint_of_total: bool  #: of the total fee, else of what is in scope
    rounding: Rounding
    round_each_band: bool
    #: the value behind each key that was read, for the explanation
    sources: Mapping[str, Value] = field(compare=False, hash=False, repr=False)
    cited: tuple[tuple[str, str], ...] = ()  #: (key, source with clause), part of what makes plans equal


def no_benefit(scheme: str, care: str) -> Plan:
    """Who has no claim on the day the stay begins pays all of it, and nothing counts towards anything."""
    pool = Layer(care, Fund.POOL, frozenset(), False, f"{scheme}.none", 0, (Band(None, 0),), True, (), None)
    return Plan(
        scheme, care, 1, 0, 0, Per.VISIT, f"{scheme}.none", Merge.NONE, False, False, pool, (), frozenset(), None, False,
        Rounding.HALF_UP, False, {},
    )  # fmt: skip
