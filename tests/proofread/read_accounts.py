"""Tables of accounts read one after the other, as the checks meet them in a file."""

from __future__ import annotations

from collections.abc import Iterable

from yibao.proofread.document import Table
from yibao.proofread.forms.accounts import join_accounts, read_account, read_continued
from yibao.proofread.forms.accounts_table import Account
from yibao.proofread.forms.facts import FormContext


def read_accounts(tables: Iterable[tuple[Table, FormContext]]) -> list[Account]:
    """All tables of published accounts, in order, those that a page break splits joined again."""
    found: list[Account] = []
    for table, context in tables:
        account = read_account(table, context)
        if account is None and found:
            account = read_continued(found[-1], table, context)
        if account is not None:
            join_accounts(found, account)
    return found
