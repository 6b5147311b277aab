"""What goes into the kernel and what comes out: named int64 columns. Money in fen, rates in millionths.

Inputs are tuples of arrays; rules are record arrays whose rows point at each other by index. The result is one array
with a row per visit: forty columns written side by side would be forty places in memory at once (measured: 2.4 times slower).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from yibao.settle.kernel import (
    ACCOUNT,
    BALANCE,
    BASE,
    CASH,
    CHAIN,
    COMPONENTS,
    COUNTS,
    DEDUCTIBLE,
    DOWN,
    DUE,
    FAMILY,
    FIRST,
    FUND,
    FUND_TOTAL,
    FUNDS,
    LARGEST,
    LIMIT,
    LINKED,
    MAX_LAYERS,
    MID_STAY,
    NO_END,
    NO_LIMIT,
    NTH,
    OWED,
    PAY,
    PLAN_USED,
    REPORTED_ACCOUNT,
    REPORTED_DEDUCTIBLE,
    REPORTED_FUND,
    REPORTED_WIDTH,
    STANDARD,
    T_ACCOUNT,
    T_ADMISSION,
    T_BAND,
    T_BASE,
    T_CAP,
    T_CASH,
    T_DEDUCTIBLE,
    T_DUE,
    T_FAMILY,
    T_FIRST,
    T_JOINT,
    T_PAY,
    TRACE_COLUMNS,
    TRACE_ROWS,
    TRANSFER,
    UP,
    WIDTH,
    YEARS,
)

#: what the kernel says of its own layout, for everyone who reads its result
__all__ = [
    "ACCOUNT",
    "BALANCE",
    "BAND",
    "BASE",
    "CAP",
    "CASH",
    "CHAIN",
    "COMPONENTS",
    "CONTINUES",
    "COUNTS",
    "DEDUCTIBLE",
    "DOWN",
    "DUE",
    "FAMILY",
    "FIRST",
    "FUND",
    "FUNDS",
    "FUND_TOTAL",
    "LARGEST",
    "LAYER",
    "LIMIT",
    "LINKED",
    "MAX_LAYERS",
    "MID_STAY",
    "NO_END",
    "NO_LIMIT",
    "NTH",
    "OWED",
    "PAY",
    "PLAN",
    "PLAN_USED",
    "REPORTED_ACCOUNT",
    "REPORTED_DEDUCTIBLE",
    "REPORTED_FUND",
    "REPORTED_WIDTH",
    "STANDARD",
    "TRACE_COLUMNS",
    "TRACE_ROWS",
    "TRANSFER",
    "T_ACCOUNT",
    "T_ADMISSION",
    "T_BAND",
    "T_BASE",
    "T_CAP",
    "T_CASH",
    "T_DEDUCTIBLE",
    "T_DUE",
    "T_FAMILY",
    "T_FIRST",
    "T_JOINT",
    "T_PAY",
    "UP",
    "WIDTH",
    "YEARS",
    "Ints",
    "Rules",
    "State",
    "Visits",
    "empty_trace",
]

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

CONTINUES = (
    ("new", "新的就诊"),
    ("mid_stay", "中途结算"),
    ("transfer", "转院"),
    ("referral_up", "逐级转诊上转"),
    ("referral_down", "逐级转诊下转"),
)


class Visits(NamedTuple):
    """Visits and reversals, ordered by person and settlement; each array has one number a visit."""

    person: Ints  #: any number, equal for one person
    year: Ints  #: benefit year
    month: Ints  #: yyyymm of the discharge
    plan: Ints  #: row in `Rules.plans` for the first admission of a year
    provider: Ints
    continues: Ints  #: place in CONTINUES
    total: Ints
    full_selfpay: Ints
    over_cap: Ints
    pre_selfpay: Ints
    in_scope: Ints
    credited: Ints  #: what came into the personal account up to this visit, opening balance included
    uses_account: Ints  #: 0 or 1
    family: Ints  #: what a family member's account offers
    cap_raise: Ints  #: what the person's incentives raise annual caps by, before the pack's limit
    reverses: Ints  #: −1, or the place of the visit that this row takes back


def _records(*names: str) -> np.dtype[np.void]:
    return np.dtype([(name, np.int64) for name in names])


PLAN = _records(
    "further", "first_pay", "deductible", "deductible_per", "deductible_slot", "merge", "continuous", "counts", "admissions_slot",
    "layer", "layers", "account", "joint_rate", "joint_of_total", "rounding", "round_each_band",
)  # fmt: skip
LAYER = _records(
    "fund", "base", "yearly", "slot", "threshold", "band", "bands", "from_zero", "cap", "caps", "cap_raise"
)
BAND = _records("upto", "rate")
CAP = _records("slot", "per", "amount", "counts")


class Rules(NamedTuple):
    """Compiled plans: record arrays of PLAN, LAYER, BAND and CAP. A plan's first layer is the pool."""

    plans: np.recarray
    layers: np.recarray
    bands: np.recarray
    caps: np.recarray


class State(NamedTuple):
    """What the kernel writes on while it works."""

    value: Ints  #: by accumulator, for each of YEARS years
    stamp: Ints  #: the period that the value is of
    undone: Ints  #: by visit: 1 once it is taken back, and for the reversal itself
    left: Ints  #: by component: what the patient still owes of the bill at hand
    told: Ints  #: how many rows of the trace are written
    now: Ints  #: the visit at hand, and the first of its person
    reported: Ints  #: of the first visits: deductible, funds, account (REPORTED_…); without rows, nothing was reported
    expected: Ints  #: what each of them should have been, given that all before it were as reported

    @classmethod
    def fresh(cls, slots: int, visits: int, reported: Ints | None = None) -> State:
        """With `reported`, the history is that of the reported amounts."""
        nothing = np.zeros((0, REPORTED_WIDTH), np.int64)
        return cls(
            np.zeros(YEARS * slots, np.int64), np.full(YEARS * slots, -1, np.int64), np.zeros(visits, np.int64),
            np.zeros(COMPONENTS, np.int64), np.zeros(1, np.int64), np.zeros(2, np.int64),
            nothing if reported is None else reported, nothing if reported is None else np.zeros_like(reported),
        )  # fmt: skip


def empty_trace() -> Ints:
    return np.zeros((TRACE_ROWS, TRACE_COLUMNS), np.int64)
