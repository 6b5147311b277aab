"""The tables of 部门决算公开 and 部门预算公开, recognised by title and columns and read into lines (guide §5.1).

    收入支出决算总表   summary        一般公共预算财政拨款支出决算表       general
    收入决算表         income         一般公共预算财政拨款基本支出决算表   basic
    支出决算表         expense        政府性基金、国有资本经营 …           fund, capital
    财政拨款收支总表   fiscal         “三公”经费支出决算表                 three_public

A table is never recognised by its number: provinces order and number them differently. Identities are in
`proofread.checks.accounts`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from yibao.proofread.document import Table
from yibao.proofread.forms.accounts_facts import account_facts
from yibao.proofread.forms.accounts_items import economic_lines, item_lines
from yibao.proofread.forms.accounts_kind import basis_of, kind_of, title_of
from yibao.proofread.forms.accounts_sides import sided_lines
from yibao.proofread.forms.accounts_table import Account, AccountForm, Line, same_precision
from yibao.proofread.forms.accounts_three_public import three_public_lines
from yibao.proofread.forms.accounts_words import item_name
from yibao.proofread.forms.facts import FormContext
from yibao.proofread.forms.grid import Grid, Number, read_grid, row_quote
from yibao.proofread.norm import normalise

MAX_ROWS = 3000
ITEM_KINDS = ("income", "expense", "general", "fund", "capital", "items")
NEAR = 4  #: blocks within which a table without total may be continued
_YEAR = re.compile(r"20\d{2}")


def recognise(table: Table, context: FormContext) -> AccountForm | None:
    """The form of one table, None where it is none of the published accounts."""
    account = read_account(table, context)
    return account_form(account) if account else None


def read_account(table: Table, context: FormContext, kind: str | None = None) -> Account | None:
    """One table, or None where it is none of the published accounts. `kind` is given for a page that continues a table."""
    if not table.rows or len(table.rows) > MAX_ROWS or table.width < 2:
        return None
    grid = read_grid(table, context)
    title = title_of(grid)
    kind = kind or kind_of(grid, title)
    if kind is None:
        return None
    basis = basis_of(grid, title, context)
    found = _YEAR.search(title)
    year = int(found[0]) if found else context.year
    lines, columns, certain = _lines(kind, grid, basis)
    if not lines:
        return None
    return Account(kind, basis, year, table, context, title, columns, certain, same_precision(lines))


def account_form(account: Account) -> AccountForm:
    """The account as a form with its facts."""
    context = account.context
    return AccountForm(
        f"accounts:{account.kind}", account.table, context.block, context.file, account.title, "", account.year,
        account_facts(account), account=account,
    )  # fmt: skip


def _lines(kind: str, grid: Grid, basis: str) -> tuple[tuple[Line, ...], tuple[str, ...], bool]:
    if kind == "three_public":
        lines, certain = three_public_lines(grid, basis)
        return lines, tuple(dict.fromkeys(c for x in lines for c in x.amounts)), certain
    if kind in ("basic", "economic"):
        return economic_lines(grid)
    if kind in ("summary", "fiscal", "balance"):
        return sided_lines(kind, grid)
    return item_lines(kind, grid)


def join_accounts(found: list[Account], account: Account) -> None:
    """Add a table, or its lines to the last one where it is only the next page of it."""
    if found and _continues(found[-1], account):
        found[-1] = _joined(found[-1], account)
    else:
        found.append(account)


def read_continued(before: Account, table: Table, context: FormContext) -> Account | None:
    """A page of an item table without header of its own: as wide as the table before it, its rows begin with codes."""
    if before.kind not in ITEM_KINDS or table.caption or not _near(before, context) or not table.rows:
        return None
    if table.width != before.table.width or before.lines[-1].role == "total":
        return None
    coded = sum(bool(re.match(r"[12]\d{2}(?:\d{2}){0,2}(?!\d)", normalise(r[0].text[:20]).text)) for r in table.rows)
    if coded * 2 < len(table.rows):
        return None
    header = before.table.rows[: read_grid(before.table, before.context).header]
    shifted = tuple(tuple(replace(c, row=c.row + len(header)) for c in row) for row in table.rows)
    whole = replace(before.table, rows=(*header, *shifted), raw_rows=())
    found = read_account(whole, context, before.kind)
    return _renumbered(found, table, len(header)) if found else None


def _renumbered(account: Account, table: Table, lead: int) -> Account:
    """Rows counted in the page's own table again, below the header that was lent to it."""

    def own(line: Line) -> Line:
        def back(n: Number) -> Number:
            block, row, col = n.key
            place = replace(n.evidence.place, row=row - lead)
            quote = row_quote(table, row - lead, col)
            return replace(n, key=(block, row - lead, col), evidence=replace(n.evidence, quote=quote, place=place))

        return replace(
            line,
            row=line.row - lead,
            amounts={c: back(n) for c, n in line.amounts.items()},
            other=tuple(map(back, line.other)),
        )

    return replace(account, table=table, lines=tuple(own(x) for x in account.lines))


def _near(before: Account, context: FormContext) -> bool:
    return before.context.file == context.file and 0 < context.block - before.context.block <= NEAR


def _continues(before: Account, account: Account) -> bool:
    """The same table on the next page: same columns, close by, no item twice, and not a total in both."""
    if not _near(before, account.context) or set(account.columns) - set(before.columns):
        return False
    titled = bool(account.title) and item_name(account.title).removesuffix("续表") not in item_name(before.title)
    same = before.kind == account.kind or (account.kind == "items" and not account.title)
    if titled or not same:
        return False
    if account.kind in ("summary", "fiscal"):
        return before.line("grand", "expense") is None and account.line("grand", "expense") is not None
    if account.kind not in (*ITEM_KINDS, "basic"):
        return False
    codes = {x.code for x in before.items()}
    return not (before.line("total") and account.line("total")) and not any(x.code in codes for x in account.items())


def _joined(before: Account, account: Account) -> Account:
    return replace(
        before, lines=same_precision((*before.lines, *account.lines)), certain=before.certain and account.certain
    )
