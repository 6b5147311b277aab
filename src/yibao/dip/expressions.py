"""What a pack writes: keys of diagnoses, ranges, and which operations must be there together (`a+b|c`). No rule text is ever run.

An expression is alternatives of codes that stand together, tested as sets: the order of codes never matters.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

Expression: TypeAlias = tuple[frozenset[str], ...]
NO_OPERATION = ("保守", "内科诊疗", "内科治疗", "无", "无手术", "-", "—", "/", "空")
ALL_DIAGNOSES = ("*", "所有诊断", "全部诊断", "不限")

_STEM = re.compile(r"([A-Z]\d{2})\.?([0-9x])?(\+)?")
_RANGE = re.compile(r"([A-Z]\d{2})(\.[0-9x])?-([A-Z]\d{2})(\.[0-9x])?")
_FULL = re.compile(r"[A-Z]\d{2}\.[0-9x]\d{2}(?:x\d{3})?(?:\+(?:[A-Z]\d{2}(?:\.\d)?\*)?)?")
_WIDE = re.compile(r"[A-Z]\d?")


@dataclass(frozen=True, slots=True)
class Range:
    """Diagnoses from `low` to `high`, both included: categories or 亚目, by letter first, then by the digits.

    >>> "K35.800" in diagnosis_key("K35.2-K36"), "K35.100" in diagnosis_key("K35.2-K36"), "K36.x00" in diagnosis_key("K35.2-K36")
    (True, False, True)
    """

    low: str
    high: str

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and self.low <= code[: len(self.low)] and code[: len(self.high)] <= self.high

    def __str__(self) -> str:
        return f"{self.low}-{self.high}"


def narrow(text: str) -> str:
    """Half-width, without blanks; what stands for a dot, a dagger or an asterisk becomes one.

    >>> narrow("　Ｋ３５．３｜ K36 "), narrow("M47.000†G99.2＊")
    ('K35.3|K36', 'M47.000+G99.2*')
    """
    text = unicodedata.normalize("NFKC", text).translate(_ODD)
    return "".join(text.split())


_ODD = str.maketrans(
    {"。": ".", "·": ".", "†": "+", "∗": "*", "﹡": "*", "～": "-", "~": "-", "—": "-", "–": "-", "﹢": "+", "﹣": "-"}
)


def cased(code: str) -> str:
    """Capital letters, but a small x behind the first character: the placeholder and the extension.

    >>> cased("i10.X00"), cased("17.912a0"), cased("x59.9")
    ('I10.x00', '17.912A0', 'X59.9')
    """
    code = code.upper().rstrip(".")
    return code[:1] + code[1:].replace("X", "x")


@lru_cache(maxsize=100_000)
def diagnosis_key(written: str) -> str | Range:
    """The key of a catalogue as the engine looks it up; ValueError (Chinese) where it is none.

    >>> diagnosis_key("K353"), diagnosis_key("I10.x"), diagnosis_key("M47.0+"), str(diagnosis_key("A00.0-C50.9"))
    ('K35.3', 'I10', 'M47.0+', 'A00-C50')
    """
    text = cased(narrow(written))
    if text in ALL_DIAGNOSES:
        return "*"
    if found := _RANGE.fullmatch(text):
        first, from_fourth, last, to_fourth = (part or "" for part in found.groups())
        low = first + ("" if from_fourth in (".0", ".x") else from_fourth)
        high = last + ("" if to_fourth in (".9", ".x") else to_fourth)  # the whole category
        if low > high and low[:3] >= high[:3]:
            raise ValueError(f"诊断范围“{written}”前大后小")
        return Range(low, high)
    if _FULL.fullmatch(text) or _WIDE.fullmatch(text):
        return text
    if found := _STEM.fullmatch(text):
        category, fourth, dagger = found.groups()
        return category + (f".{fourth}" if fourth and fourth != "x" else "") + (dagger or "")
    raise ValueError(f"“{written}”不是诊断编码")


def diagnosis_keys(written: str, separator: str = "|") -> tuple[str | Range, ...]:
    """The keys of a cell; ValueError names the one that is none."""
    return tuple(diagnosis_key(part) for part in narrow(written).split(separator) if part)


def expression(written: str, either: str = "|", both: str = "+") -> Expression:
    """Operations of a cell as alternatives of sets; empty for none. ValueError names what is no code.

    >>> [sorted(codes) for codes in expression("99.2503+99.2800X005｜41.0100")]
    [['99.2503', '99.2800x005'], ['41.0100']]
    """
    text = narrow(written)
    if not text or text.startswith(NO_OPERATION):
        return ()
    parts = [frozenset(map(_operation, filter(None, part.split(both)))) for part in text.split(either)]
    return tuple(dict.fromkeys(part for part in parts if part))


_OPERATION = re.compile(r"\d{2}\.\d(?:[0-9x][0-9A-Z]{0,3}(?:x\d{3,4})?)?")
_LOST_ZERO = re.compile(r"\d\.\d.*")


def _operation(written: str) -> str:
    code = cased(written)
    if not _OPERATION.fullmatch(code):
        raise ValueError(f"“{written}”不是手术操作编码")
    return code


def written(alternatives: Expression) -> str:
    """
    >>> written(expression("b+a|c".replace("a", "01.01").replace("b", "02.02").replace("c", "03.03")))
    '01.01+02.02|03.03'
    """
    return "|".join("+".join(sorted(codes)) for codes in alternatives)


def codes_of(alternatives: Expression) -> frozenset[str]:
    """Every code that an expression names."""
    return frozenset().union(*alternatives)
