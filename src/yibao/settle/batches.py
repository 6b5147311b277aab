"""One batch of bills through the kernel: Arrow in, Arrow out. Whole persons, in order of person, benefit year and settlement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yibao.errors import UserError
from yibao.region.benefits.plan import Fund
from yibao.region.benefits.resolve import Benefits
from yibao.settle import arrays as a
from yibao.settle.arrays import Flags, Ints, State, Visits
from yibao.settle.columns import encoded
from yibao.settle.kernel import settle
from yibao.settle.paying import refuse_unpayable
from yibao.settle.situations import Situations
from yibao.store.schema import arrow_schema
from yibao.vocabulary.tables import load_tables

#: what each fund's payment is called in a settlement
FUND_COLUMNS = {
    Fund.POOL: "pool_fund_pay", Fund.CIVIL_SERVANT: "civil_servant_pay", Fund.ENTERPRISE_SUPPLEMENT: "enterprise_supplement_pay",
    Fund.RESIDENT_CRITICAL_ILLNESS: "resident_critical_illness_pay", Fund.EMPLOYEE_LARGE_AMOUNT: "employee_large_amount_pay",
    Fund.DISABLED_PERSON: "disabled_person_pay", Fund.MEDICAL_AID: "medical_aid_pay", Fund.OTHER: "other_fund_pay",
    Fund.HOSPITAL: "hospital_burden",
}  # fmt: skip
COPIED = (
    "person_no", "benefit_year", "settlement_time", "bill_id", "reverses_bill_id", "visit_id", "provider_code", "insurance_type",
    "care_type", "settlement_type", "total_fee", "full_selfpay_total", "over_cap_total", "pre_selfpay_total", "in_scope_total",
)  # fmt: skip
_PLACES = {
    "admission_no": a.NTH, "first_pay": a.FIRST, "deductible_standard": a.STANDARD, "deductible_this_visit": a.DUE,
    "deductible_paid": a.DEDUCTIBLE, "pool_due": a.OWED, "fund_pay_total": a.FUND_TOTAL, "account_family_pay": a.FAMILY,
    "cash_pay": a.CASH, **{column: a.FUND + fund for fund, column in FUND_COLUMNS.items()},
}  # fmt: skip
_AMOUNTS = ("total_fee", "full_selfpay_total", "over_cap_total", "pre_selfpay_total", "in_scope_total")
#: columns of bills with few values: read as dictionaries, they need not be told apart again
CODES = (
    "provider_code", "insurance_type", "person_category", "care_type", "settlement_type", "hospital_level", "away_kind", "identity_type",
    "disease_code", "maternity_type", "continues",
)  # fmt: skip
RESULT = arrow_schema(load_tables().tables["computed_settlements"])


@dataclass
class Settler:
    """Settles batches under one set of rules; a function that `Workspace.apply` can carry to another machine."""

    benefits: Benefits
    paying: bool = False  #: refuse rules that may only check (`paying`)

    def __post_init__(self) -> None:
        self.situations = Situations(self.benefits)
        self._payable = 0  #: how many plans have been looked at
        self._out = np.zeros((0, a.WIDTH), np.int64)

    def __call__(self, bills: pa.Table) -> pa.Table:
        """Rows of computed_settlements for the bills, in their order. UserError where a rule is missing, or may not pay."""
        plans = self.situations.numbers(bills)
        if self.paying:
            for plan in self.situations.compiled.plans[self._payable :]:
                refuse_unpayable(plan, self.benefits.pack)
            self._payable = len(self.situations.compiled.plans)
        out = self._run(visits_of(bills, plans), None, self._cleared(bills.num_rows))[0]
        return result(bills, out, self.situations.compiled.codes)

    def settled(self, visits: Visits, reported: Ints | None = None) -> Ints:
        """The kernel's amounts, a row a visit (`arrays`); the first visits as `reported`, where that is given."""
        return self._run(visits, reported)[0]

    def _cleared(self, size: int) -> Ints:
        """The zeros of the last batch again: new memory for each would cost more than the kernel."""
        if self._out.shape[0] < size:
            self._out = np.zeros((size, a.WIDTH), np.int64)
        out = self._out[:size]
        out.fill(0)
        return out

    def expected(self, visits: Visits, reported: Ints) -> Ints:
        """What each reported amount should have been (`arrays.REPORTED_…`), all before it being as reported."""
        return self._run(visits, reported)[1].expected

    def _run(self, visits: Visits, reported: Ints | None, out: Ints | None = None) -> tuple[Ints, State]:
        """The kernel over whole persons; the result goes to `out` where zeros are given."""
        out = np.zeros((visits.person.size, a.WIDTH), np.int64) if out is None else out
        state = State.fresh(self.situations.compiled.slots, visits.person.size, reported)
        settle(visits, self.situations.rules(), state, out, a.empty_trace(), -1)
        return out, state


def visits_of(bills: pa.Table, plans: Ints) -> Visits:
    """The kernel's arrays. UserError as of `_refuse_impossible`; a reversal whose bill is not here is left without amounts."""
    amounts = [numbers(bills[name]) for name in _AMOUNTS]
    person = _runs(bills["person_no"])
    taken_back = _reverses(bills, person)
    lost, normal = taken_back == _LOST, taken_back == NONE
    _refuse_impossible(bills, amounts, normal)
    if lost.any():
        amounts = [np.where(lost, 0, column) for column in amounts]
        taken_back = np.where(lost, NONE, taken_back)
    return Visits(
        person=person,
        year=numbers(bills["benefit_year"]),
        month=numbers(bills["discharge_month"]),
        plan=plans,
        provider=encoded(bills["provider_code"])[0],
        continues=_continues(bills["continues"]),
        total=amounts[0],
        full_selfpay=amounts[1],
        over_cap=amounts[2],
        pre_selfpay=amounts[3],
        in_scope=amounts[4],
        credited=numbers(bills["account_credited"]),
        uses_account=numbers(bills["is_account_used"]),
        family=numbers(bills["family_available"]),
        cap_raise=numbers(bills["cap_raise"]),
        reverses=taken_back,
    )


def _refuse_impossible(bills: pa.Table, amounts: Sequence[Ints], normal: Flags) -> None:
    """UserError for the first bill, no reversal, with an amount out of range or parts that are not its sum. Looks closer only where something stands out."""
    for name, column in zip(_AMOUNTS, amounts, strict=True):
        if column.size and (column.min() < 0 or column.max() > a.LARGEST):
            wrong = np.flatnonzero(normal & ((column < 0) | (column > a.LARGEST)))
            if wrong.size:
                label = load_tables().elements[name].label
                raise UserError(
                    f"单据 {bills['bill_id'][int(wrong[0])]} 的{label}是负数或大得不可能，请核对结算数据，改正后重新导入。"
                )
    rest = amounts[1] + amounts[2]
    rest += amounts[3]
    rest += amounts[4]
    if not np.array_equal(rest, amounts[0]):
        apart = np.flatnonzero(normal & (rest != amounts[0]))
        if apart.size:
            raise UserError(
                f"单据 {bills['bill_id'][int(apart[0])]} 的全自费、超限价、先行自付、范围内四项之和不等于医疗费总额，请核对结算数据，改正后重新导入。"
            )


def result(bills: pa.Table, out: Ints, codes: Sequence[str]) -> pa.Table:
    """Rows of computed_settlements; `codes` are those of the compiled plans."""
    columns = {name: bills[name].cast(RESULT.field(name).type) for name in COPIED}
    columns |= dict(zip(_PLACES, map(pa.array, _columns(out, list(_PLACES.values()))), strict=True))
    columns["plan_code"] = pa.array(codes, pa.string()).take(pa.array(np.abs(out[:, a.PLAN_USED])))
    columns["counts_as_admission"] = pa.array(out[:, a.COUNTS] != 0)
    account = out[:, a.ACCOUNT] + out[:, a.FAMILY]
    columns["account_pay"] = pa.array(account)
    columns["person_burden_total"] = pa.array(account + out[:, a.CASH])
    return pa.table([columns[name] for name in RESULT.names], schema=RESULT)


def _columns(out: Ints, places: list[int], block: int = 4096) -> Ints:
    """Some columns of a result as rows, block by block: a block stays in the cache while it is read column after column."""
    found = np.empty((len(places), out.shape[0]), np.int64)
    for at in range(0, out.shape[0], block):
        found[:, at : at + block] = out[at : at + block, places].T
    return found


NONE, _LOST = -1, -2


def _reverses(bills: pa.Table, person: Ints) -> Ints:
    """For a reversal the place of the bill that it takes back (_LOST where that is not here), else NONE.

    Only among the bills of people who have a reversal: to look all bills up costs more than to settle them.
    """
    found = np.full(bills.num_rows, NONE, np.int64)
    wanted = bills["reverses_bill_id"].combine_chunks()
    if wanted.null_count == len(wanted):
        return found
    places = np.flatnonzero(np.asarray(pc.is_valid(wanted)))
    touched = np.zeros(int(person[-1]) + 1, bool)
    touched[person[places]] = True
    rows = np.flatnonzero(touched[person])
    back = pc.index_in(wanted.take(pa.array(places)), bills["bill_id"].take(pa.array(rows)).combine_chunks())
    known = np.asarray(pc.is_valid(back))
    found[places] = _LOST
    found[places[known]] = rows[np.asarray(back.drop_null(), np.int64)]
    return found


def _runs(column: pa.ChunkedArray) -> Ints:
    """A number for each run of equal values."""
    values = column.combine_chunks()
    changes = np.ones(len(values), np.int64)
    changes[1:] = np.asarray(pc.not_equal(values[1:], values[:-1]).to_numpy(zero_copy_only=False))
    return np.cumsum(changes)


def _continues(column: pa.ChunkedArray) -> Ints:
    words = [word for word, _ in a.CONTINUES]
    places, values = encoded(column)
    return np.array([words.index(value) for value in values], np.int64)[places]


def numbers(column: pa.ChunkedArray) -> Ints:
    """A column of numbers or flags as int64."""
    if column.type == pa.bool_():
        column = pc.cast(column, pa.int64())
    return np.asarray(column.combine_chunks().to_numpy(zero_copy_only=False), np.int64)
