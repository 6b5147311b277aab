"""Identities between the tables of one bureau and year: X1–X10 and F1 of the guide, §5.4."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from yibao.proofread.checks.accounts_soft import code_names, soft, within_three_public
from yibao.proofread.checks.accounts_sums import Accounts, by_code, exact_fen, lowered, name_of
from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.forms.accounts_table import Account
from yibao.proofread.forms.arithmetic import add_up, trusted
from yibao.proofread.forms.grid import Number


def across(accounts: Accounts) -> list[Check]:
    """Every relation between the tables of one set, by kind of table."""
    found: list[Check] = []
    for relation in (_totals, _classes, _fiscal, _basic, _budgets, _items):
        found.extend(relation(accounts))
    return [*found, *soft(accounts), *within_three_public(accounts), *code_names(accounts)]


def carried_over(accounts: Accounts, last_year: Accounts) -> Iterator[Check]:
    """X10: 年初结转 = last year's 年末结转, for the whole department and for 财政拨款."""
    for kind in ("summary", "fiscal"):
        now, before = accounts.get(kind), last_year.get(kind)
        if now is None or before is None:
            continue
        opening, closing = now.amount("opening", "income"), before.amount("closing", "expense")
        if opening is not None and closing is not None and (opening.value or closing.value):
            check = _same(
                "carry_forward", opening, [closing], f"{now.year}年年初结转与{before.year}年年末结转（{now.title}）"
            )
            yield from _guarded(check, now, before)


def _totals(a: Accounts) -> Iterator[Check]:
    """X1, X2: 本年收入合计 of 01 = 02, 本年支出合计 of 01 = 03."""
    summary = a.get("summary")
    for kind, side, what in (("income", "income", "本年收入合计"), ("expense", "expense", "本年支出合计")):
        table = a.get(kind)
        if summary is None or table is None:
            continue
        stated = _this_year(summary, side)
        yield from _equal(table, _total(table), summary, stated, what, [summary.amount("grand", side)])


def _this_year(account: Account, side: str, column: str = "total") -> Number | None:
    """This year's amount of one side. Budgets that carry nothing print 总计 alone."""
    found = account.amount("total", side, column)
    return found or (account.amount("grand", side, column) if account.basis == "budget" else None)


def _classes(a: Accounts) -> Iterator[Check]:
    """X3, X5: each 类 of 01 = the same 类 of 03; each 类 of 04 (一般公共预算) = 05."""
    summary, expense, fiscal, general = (a.get(k) for k in ("summary", "expense", "fiscal", "general"))
    if summary and expense:
        yield from _class_by_class(summary, "total", expense)
    if fiscal and general and (column := _general_column(fiscal)):
        yield from _class_by_class(fiscal, column, general)


def _general_column(fiscal: Account) -> str | None:
    """The column of 一般公共预算; 合计 where the form splits nothing and no other budget has income."""
    if any(b in fiscal.columns for b in ("general", "government_fund", "state_capital")):
        return "general"
    others = (fiscal.line(b, "income") for b in ("government_fund", "state_capital"))
    return None if any(x is not None and x.value() for x in others) else "total"


def _class_by_class(totals: Account, column: str, table: Account) -> Iterator[Check]:
    sums = class_sums(table)
    for line in totals.on("expense"):
        stated = line.amounts.get(column)
        if line.role != "class" or stated is None or not line.code or not sums:
            continue
        parts = sums.get(line.code, [])
        if stated.value == 0 and not any(p.value for p in parts):
            continue
        subject = f"{name_of(totals)}“{line.label}”与{name_of(table)}同类支出"
        if not parts:
            yield _missing(stated, f"{subject}：{name_of(table)}没有这一类", totals, table)
            continue
        yield from _guarded(_same("cross_table", stated, parts, subject), totals, table)


def class_sums(table: Account, column: str = "total") -> dict[str, list[Number]]:
    """The amounts that make up each 类: its own row, else the outermost rows below it."""
    items = list(table.items())
    codes = {x.code for x in items}
    out: dict[str, list[Number]] = {}
    for line in items:
        outermost = len(line.code) == 3 or (
            line.code[:3] not in codes and (len(line.code) == 5 or line.code[:5] not in codes)
        )
        number = line.amounts.get(column)
        if outermost and number is not None:
            out.setdefault(line.code[:3], []).append(number)
    return out


def _fiscal(a: Accounts) -> Iterator[Check]:
    """X4, X5: 财政拨款收入 of 02 = 本年收入合计 of 04; 一般公共预算支出 of 04 = 05."""
    fiscal, income, general = a.get("fiscal"), a.get("income"), a.get("general")
    if fiscal is None:
        return
    received = _this_year(fiscal, "income")
    if income is not None and "fiscal" in income.columns:
        yield from _equal(
            income, _total(income, "fiscal"), fiscal, received, "财政拨款收入", [fiscal.amount("grand", "income")]
        )
    if general is not None:
        spent = _spent(fiscal, "general")
        yield from _equal(
            general,
            _total(general),
            fiscal,
            spent,
            "一般公共预算财政拨款支出",
            [fiscal.amount("grand", "expense", "general")],
        )


def _spent(fiscal: Account, budget: str) -> Number | None:
    """This year's expense of one budget in 04."""
    column = _general_column(fiscal) if budget == "general" else budget
    return _this_year(fiscal, "expense", column) if column else None


def _basic(a: Accounts) -> Iterator[Check]:
    """X6: 基本支出 of 05 = 人员经费 + 公用经费 of 06."""
    general, basic = a.get("general"), a.get("basic")
    if general is None or basic is None:
        return
    stated = _total(general, "basic")
    parts = [n for role in ("personnel", "public") if (n := basic.amount(role))]
    if len(parts) < 2 and (whole := basic.amount("total")):
        parts = [whole]
    if stated is not None and parts and len(parts) + len([1 for _ in basic.items()]) > 1:
        yield from _guarded(
            _same("cross_table", stated, parts, f"{name_of(general)}基本支出与{name_of(basic)}人员经费、公用经费之和"),
            general,
            basic,
        )


def _budgets(a: Accounts) -> Iterator[Check]:
    """X7: 政府性基金 and 国有资本经营 of 04 = 07 and 08."""
    fiscal = a.get("fiscal")
    if fiscal is None:
        return
    for kind, budget, what in (
        ("fund", "government_fund", "政府性基金预算"),
        ("capital", "state_capital", "国有资本经营预算"),
    ):
        table = a.get(kind)
        if table is None:
            continue
        pairs = (
            (_spent(fiscal, budget), _total(table), "支出"),
            (fiscal.amount(budget, "income"), _total(table, "income"), "收入"),
        )
        for left, right, word in pairs:
            if left is not None and right is not None:
                yield from _equal(table, right, fiscal, left, f"{what}财政拨款{word}")
            elif (one := left or right) is not None and one.value and (word == "支出" or right is not None):
                owner, other = (fiscal, table) if left is not None else (table, fiscal)
                yield _missing(one, f"{name_of(owner)}有{what}财政拨款{word}，{name_of(other)}没有", owner, other)


def _items(a: Accounts) -> Iterator[Check]:
    """X8: without carry-over and with 财政拨款 alone, 02 = 03 = 05 item by item."""
    income, expense, general = a.get("income"), a.get("expense"), a.get("general")
    if not only_general(a):
        return
    pairs = ((income, expense), (expense, general)) if expense else ((income, general),)
    for left, right in pairs:
        if left is None or right is None:
            continue
        yield from _item_by_item(left, right)


def only_general(a: Accounts) -> bool:
    """The condition of X8: 01 prints no carried amount, income is 财政拨款 alone, and of its budgets only the general one."""
    summary, income, expense = a.get("summary"), a.get("income"), a.get("expense") or a.get("general")
    if summary is None or income is None or expense is None or summary.line("grand", "income") is None:
        return False
    carried = (
        summary.line("opening", "income"),
        summary.line("closing", "expense"),
        summary.line("surplus_used", "income"),
        summary.line("distributed", "expense"),
    )
    if any(x is not None and x.value() for x in carried) or carried[0] is None or carried[1] is None:
        return False
    total, fiscal = _total(income), _total(income, "fiscal")
    if total is None or fiscal is None or total.value != fiscal.value or total.value != _value(_total(expense)):
        return False
    return not any(
        (x := summary.line(b, "income")) is not None and x.value() for b in ("government_fund", "state_capital")
    )


def _item_by_item(left: Account, right: Account) -> Iterator[Check]:
    ours, theirs = by_code(left), by_code(right)
    for code in dict.fromkeys((*ours, *theirs)):
        a, b = ours.get(code), theirs.get(code)
        x, y = (a.amounts.get("total") if a else None), (b.amounts.get("total") if b else None)
        if x is not None and y is not None and (x.value or y.value):
            subject = f"{code} {b.label if b else ''}：{name_of(left)}与{name_of(right)}（无结转且全部为一般公共预算财政拨款）"
            yield from _guarded(_same("cross_table", y, [x], subject), left, right)


def _equal(
    stating: Account,
    stated: Number | None,
    other: Account,
    value: Number | None,
    what: str,
    alternatives: Sequence[Number | None] = (),
) -> Iterator[Check]:
    """One figure in two tables. Budgets may put carried amounts into either, so that only agreement counts there."""
    if stated is None or value is None or (stated.value == 0 and value.value == 0):
        return
    subject = f"{what}：{name_of(stating)}与{name_of(other)}"
    check = _same("cross_table", stated, [value], subject)
    if check is not None and check.verdict is Verdict.INCONSISTENT and stating.basis == "budget":
        for choice in alternatives:
            again = _same("cross_table", stated, [choice], subject) if choice else None
            if again is not None and again.verdict is not Verdict.INCONSISTENT:
                check = again
    yield from _guarded(check, stating, other)


def _same(kind: str, stated: Number, parts: Sequence[Number], subject: str) -> Check | None:
    """stated = Σ parts, both printed in different tables."""
    check = exact_fen(add_up(kind, stated, parts, subject), [stated, *parts])
    if check is None or len(parts) != 1 or check.verdict is Verdict.CONSISTENT:
        return check
    return replace(check, message=f"{subject}：一处为{stated.printed}，另一处为{parts[0].printed}")


def _guarded(check: Check | None, *accounts: Account) -> Iterator[Check]:
    """Proof only where both tables were read for sure; budgets differ in what they call this year's."""
    if check is None:
        return
    if any(a.table.weak for a in accounts):
        yield from trusted([lowered(check)], True)
    elif check.verdict is Verdict.INCONSISTENT and any(a.basis == "budget" for a in accounts):
        yield replace(check, verdict=Verdict.SUSPICIOUS, severity=Severity.WARNING)
    else:
        yield check


def _missing(number: Number, message: str, *accounts: Account) -> Check:
    weak = any(a.table.weak for a in accounts)
    return Check(
        "cross_table",
        Verdict.UNCHECKABLE if weak else Verdict.SUSPICIOUS,
        number.evidence,
        number.printed,
        None,
        message,
    )


def _total(account: Account, column: str = "total") -> Number | None:
    """The total row's amount; without a total row None."""
    found = account.line("total")
    return found.amounts.get(column) if found else None


def _value(number: Number | None) -> Decimal:
    return number.value if number else Decimal(0)
