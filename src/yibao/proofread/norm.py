"""Text as the grammar reads it, with the way back to the characters of the file.

Blanks, Markdown emphasis and full-width digits disturb patterns, but a quote must stay literal. `normalise` gives both:
a clean `text`, and for every character of it the place in `raw`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_PUNCTUATION = {
    ",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "!": "！", "?": "？",
    "〔": "（", "〕": "）", "﹙": "（", "﹚": "）", "［": "（", "］": "）",
    "－": "-", "−": "-", "–": "-", "—": "-", "─": "-", "﹣": "-",
    "．": ".", "﹒": ".", "％": "%", "﹪": "%", "≧": "≥", "≦": "≤", "＞": ">", "＜": "<", "＝": "=", "×": "×",
    "～": "~", "∼": "~", "〜": "~", "﹕": "：", "﹔": "；", "“": '"', "”": '"', "„": '"', "‟": '"', "＂": '"', "「": '"', "」": '"',
    "‘": "'", "’": "'",
}  # fmt: skip
_DROPPED = frozenset("*#`\u200b\u200c\u200d\ufeff\u00ad")
SHORT = 64  #: characters; every check that walks through the tables reads the same cells again
_BLANK = "\u2423"  #: stands for blanks between two digits, which would otherwise glue two numbers into one


@dataclass(frozen=True, slots=True)
class Norm:
    """`text` for patterns; `pos[i]` is the index in `raw` of `text[i]`."""

    text: str
    raw: str
    pos: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The raw span of `text[start:end]`."""
        if not self.pos or start >= end:
            return (0, 0)
        return self.pos[start], self.pos[min(end, len(self.pos)) - 1] + 1

    def quote(self, start: int, end: int) -> str:
        """The literal characters of `text[start:end]`.

        >>> normalise("共有编制 ６０ 人,其中").quote(0, 7)
        '共有编制 ６０ 人'
        """
        a, b = self.span(start, end)
        return self.raw[a:b]


def normalise(raw: str) -> Norm:
    """Clean text without blanks and emphasis; digits, signs and punctuation in one form each.

    >>> normalise("预算执行率 ９５．４４％（**1,234.5** 万元）").text
    '预算执行率95.44%（1234.5万元）'
    """
    return _short(raw) if len(raw) <= SHORT else _normalised(raw)


@lru_cache(maxsize=8192)
def _short(raw: str) -> Norm:
    return _normalised(raw)


def _normalised(raw: str) -> Norm:
    chars: list[str] = []
    pos: list[int] = []
    blank = False
    for i, char in enumerate(raw):
        if char.isspace():
            blank = True
            continue
        if char in _DROPPED:
            continue
        new = _single(char)
        if blank and chars and _digit(chars[-1]) and _digit(new):
            chars.append(_BLANK)
            pos.append(i - 1)
        blank = False
        chars.append(new)
        pos.append(i)
    return _settle_marks(chars, pos, raw)


def _single(char: str) -> str:
    if char in _PUNCTUATION:
        return _PUNCTUATION[char]
    if "\uff01" <= char <= "\uff5e":
        folded = chr(ord(char) - 0xFEE0)
        return _PUNCTUATION.get(folded, folded)
    if ord(char) > 0x2E7F:
        folded = (
            unicodedata.normalize("NFKC", char)
            if 0xF900 <= ord(char) <= 0xFAFF or 0x2F00 <= ord(char) <= 0x2FDF
            else char
        )
        return folded if len(folded) == 1 else char
    return char


def _digit(char: str) -> bool:
    return "0" <= char <= "9"


def _settle_marks(chars: list[str], pos: list[int], raw: str) -> Norm:
    """Decide marks that mean two things: a comma between thousands goes, a colon between digits is a ratio or a time."""
    out: list[str] = []
    kept: list[int] = []
    n = len(chars)
    for i, char in enumerate(chars):
        left = chars[i - 1] if i else ""
        if char == "，" and _digit(left) and _thousands(chars, i, n):
            continue
        if char == "：" and _digit(left) and i + 1 < n and _digit(chars[i + 1]):
            char = ":"
        out.append(char)
        kept.append(pos[i])
    return Norm("".join(out), raw, tuple(kept))


def _thousands(chars: list[str], i: int, n: int) -> bool:
    """True for a comma followed by exactly three digits and preceded by one to three: 1,234,567.89."""
    after = 0
    while i + 1 + after < n and _digit(chars[i + 1 + after]):
        after += 1
    before = 0
    while i - 1 - before >= 0 and _digit(chars[i - 1 - before]):
        before += 1
    led = before == 3 and i - 4 >= 0 and chars[i - 4] == "，"
    decimal = before and i - 1 - before >= 0 and chars[i - 1 - before] == "."
    return after == 3 and not decimal and (before < 3 or led or before == 3)
