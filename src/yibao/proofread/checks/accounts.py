"""部门决算 and 部门预算: the identities inside and across the published tables, as one module of checks (guide §5.4).

accounts_inside   I1–I11, table by table
accounts_across   X1–X10 and F1, over the tables of one bureau and year
accounts_shift    rows that slipped against another table or the narrative (§7.7)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from yibao.proofread.checks.accounts_across import across, carried_over
from yibao.proofread.checks.accounts_inside import inside
from yibao.proofread.checks.accounts_shift import find_shifts, group_of, repaired, shift_check
from yibao.proofread.checks.accounts_sums import Accounts
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.forms.accounts import join_accounts, read_continued
from yibao.proofread.forms.accounts_flat import flat_forms
from yibao.proofread.forms.accounts_table import Account, AccountForm
from yibao.proofread.forms.facts import Fact, FormContext
from yibao.proofread.reading import FileReading, Reading


def run(reading: Reading) -> Iterator[Check]:
    """All relations of the accounts in a package."""
    text = [f for f in reading.facts if f.source == "text"]
    yield from check_accounts(accounts_of(reading), text)


def accounts_of(reading: Reading) -> list[Account]:
    """The tables of accounts of a package in document order, those split by pages joined, flattened ones read from lines."""
    found: list[Account] = []
    for file in reading.files:
        found.extend(_accounts_of_file(reading, file))
    return found


def _accounts_of_file(reading: Reading, file: FileReading) -> list[Account]:
    path, profile = file.source.path, file.profile
    own = [f for f in reading.forms if f.file == path]
    known = {f.block: f for f in own if isinstance(f, AccountForm) and not f.covers}
    claimed = {f.block for f in own if f.kind != "totals"}
    context = FormContext(path, 0, year=profile.year, bureau=profile.bureau, offset=file.offset)
    flat = [f for f in own if isinstance(f, AccountForm) and f.covers]
    flat = flat or flat_forms(file.source, file.outline.sections, context)
    covered = {block for f in flat for block in f.covers}
    joined: list[Account] = []
    for block, table in file.source.tables():
        form = known.get(block)
        if block in covered:
            continue
        if form is not None and form.account is not None:
            join_accounts(joined, form.account)
        elif block not in claimed and joined:
            page = read_continued(joined[-1], table, replace(context, block=block))
            if page is not None:
                join_accounts(joined, page)
    joined.extend(f.account for f in flat if f.account)
    return sorted(joined, key=lambda a: a.context.block)


def check_accounts(accounts: Sequence[Account], text: Sequence[Fact] = ()) -> Iterator[Check]:
    """Every relation inside and between tables; `text` are the narrative's facts of items."""
    sets = account_sets(accounts)
    told: set[int | None] = set()
    for own in sets:
        yield from _check_set(own, [f for f in text if f.year == _year(own)] if _year(own) not in told else ())
        told.add(_year(own))  # the narrative speaks of the first set of a year, the department's
    in_sets = {id(a) for own in sets for a in own.values()}
    for account in accounts:
        if id(account) not in in_sets:
            yield from inside(account)
    for own in sets:
        for other in sets:
            if (
                _year(own) is not None
                and _year(other) == (_year(own) or 0) - 1
                and _basis(own) == _basis(other) == "final"
            ):
                yield from carried_over(own, other)


def account_sets(accounts: Sequence[Account]) -> list[dict[str, Account]]:
    """Tables that belong together: same year, basis and bureau. A kind that comes again opens the next unit's set.

    A file that does not name its bureau (a workbook with one table a sheet) joins the one before it.
    """
    sets: list[dict[str, Account]] = []
    current: dict[tuple[int | None, str], tuple[dict[str, Account], str]] = {}
    for account in accounts:
        if account.kind in ("items", "balance", "economic"):
            continue
        key, bureau = (account.year, account.basis), account.context.bureau
        own, owner = current.get(key, ({}, ""))
        if not own or account.kind in own or (bureau and owner and bureau != owner):
            own, owner = {}, bureau
            sets.append(own)
        own[account.kind] = account
        current[key] = (own, owner or bureau)
    return sets


def _check_set(own: Accounts, text: Sequence[Fact]) -> Iterator[Check]:
    checks = _relations(own)
    for shift in find_shifts(own, text):
        yield shift_check(own, shift)
        if shift.decided and shift.moves:
            checks = _explained(checks, _relations(repaired(own, shift)), group_of(shift))
    yield from checks


def _relations(own: Accounts) -> list[Check]:
    return [*(c for a in own.values() for c in inside(a)), *across(own)]


def _explained(checks: Sequence[Check], after: Sequence[Check], group: str) -> list[Check]:
    """Checks that fail and hold once the rows are moved back belong to the shift."""
    cured = {_identity(c) for c in after if c.verdict in (Verdict.CONSISTENT, Verdict.ROUNDING)}
    return [
        replace(c, group=group)
        if c.verdict in (Verdict.INCONSISTENT, Verdict.SUSPICIOUS) and _identity(c) in cured
        else c
        for c in checks
    ]


def _identity(check: Check) -> tuple[object, ...]:
    place = check.evidence.place
    target = check.target.key if check.target else (place.file, place.block, place.row, place.column)
    return (check.kind, target, tuple(sorted(o.key for o in check.operands)), check.message.partition("：")[0])


def _year(own: Accounts) -> int | None:
    return next((a.year for a in own.values()), None)


def _basis(own: Accounts) -> str:
    return next((a.basis for a in own.values()), "")
