"""Row checks: the declared expressions, and the rules that an expression cannot say.

The check digit is GB 11643-1999 (ISO 7064 MOD 11-2): weights 2^(18-i) mod 11, digit = (12 - sum mod 11) mod 11, 10 as X.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import sqlglot
from sqlglot import exp

from yibao.vocabulary.tables import RowCheck, Table

RESIDENT_CARD = "01"  #: id_document_type: the only document whose number has this shape
WEIGHTS = tuple(pow(2, 18 - i, 11) for i in range(1, 18))


def id_document_no() -> str:
    """The number of a resident identity card has eighteen places and the right last one."""
    digits = " + ".join(f"TRY_CAST(id_document_no[{i}] AS BIGINT) * {w}" for i, w in enumerate(WEIGHTS, 1))
    last = f"'10X98765432'[(({digits}) % 11) + 1]"
    shape = "length(id_document_no) = 18"
    return f"CASE WHEN id_document_type = '{RESIDENT_CARD}' THEN COALESCE({shape} AND upper(id_document_no[18]) = {last}, false) ELSE true END"


def id_birth_date() -> str:
    """The birth date stands in places 7 to 14 of the number."""
    said = "strftime(birth_date, '%Y%m%d')"
    wanted = f"id_document_type = '{RESIDENT_CARD}' AND length(id_document_no) = 18"
    return f"CASE WHEN {wanted} THEN id_document_no[7:14] = {said} ELSE true END"


RULES: Mapping[str, Callable[[], str]] = {"id_document_no": id_document_no, "id_birth_date": id_birth_date}


def holds(check: RowCheck) -> str:
    """True where the row is as the check says, or where a value that it needs is missing."""
    said = RULES[check.rule]() if check.rule else sqlglot.transpile(check.holds, read="duckdb", write="duckdb")[0]
    return f"COALESCE(({said}), true)"


@lru_cache(maxsize=256)
def columns_of(check: RowCheck, table: Table) -> tuple[str, ...]:
    """The columns that a check speaks of, in the table's order."""
    text = RULES[check.rule]() if check.rule else check.holds
    named = {column.name for column in sqlglot.parse_one(text, read="duckdb").find_all(exp.Column)}
    return tuple(name for name in table.by_name if name in named)
