"""Words that a report is put together with: numbering, directions, dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

_DIGITS = "零一二三四五六七八九"
UNWRITTEN = "【没有写】"  #: in a draft, for what is owed
CIRCLED = 20  #: the highest circled number
_RISEN, _FALLEN, _EQUAL = ("增加", "增长"), ("减少", "下降"), "与上年持平"


def in_characters(number: int) -> str:
    """A whole number from 1 to 99 in characters.

    >>> [in_characters(n) for n in (1, 10, 12, 20, 35)]
    ['一', '十', '十二', '二十', '三十五']
    """
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not tens else "")


def numbered(level: int, number: int) -> str:
    """The number before a heading, by its level from 1 (GB/T 9704: 一、 （一） 1. （1）; then ①); 0 is a part of a book.

    >>> [numbered(level, 2) for level in (0, 1, 2, 3, 4, 5)]
    ['第二部分　', '二、', '（二）', '2.', '（2）', '②']
    """
    characters = in_characters(number)
    circled = chr(ord("①") + number - 1) if number <= CIRCLED else f"{number}）"
    forms = (f"第{characters}部分　", f"{characters}、", f"（{characters}）", f"{number}.", f"（{number}）", circled)
    return forms[level]


def changed(by: Decimal) -> tuple[str, str] | None:
    """The words for an amount's and for a rate's change; None where nothing changed.

    >>> changed(Decimal("-3"))
    ('减少', '下降')
    """
    return None if by == 0 else _RISEN if by > 0 else _FALLEN


def unchanged() -> str:
    return _EQUAL


def compared(value: Decimal, other: Decimal) -> str:
    """高于, 低于 or 等于."""
    return "等于" if value == other else "高于" if value > other else "低于"


def listed(items: Sequence[str]) -> str:
    """甲、乙和丙.

    >>> listed(["甲", "乙", "丙"]), listed(["甲"])
    ('甲、乙和丙', '甲')
    """
    return "和".join(filter(None, ("、".join(items[:-1]), *items[-1:])))


def day(value: date) -> str:
    """A date as documents print it.

    >>> day(date(2026, 4, 2))
    '2026年4月2日'
    """
    return f"{value.year}年{value.month}月{value.day}日"


def days(first: date, last: date) -> str:
    """A span of days, the year said once where it is one.

    >>> days(date(2026, 4, 14), date(2026, 4, 18)), days(date(2026, 4, 2), date(2026, 4, 2))
    ('2026年4月14日至4月18日', '2026年4月2日')
    """
    if first == last:
        return day(first)
    end = day(last)
    return f"{day(first)}至{end.removeprefix(f'{first.year}年') if first.year == last.year else end}"


def whole_place(bureau: str) -> str:
    """全县, 全市 … after the name of a bureau; 本地区 where it does not tell.

    >>> whole_place("东河县医疗保障局"), whole_place("医疗保障事务中心")
    ('全县', '本地区')
    """
    kind = bureau.partition("医疗保障")[0][-1:]
    return f"全{kind}" if kind and kind in "省市县区州盟旗" else "本地区"


def stopped(sentence: str) -> str:
    """The sentence with one full stop behind it.

    >>> stopped("没有购置"), stopped("没有购置；"), stopped("完成。")
    ('没有购置。', '没有购置。', '完成。')
    """
    bare = sentence.rstrip("。；;，, ")
    return sentence if bare.endswith(("！", "？")) else f"{bare}。"
