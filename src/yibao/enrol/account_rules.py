"""个人账户: how much is credited a month, and which relatives may use it, as the region's notices have it from month to month.

Before the reform (门诊共济) the employer's part gives a share by age and a pension its share; after it the person's own part alone,
and the retired a fixed sum. Both are values of one parameter; its dates say when which holds (guide benefits §2).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from yibao.enrol.rules import Book
from yibao.money import Fen, share_of
from yibao.vocabulary.tables import load_tables

CREDIT, RELATIVES = "enrol.account.credit", "enrol.account.relatives"
_FORMS = ("amount", "mean_pension", "pension_share", "assessed")
_AGELESS = -1  #: whose birth date is not known: a band for everybody takes him, a band by age does not
_OLDEST = 1_000


@dataclass(frozen=True, slots=True)
class CreditRule:
    """What comes into an account a month. Amounts in fen, shares in 10⁻⁴; `bands`: from age, below age, the employer's share.

    `retired` is amount, pension (`share` of the base of his row) or assessed (unchanged since the first month from `since`, yyyymm).
    """

    floor: int
    ceiling: int
    own: int
    bands: tuple[tuple[int, int, int], ...]
    flexible: int
    half: int  #: added before the division by 10,000: 5,000 rounds half up, 0 cuts
    retired: str
    amount: int = 0
    share: int = 0
    least: int = 0
    most: int = 0
    since: int = 0


def credit_rule(book: Book, day: date) -> CreditRule:
    """The rule on a day; a month goes by its first."""
    said = book.mapping(CREDIT, day, ("in_service", "flexible", "retired", "posted"))
    work = _parts(book, said["in_service"], "in_service", ("own", "employer"))
    base = book.mapping("enrol.employee.base", day, ("floor", "ceiling"))
    floor, ceiling = (book.fen("enrol.employee.base", base[name]) for name in ("floor", "ceiling"))
    if floor > ceiling:
        raise book.wrong("enrol.employee.base", "下限高于上限")
    half_up = book.one_of("enrol.levy.rounding", day, ("half_up", "down")) == "half_up"
    return CreditRule(
        floor, ceiling, book.rate(CREDIT, work["own"]), _bands(book, work["employer"]), book.rate(CREDIT, said["flexible"]),
        5_000 if half_up else 0, **_retired(book, said["retired"], day, half_up),
    )  # fmt: skip


def posted_by_month(book: Book, day: date) -> bool:
    """Does a credit reach the account on the first of its month (else on the day on which the money comes)?"""
    posted = book.mapping(CREDIT, day, ("posted",))["posted"]
    if posted not in ("month_start", "paid_date"):
        raise book.wrong(CREDIT, f"里的 posted 只能是 month_start、paid_date，现在是“{posted}”")
    return bool(posted == "month_start")


def _parts(book: Book, said: Any, part: str, needed: Sequence[str]) -> Mapping[str, Any]:
    if not isinstance(said, Mapping) or set(said) != set(needed):
        raise book.wrong(CREDIT, f"里的 {part} 要有 {'、'.join(needed)}，不能有别的")
    return said


def _bands(book: Book, said: Any) -> tuple[tuple[int, int, int], ...]:
    """`[{below: 45, share: …}, {share: …}]` as contiguous bands; none: one band of nothing for everybody."""
    if not isinstance(said, list) or not all(
        isinstance(b, Mapping) and "share" in b and set(b) <= {"below", "share"} for b in said
    ):
        raise book.wrong(CREDIT, "里的 employer 应是一列 {below, share}")
    if any("below" not in band for band in said[:-1]) or (said and "below" in said[-1]):
        raise book.wrong(CREDIT, "里的 employer 除最后一档外都要有 below，最后一档没有")
    ages = [book.whole(CREDIT, band["below"]) for band in said[:-1]]
    starts = [0 if ages else _AGELESS, *ages]
    if starts != sorted(set(starts)):
        raise book.wrong(CREDIT, "里的 employer 各档年龄没有从小到大")
    shares = [book.rate(CREDIT, band["share"]) for band in said] or [0]
    return tuple(zip(starts, [*ages, _OLDEST], shares, strict=True))


def _retired(book: Book, said: Any, day: date, half_up: bool) -> dict[str, Any]:
    forms = [form for form in _FORMS if isinstance(said, Mapping) and form in said]
    if len(forms) != 1:
        raise book.wrong(CREDIT, f"里的 retired 只能写 {'、'.join(_FORMS)} 中的一种")
    form = forms[0]
    parts = _parts(book, said, "retired", (form, "share") if form == "mean_pension" else (form,))
    if form == "amount":
        return {"retired": "amount", "amount": int(book.fen(CREDIT, parts["amount"]))}
    if form == "pension_share":
        return {"retired": "pension", "share": book.rate(CREDIT, parts["pension_share"])}
    if form == "mean_pension":
        mean, share = book.fen(CREDIT, parts["mean_pension"]), book.rate(CREDIT, parts["share"])
        return {
            "retired": "amount",
            "amount": share_of(Fen(mean), share, 10_000) if half_up else mean * share // 10_000,
        }
    bounds = _parts(book, parts["assessed"], "assessed", ("least", "most"))
    least, most = (int(book.fen(CREDIT, bounds[name])) for name in ("least", "most"))
    if least > most:
        raise book.wrong(CREDIT, "里的 least 大于 most")
    began = book.pack.parameter(CREDIT, on=day, known_at=book.known_at).valid_from
    return {"retired": "assessed", "least": least, "most": most, "since": began.year * 100 + began.month}


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month, yyyymm, both days included."""

    number: int
    first: date
    last: date


def months(year: int) -> tuple[Month, ...]:
    """
    >>> months(2024)[1]
    Month(number=202402, first=datetime.date(2024, 2, 1), last=datetime.date(2024, 2, 29))
    """
    return tuple(
        Month(year * 100 + m, date(year, m, 1), date(year, m, calendar.monthrange(year, m)[1])) for m in range(1, 13)
    )


def credit_stretches(book: Book, chosen: Iterable[Month]) -> list[tuple[CreditRule, list[Month]]]:
    """Months in a row under one rule: a reform inside a year parts them."""
    ruled = [(credit_rule(book, month.first), month) for month in chosen]
    return [(rule, [month for _, month in group]) for rule, group in groupby(ruled, key=lambda pair: pair[0])]


def relatives(book: Book, day: date) -> tuple[str, ...]:
    """Who may use the account of a relative on a day; an empty list where sharing is not yet allowed."""
    known = load_tables().codes["kinship"].values
    said = book.words(RELATIVES, day)
    if strange := [name for name in said if name not in known]:
        raise book.wrong(RELATIVES, f"里没有“{strange[0]}”这种关系，可用的有 {'、'.join(known)}")
    return said
