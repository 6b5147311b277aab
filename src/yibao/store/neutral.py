"""Text that a spreadsheet would take for a formula is written with an apostrophe in front; the importer takes exactly that off again.

Every export that writes csv or xlsx cells of users' text goes through `neutralise` (OWASP, "CSV injection": = + - @ tab, and the
full-width forms that some versions evaluate). A plain number keeps its sign.
"""

from __future__ import annotations

import re

OPENS = r"=+\-@\t\r＝＋－＠"  #: what opens a formula, as the inside of a character class
NUMBER = r"[+-]?[0-9][0-9,]*(\.[0-9]+)?%?"
_FORMULA = re.compile(f"'*[{OPENS}]")
_NUMBER = re.compile(NUMBER)


def neutralise(text: str) -> str:
    """
    >>> neutralise("=HYPERLINK(1)"), neutralise("-12.50"), neutralise("张三")
    ("'=HYPERLINK(1)", '-12.50', '张三')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def as_file_name(text: str) -> str:
    """A text that is part of a file's name on every system.

    >>> as_file_name('第一/二医院?')
    '第一_二医院_'
    """
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", text)


def restore(text: str) -> str:
    """What was there before `neutralise`.

    >>> restore("'=HYPERLINK(1)"), restore("'张三'"), restore("''=1")
    ('=HYPERLINK(1)', "'张三'", "'=1")
    """
    return text[1:] if text.startswith("'") and neutralise(text[1:]) == text else text


def restored_sql(cell: str) -> str:
    """`restore` as an expression of DuckDB over a text."""
    rest = f"substr({cell}, 2)"
    guarded = f"regexp_matches({rest}, '^''*[{OPENS}]') AND NOT regexp_full_match({rest}, '{NUMBER}')"
    return f"CASE WHEN starts_with({cell}, '''') AND {guarded} THEN {rest} ELSE {cell} END"
