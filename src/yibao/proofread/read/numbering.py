"""Automatic numbers of a Word document, printed as Word prints them: 一、 （一） 1. (1) ①."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

LEVELS = 9
_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_PART = re.compile(r"%([1-9])")
_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "ideographTraditional",
}


def chinese_counting(n: int) -> str:
    """
    >>> [chinese_counting(n) for n in (1, 10, 12, 20, 105, 110)]
    ['一', '十', '十二', '二十', '一百零五', '一百一十']
    """
    if not 0 < n < 10_000:
        return str(n)
    text, gap = "", False
    digits = [int(d) for d in str(n)]
    for place, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + _PLACES[place]
        gap = not digit
    return text[1:] if 10 <= n < 20 else text


def _letters(n: int) -> str:
    return chr(ord("a") + (n - 1) % 26) * min((n - 1) // 26 + 1, 9) if n > 0 else ""


def _roman(n: int) -> str:
    text = ""
    for value, mark in _ROMAN if 0 < n < 4000 else ():
        while n >= value:
            text, n = text + mark, n - value
    return text


def printed(n: int, form: str) -> str:
    """The number n in a Word number format (`w:numFmt`). Unknown formats are printed as digits."""
    if form in _CHINESE:
        return chinese_counting(n)
    if form == "ideographDigital":
        return "".join("〇一二三四五六七八九"[int(d)] for d in str(n))
    if form in {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"}:
        return _CIRCLED[n - 1] if 0 < n <= len(_CIRCLED) else str(n)
    if form == "decimalFullWidth":
        return "".join(chr(ord(d) + 0xFEE0) for d in str(n))
    if form == "decimalZero":
        return f"{n:02d}"
    if form in {"lowerLetter", "upperLetter"}:
        return _letters(n).upper() if form[0] == "u" else _letters(n)
    if form in {"lowerRoman", "upperRoman"}:
        return _roman(n).upper() if form[0] == "u" else _roman(n)
    return str(n)


@dataclass
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    legal: bool = False
    style: str = ""


@dataclass
class Numbering:
    """The lists of one document, counting as its paragraphs are met in order."""

    lists: dict[str, str] = field(default_factory=dict)  #: numId → abstractNumId
    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)  #: abstractNumId → level → format
    overrides: dict[tuple[str, int], int] = field(default_factory=dict)  #: (numId, level) → start
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    restarted: set[tuple[str, int]] = field(default_factory=set)

    def label(self, num_id: str, level: int) -> str:
        """The number printed before the next paragraph of this list and level; "" for bullets and unknown lists."""
        abstract = self.lists.get(num_id)
        levels = self.levels.get(abstract or "", {})
        if abstract is None or level not in levels:
            return ""
        counts = self.counts.setdefault(abstract, {})
        self._count(num_id, level, levels, counts)
        here = levels[level]
        if here.form in {"bullet", "none"}:
            return ""

        def number(found: re.Match[str]) -> str:
            k = int(found[1]) - 1
            own = levels.get(k, here)
            return printed(counts.get(k, own.start), "decimal" if here.legal else own.form)

        text = _PART.sub(number, here.text)
        tight = here.suffix == "nothing" or not text or text[-1] in "、）)．.：:"
        return text if tight else text + " "

    def _count(self, num_id: str, level: int, levels: Mapping[int, _Level], counts: dict[int, int]) -> None:
        key = (num_id, level)
        start = self.overrides.get(key)
        if start is not None and key not in self.restarted:
            self.restarted.add(key)
            counts[level] = start
        else:
            counts[level] = (
                counts[level] + 1 if level in counts else (start if start is not None else levels[level].start)
            )
        for deeper in [k for k in counts if k > level]:
            del counts[deeper]


def read_numbering(root: Any) -> Numbering:
    """The lists of a numbering part (`w:numbering`); an empty Numbering for None."""
    numbering = Numbering()
    if root is None:
        return numbering
    for abstract in root.findall(qn("w:abstractNum")):
        name = abstract.get(qn("w:abstractNumId"), "")
        numbering.levels[name] = {
            k: _level(element) for element in abstract.findall(qn("w:lvl")) if (k := _ilvl(element)) is not None
        }
    for num in root.findall(qn("w:num")):
        name = num.get(qn("w:numId"), "")
        numbering.lists[name] = _value(num, "w:abstractNumId")
        for override in num.findall(qn("w:lvlOverride")):
            k = _ilvl(override)
            start = _value(override, "w:startOverride")
            if k is not None and start.isdecimal() and len(start) < 6:
                numbering.overrides[name, k] = int(start)
            own = override.find(qn("w:lvl"))
            if k is not None and own is not None:
                _own_level(numbering, name, k, _level(own))
    return numbering


def _own_level(numbering: Numbering, name: str, k: int, level: _Level) -> None:
    """A list that redefines a level counts for itself from then on."""
    abstract = numbering.lists[name]
    if not abstract.startswith("own:"):
        numbering.levels[f"own:{name}"] = dict(numbering.levels.get(abstract, {}))
        numbering.lists[name] = f"own:{name}"
    numbering.levels[f"own:{name}"][k] = level


def _ilvl(element: Any) -> int | None:
    value = element.get(qn("w:ilvl"), "")
    return int(value) if value.isdecimal() and len(value) == 1 and int(value) < LEVELS else None


def _level(element: Any) -> _Level:
    start = _value(element, "w:start")
    return _Level(
        int(start) if start.isdecimal() and len(start) < 6 else 1,
        _value(element, "w:numFmt") or "decimal",
        _value(element, "w:lvlText")[:40],
        _value(element, "w:suff") or "tab",
        element.find(qn("w:isLgl")) is not None,
    )


def _value(element: Any, tag: str) -> str:
    child = element.find(qn(tag))
    return str(child.get(qn("w:val"), "")) if child is not None else ""
