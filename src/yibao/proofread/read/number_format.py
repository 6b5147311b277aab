"""Numbers as a workbook shows them: the subset of Excel's number formats that tables of money use."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

SIGNIFICANT = 15  #: digits that Excel keeps; more are artefacts of binary floats
LONGEST_FORMAT = 255
_SECTION = re.compile(r'(?:"[^"]{0,255}"|\\.|[^;"\\]){0,255}')
_BRACKET = re.compile(r"\[[^\]]{0,60}\]")
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]{0,255})"|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|(?P<core>[#0?][#0?,]{0,40}(?:\.[#0?]{0,30})?|\.[#0?]{1,30})|(?P<other>.)'
)
_DATE = re.compile(r"[ymdhs年月日]", re.I)
_DATE_TOKEN = re.compile(r'"([^"]{0,255})"|\\(.)|(y{1,4}|m{1,5}|d{1,4}|h{1,2}|s{1,2}|AM/PM|上午/下午)|(.)', re.I)


def plain(value: float | int) -> str:
    """A number without a format: 15 significant digits, no exponent, no trailing zeros.

    >>> plain(0.1 + 0.2), plain(1e15), plain(-3.0)
    ('0.3', '1000000000000000', '-3')
    """
    if isinstance(value, int):
        return str(value) if abs(value) < 10**30 else f"{value:.14e}"
    if value != value or value in {float("inf"), float("-inf")}:
        return ""
    number = exact(value)
    if abs(number) >= Decimal(10) ** 21 or (number and abs(number) < Decimal(10) ** -12):
        return f"{value:.14e}"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def exact(value: float | int) -> Decimal:
    """The decimal number that Excel means by a binary float."""
    return Decimal(value) if isinstance(value, int) else Decimal(f"{value:.{SIGNIFICANT}g}")


def shown(value: float | int, form: str) -> str:
    """The number as the format prints it. A format that is not understood prints the number plainly.

    >>> shown(0.95438, "0.00%"), shown(1234.5, "#,##0.00"), shown(-5.2, "0.0_);(0.0)"), shown(0, '0.00;-0.00;"-"')
    ('95.44%', '1,234.50', '(5.2)', '-')
    """
    if isinstance(value, float) and (value != value or abs(value) > 1e300):
        return ""
    if not form or form.lower() == "general" or form == "@" or len(form) > LONGEST_FORMAT:
        return plain(value)
    try:
        return _apply(exact(value), form)
    except (InvalidOperation, ValueError, OverflowError):
        return plain(value)


def _apply(number: Decimal, form: str) -> str:
    sections = _sections(form)
    own_sign = False
    section = sections[0]
    if number < 0 and len(sections) > 1:
        section, own_sign = sections[1], True
    elif number == 0 and len(sections) > 2:
        section = sections[2]
    tokens = _tokens(section)
    core = "".join(text for kind, text in tokens if kind == "core")
    if not core:
        literal = "".join(text for kind, text in tokens if kind == "text").strip()
        return literal if "general" not in literal.lower() else literal.lower().replace("general", plain(float(number)))
    if "/" in section or "e+" in section.lower():
        return plain(float(number))
    percent = sum(text.count("%") for kind, text in tokens if kind == "text")
    value = abs(number) * (Decimal(100) ** percent)
    body, negative = _digits(value, core, number < 0)
    out = ""
    for kind, text in tokens:
        out += (body if text == core else "") if kind == "core" else text
    out = out.strip()
    return f"-{out}" if negative and not own_sign else out


@lru_cache(maxsize=500)
def _sections(form: str) -> tuple[str, ...]:
    found: list[str] = []
    place = 0
    while place <= len(form) and len(found) < 4:
        match = _SECTION.match(form, place)
        found.append(match[0] if match else "")
        place = (match.end() if match else place) + 1
    return tuple(found)


@lru_cache(maxsize=500)
def _tokens(section: str) -> tuple[tuple[str, str], ...]:
    """("core", digits pattern) once, and ("text", literal) pieces, in order."""
    tokens: list[tuple[str, str]] = []
    for found in _TOKEN.finditer(_BRACKET.sub(_currency, section)):
        if found["core"] and not any(kind == "core" for kind, _ in tokens):
            tokens.append(("core", found["core"]))
        elif found["quoted"] is not None or found["escaped"] is not None:
            tokens.append(("text", found["quoted"] or found["escaped"] or ""))
        elif found["other"] and found["other"] not in "#0?,":
            tokens.append(("text", found["other"]))
    return tuple(tokens)


def _currency(bracket: re.Match[str]) -> str:
    """[$¥-804] prints its sign; colours and conditions print nothing."""
    inside = bracket[0][1:-1]
    return f'"{inside[1:].partition("-")[0]}"' if inside.startswith("$") else ""


def _digits(value: Decimal, core: str, negative: bool) -> tuple[str, bool]:
    """(digits, whether a minus is still needed) in a pattern like #,##0.00."""
    whole, _, part = core.partition(".")
    scaled = value / Decimal(1000) ** (len(whole) - len(whole.rstrip(",")))
    places, needed = len(part), len(part.rstrip("#?"))
    rounded = scaled.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{rounded:f}"
    integer, _, fraction = text.partition(".")
    while len(fraction) > needed and fraction.endswith("0"):
        fraction = fraction[:-1]
    least = whole.replace(",", "").count("0")
    integer = "" if integer == "0" and not least else integer.zfill(least)
    if "," in whole.rstrip(","):
        integer = f"{int(integer or 0):,}"
    body = f"{integer}.{fraction}" if fraction else integer
    return body, negative and rounded != 0


def shown_date(value: dt.datetime | dt.date | dt.time, form: str) -> str:
    """A date as its format prints it; ISO where the format is not understood.

    >>> shown_date(dt.datetime(2025, 4, 8), "yyyy年m月d日"), shown_date(dt.datetime(2025, 4, 8), "yyyy/mm/dd")
    ('2025年4月8日', '2025/04/08')
    """
    pattern = _BRACKET.sub("", form.split(";")[0])[:LONGEST_FORMAT]
    if isinstance(value, dt.time) or not _DATE.search(pattern):
        return value.isoformat() if not isinstance(value, dt.datetime) else value.date().isoformat()
    out, last = "", ""
    for found in _DATE_TOKEN.finditer(pattern):
        mark = (found[3] or "").lower()
        out += _date_part(value, mark, last) if mark else (found[1] or found[2] or found[4] or "")
        last = mark or last
    return out.replace("@", "").strip()


def _date_part(value: dt.datetime | dt.date, mark: str, last: str) -> str:
    hour, minute, second = (value.hour, value.minute, value.second) if isinstance(value, dt.datetime) else (0, 0, 0)
    if mark[0] == "y":
        return f"{value.year:04d}" if len(mark) > 2 else f"{value.year % 100:02d}"
    if mark[0] == "m":
        number = minute if last[:1] == "h" else value.month
        return f"{number:02d}" if len(mark) == 2 else str(number)
    numbers = {"d": value.day, "h": hour, "s": second}
    if mark[0] in numbers:
        return f"{numbers[mark[0]]:02d}" if len(mark) == 2 else str(numbers[mark[0]])
    return ""
