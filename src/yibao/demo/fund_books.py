"""The three books that must agree: bank lines follow tax receipts, subsidies and payments; the journal follows the bank; budgets its totals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from yibao.demo.arrays import Ints, year_days, year_of
from yibao.demo.contributions import Collected, subsidies
from yibao.demo.payments import Payment
from yibao.demo.settings import Plan
from yibao.demo.strings import named, numbered
from yibao.demo.tell_payments import payment_ids
from yibao.demo.world import World
from yibao.demo.write import in_key_order, rows

FUNDS = ("resident", "employee", "medical_aid")
_OPENING = {"resident": 20_000_000_000, "employee": 16_000_000_000, "medical_aid": 1_400_000_000}  #: fen at scale 1
_NAMES = {"resident": "居民医保", "employee": "职工医保", "medical_aid": "医疗救助"}
INCOME, TREASURY = "income", "treasury"  #: accounts: 收入户, 财政专户
CONTRIBUTION, SUBSIDY, INTEREST, OTHER_INCOME = "基本医疗保险费收入", "财政补贴收入", "利息收入", "其他收入"
BENEFIT, CRITICAL, OTHER, UP, MOVED = "基本医疗保险待遇支出", "大病保险支出", "其他支出", "上解上级支出", "账户间划转"
INCOMES = (CONTRIBUTION, SUBSIDY, INTEREST, OTHER_INCOME)  #: all other items are expense; money back makes them smaller
_ITEM = {
    "critical_illness": CRITICAL,
    "remittance": UP,
    "recovery": OTHER_INCOME,
    "subsidised_enrolment": "资助参保支出",
}


@dataclass
class BankLine:
    """One amount on an account, fen, in the order of the bank."""

    fund: str
    account: str
    day: int
    income: bool
    amount: int
    item: str
    summary: str
    payment: int = 0
    balance: int = 0


def draw_bank(world: World, collected: Collected, found: list[Payment]) -> list[BankLine]:
    """All lines of the full years, with the running balance of each account."""
    first, last = year_days(world.plan.years[0])[0], year_days(world.plan.years[-1])[1]
    lines = [*_receipts(collected, first, last), *_subsidies(world), *_payments(found)]
    opening = {fund: world.plan.count(amount) for fund, amount in _OPENING.items()}
    lines += _moves(lines, first, last)
    lines += _aid_income(world.plan, lines)
    lines += _interest(lines, opening, world.plan)
    lines.sort(key=lambda b: (b.fund, b.account, b.day, not b.income, b.payment, b.summary, b.amount))
    balance = {
        (fund, account): (opening[fund] if account == TREASURY else 0)
        for fund in FUNDS
        for account in (INCOME, TREASURY)
    }
    for line in lines:
        key = line.fund, line.account
        balance[key] += line.amount if line.income else -line.amount
        line.balance = balance[key]
    return lines


def _receipts(collected: Collected, first: int, last: int) -> Iterator[BankLine]:
    """What the tax office handed over on a day, by fund and benefit year."""
    sums: dict[tuple[int, int, int], int] = {}
    for (day, insurance, year, _, _), amount in collected.receipts.items():
        if first <= day <= last:
            sums[day, insurance, year] = sums.get((day, insurance, year), 0) + amount
    for (day, insurance, year), amount in sorted(sums.items()):
        yield BankLine(FUNDS[insurance], INCOME, day, True, amount, CONTRIBUTION, f"税务入库 {year}年度")


def _subsidies(world: World) -> Iterator[BankLine]:
    names = {"central": "中央", "province": "省级", "city": "市级", "county": "县级"}
    for year, level, _, _, _, received, day in subsidies(world):
        yield BankLine("resident", TREASURY, day, True, received, SUBSIDY, f"{year}年度{names[level]}财政补助")


def _payments(found: list[Payment]) -> Iterator[BankLine]:
    for payment in found:
        if not payment.paid:
            continue
        item = _ITEM.get(payment.kind, BENEFIT if payment.fund != "medical_aid" else "医疗救助支出")
        yield BankLine(
            payment.fund, TREASURY, payment.paid, payment.amount < 0, abs(payment.amount), item, "基金拨付", payment.id
        )
        if payment.kind == "subsidised_enrolment":
            yield BankLine(
                "resident", TREASURY, payment.paid, True, payment.amount, CONTRIBUTION, "资助参保", payment.id
            )


def _moves(lines: list[BankLine], first: int, last: int) -> Iterator[BankLine]:
    """What the income account has collected goes to the treasury account at the end of each month."""
    ends = (
        np.arange(
            np.datetime64(first, "D").astype("datetime64[M]"), np.datetime64(last, "D").astype("datetime64[M]") + 1
        )
        + 1
    )
    for end in (ends.astype("datetime64[D]").astype(np.int64) - 1).tolist():
        begin = int(np.datetime64(end, "D").astype("datetime64[M]").astype("datetime64[D]").astype(np.int64))
        for fund in FUNDS:
            amount = sum(
                line.amount
                for line in lines
                if line.fund == fund and line.account == INCOME and begin <= line.day <= end
            )
            if amount:
                yield BankLine(fund, INCOME, end, False, amount, MOVED, "划转财政专户")
                yield BankLine(fund, TREASURY, end, True, amount, MOVED, "收入户划入")


def _aid_income(plan: Plan, lines: list[BankLine]) -> Iterator[BankLine]:
    """Finance refills the medical aid fund: about what it spends, in February and August."""
    for year in plan.years:
        low, high = year_days(year)
        spent = sum(
            line.amount for line in lines if line.fund == "medical_aid" and low <= line.day <= high and not line.income
        )
        for part, day in ((0.62, 45), (0.40, 225)):
            yield BankLine(
                "medical_aid",
                TREASURY,
                low + day,
                True,
                round(spent * part) // 1_000_000 * 1_000_000,
                SUBSIDY,
                f"{year}年度医疗救助补助",
            )


def _interest(lines: list[BankLine], opening: dict[str, int], plan: Plan) -> list[BankLine]:
    """Each quarter 0.4 % on what lies on the treasury account."""
    found: list[BankLine] = []
    for fund in FUNDS:
        mine = sorted(
            (line for line in [*lines] if line.fund == fund and line.account == TREASURY), key=lambda b: b.day
        )
        balance, at = opening[fund], 0
        for year in plan.years:
            for quarter in (80, 171, 263, 354):
                day = year_days(year)[0] + quarter
                while at < len(mine) and mine[at].day <= day:
                    balance += mine[at].amount if mine[at].income else -mine[at].amount
                    at += 1
                earned = max(balance, 0) * 4 // 1000
                balance += earned
                if earned:
                    found.append(BankLine(fund, TREASURY, day, True, earned, INTEREST, "结息"))
    return found


def account_no(line: BankLine) -> str:
    return f"{FUNDS.index(line.fund) + 1}{'1' if line.account == INCOME else '2'}990421"


def bank_lines(lines: list[BankLine]) -> Iterator[pa.RecordBatch]:
    payment = np.array([line.payment for line in lines])
    yield in_key_order("bank_lines", rows("bank_lines", len(lines), {
        "bank_account_no": [account_no(line) for line in lines],
        "bank_line_no": numbered("", np.arange(1, len(lines) + 1), 9),
        "fund": [line.fund for line in lines],
        "bank_date": np.array([line.day for line in lines]),
        "direction": named(["expense", "income"], [line.income for line in lines]),
        "bank_amount": [line.amount for line in lines],
        "bank_balance": [line.balance for line in lines],
        "bank_summary": [line.summary for line in lines],
        "payment_id": pa.compute.if_else(pa.array(payment > 0), payment_ids(np.maximum(payment, 0)), pa.scalar(None, pa.string())),
    }))  # fmt: skip


def fund_journal(lines: list[BankLine], found: list[Payment]) -> Iterator[pa.RecordBatch]:
    """Two entries a bank line: the account, and the item. A move between accounts is booked once, where it leaves."""
    year_by_payment = {payment.id: payment.service_year for payment in found}
    booked = sorted(
        (line for line in lines if not (line.item == MOVED and line.income)),
        key=lambda b: (b.day, b.fund, b.account, b.payment),
    )
    number = numbered("JZ", np.repeat(np.arange(1, len(booked) + 1), 2), 9)
    code, name, item, debit, credit = [], [], [], [], []
    for line in booked:
        own = (
            "1002" if line.account == INCOME else "1003",
            f"{_NAMES[line.fund]}{'收入户' if line.account == INCOME else '财政专户'}存款",
        )
        other = (
            ("1003", f"{_NAMES[line.fund]}财政专户存款")
            if line.item == MOVED
            else ("4001" if line.item in INCOMES else "5001", line.item)
        )
        sides = (own, other) if line.income else (other, own)
        code += [side[0] for side in sides]
        name += [side[1] for side in sides]
        item += [line.item if side is other and line.item != MOVED else None for side in sides]
        debit += [line.amount, 0]
        credit += [0, line.amount]
    twice = [line for line in booked for _ in (0, 1)]
    payment = np.array([line.payment for line in twice])
    service = np.array([year_by_payment.get(line.payment, 0) for line in twice])
    yield in_key_order("fund_journal", rows("fund_journal", len(twice), {
        "journal_no": number, "journal_line_no": np.tile([1, 2], len(booked)), "fund": [line.fund for line in twice],
        "journal_date": np.array([line.day for line in twice]), "account_code": code, "account_name": name,
        "income_item": pa.array(item, pa.string()), "service_year": pa.array(service, mask=service == 0), "debit": debit, "credit": credit,
        "payment_id": pa.compute.if_else(pa.array(payment > 0), payment_ids(np.maximum(payment, 0)), pa.scalar(None, pa.string())),
    }))  # fmt: skip


def fund_budgets(plan: Plan, lines: list[BankLine]) -> Iterator[pa.RecordBatch]:
    """Per fund, item and year: the budget at the start, its adjustment, and the accounts (exactly the journal)."""
    sums: dict[tuple[int, str, str, str], int] = {}
    years: Ints = year_of(np.array([line.day for line in lines]))
    for line, year in zip(lines, years.tolist(), strict=True):
        if line.item != MOVED:
            is_income = line.item in INCOMES
            key = year, line.fund, "income" if is_income else "expense", line.item
            sums[key] = sums.get(key, 0) + (line.amount if line.income == is_income else -line.amount)
    rng, found = plan.stream("fund-budgets"), []
    for key, final in sorted(sums.items()):
        initial = round(final * float(rng.uniform(0.93, 1.05))) // 1_000_000 * 1_000_000
        adjustment = (
            round(final * float(rng.uniform(-0.01, 0.04))) // 1_000_000 * 1_000_000 if rng.random() < 0.4 else 0
        )
        found += [(*key, "initial", initial), (*key, "adjustment", adjustment), (*key, "final", final)]
    year_, fund, direction, item, stage, amount = (list(column) for column in zip(*found, strict=True))
    yield in_key_order("fund_budgets", rows("fund_budgets", len(found), {
        "year": year_, "fund": fund, "direction": direction, "income_item": item, "budget_stage": stage, "budget_amount": amount,
    }))  # fmt: skip
