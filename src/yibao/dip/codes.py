"""Codes as records write them → codes of 医保版 2.0, each with its keys, or with the reason why nothing is grouped on it.

What is repaired is flagged; what could be two codes is not repaired. The extension (x005) is never cut off: 99.2800 is an
excluded operation while 99.2800x005 makes a group.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from yibao.dip.expressions import cased, narrow

Status = Literal["OK", "REPAIRED_CODE", "UNMAPPED_CODE", "AMBIGUOUS_CODE", "UNKNOWN_CODE"]
Side = Literal["diagnosis", "operation"]
GROUPED_ON: frozenset[Status] = frozenset({"OK", "REPAIRED_CODE"})
MEDICAL = ("", "医保版", "医保版2.0", "yb2")  #: names of the system that packs are written in
#: what records write where there is no code
BLANK = frozenset(("", "-", "--", "---", "/", "\\", "无", "无手术", "空", "null", "none", "nan"))

_PAIR = r"(?:\+(?:[A-Z]\d{2}(?:\.\d)?\*)?)?"
_DIAGNOSIS = re.compile(rf"[A-Z]\d{{2}}\.[0-9x]\d{{2}}(?:x\d{{3}})?{_PAIR}")
_OPERATION = re.compile(
    r"\d{2}\.(?:\d{4}(?:x\d{3})?|\dx\d{2}(?:x\d{3})?|\d{3}[0-9A-Z]\d|\d{3}x\d{4})"
)  # guide dip §2.2
_NO_DOT = re.compile(r"([A-Z]\d{2})([0-9x]\d{2}(?:x\d{3})?.*)")
_NO_DOT_OPERATION = re.compile(r"(\d{2})(\d{4}(?:x\d{3})?|\dx\d{2}(?:x\d{3})?)")
_LOST_ZERO = re.compile(r"\d(?:\..*)?")


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a record: as written, as understood, and what became of it on the way."""

    raw: str
    code: str  #: of 医保版 2.0; where the status is not one to group on, as far as it was read
    status: Status = "OK"
    keys: tuple[str, ...] = ()  #: of a diagnosis, the most specific first
    asterisk: str = ""
    candidates: tuple[str, ...] = ()  #: what an ambiguous one could be

    @property
    def counts(self) -> bool:
        """May something be grouped on it? Of an unknown diagnosis whose stem is known the keys stay, and the flag."""
        return self.status in GROUPED_ON or (self.status == "UNKNOWN_CODE" and bool(self.keys))

    @property
    def is_dagger(self) -> bool:
        return "+" in self.code


@lru_cache(maxsize=100_000)
def blank(raw: str) -> bool:
    """Does a record say that there is no code?

    >>> blank(" — "), blank("无。"), blank("."), blank("I10.x00")
    (True, True, True, False)
    """
    return not raw or (len(raw) < 9 and narrow(raw).lower().strip(".") in BLANK)


@dataclass(frozen=True)
class CodeList:
    """The codes that exist, and the way from other systems; both may be absent, then only the shape is judged."""

    side: Side
    known: frozenset[str] = frozenset()
    maps: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    dagger_key_mode: Literal["both", "plain_only"] = "both"
    system: str = ""  #: of records that do not say theirs

    def __post_init__(self) -> None:
        object.__setattr__(self, "_sorted", sorted(self.known))
        object.__setattr__(self, "_seen", {})

    def read(self, raw: str, system: str = "") -> Code:
        """One code of a record. A system for which there is a map, or other than 医保版, goes through its map, and only through it."""
        seen: dict[tuple[str, str], Code] = getattr(self, "_seen")  # noqa: B009
        found = seen.get((raw, system))
        if found is None:
            found = seen[raw, system] = self._read(raw, system)
        return found

    def _read(self, raw: str, system: str) -> Code:
        text = cased(narrow(raw))
        system = narrow(system) or self.system
        if system in self.maps or system.lower() not in MEDICAL:
            return self._mapped(raw, text, self.maps.get(system, {}))
        if self._exists(text):
            return self._known(raw, text, "OK")
        if self.known and self.side == "diagnosis" and self._exists(f"{text}+"):
            return self._known(raw, f"{text}+", "REPAIRED_CODE")  # a pair of which the asterisk was left out
        return self._repaired(raw, text)

    def _mapped(self, raw: str, text: str, targets_of: Mapping[str, tuple[str, ...]]) -> Code:
        whole = text if text in targets_of else _whole(text, self.side)
        targets = targets_of.get(whole, ())
        if len(targets) != 1:
            return Code(raw, text, "AMBIGUOUS_CODE" if targets else "UNMAPPED_CODE", candidates=targets)
        return self._known(raw, cased(narrow(targets[0])), "OK" if whole == text else "REPAIRED_CODE")

    def _exists(self, text: str) -> bool:
        shape = _DIAGNOSIS if self.side == "diagnosis" else _OPERATION
        if not shape.fullmatch(text):
            return False
        return not self.known or text in self.known or (text.endswith("+") and self._pairs(text))

    def _pairs(self, text: str) -> bool:
        return any(code.startswith(text) for code in self._starting(text))

    def _starting(self, text: str) -> Sequence[str]:
        """The codes of the list that begin so."""
        ordered: list[str] = getattr(self, "_sorted")  # noqa: B009
        begin = bisect_left(ordered, text)
        return ordered[begin : bisect_left(ordered, text + "\uffff")]

    def _repaired(self, raw: str, text: str) -> Code:
        """What a spreadsheet did to a code is undone where only one code can be meant."""
        whole = _whole(text, self.side)
        shape = _DIAGNOSIS if self.side == "diagnosis" else _OPERATION
        if self.known:
            short = whole != text or len(whole) < 7 or not shape.fullmatch(whole)
            found = tuple(self._starting(whole)) if short and re.match(r"[A-Z]?\d{2}", whole) else ()
            if len(found) == 1:
                return self._known(raw, found[0], "REPAIRED_CODE")
            if found:
                return Code(raw, text, "AMBIGUOUS_CODE", candidates=found[:5])
            has_stem = self.side == "diagnosis" and bool(shape.fullmatch(text) and self._starting(text[:5]))
            return Code(raw, text, "UNKNOWN_CODE", self.keys(text) if has_stem else ())
        if whole != text and shape.fullmatch(whole):
            return self._known(raw, whole, "REPAIRED_CODE")
        is_part = re.fullmatch(r"[A-Z]\d{2}(\.[0-9x]\d?)?" if self.side == "diagnosis" else r"\d{2}(\.\d{0,3})?", whole)
        return Code(raw, text, "AMBIGUOUS_CODE" if is_part else "UNKNOWN_CODE")

    def _known(self, raw: str, code: str, status: Status) -> Code:
        if not self._exists(code):
            return Code(raw, code, "UNKNOWN_CODE")
        if self.side == "operation":
            return Code(raw, code, status)
        return Code(raw, code, status, self.keys(code), code.partition("+")[2])

    def keys(self, code: str) -> tuple[str, ...]:
        """Keys of a diagnosis, the most specific first.

        >>> CodeList("diagnosis").keys("M47.000+G99.2*")
        ('M47.000+G99.2*', 'M47.000', 'M47.0+', 'M47.0', 'M47+', 'M47')
        >>> CodeList("diagnosis").keys("I10.x00"), CodeList("diagnosis").keys("K35.300")
        (('I10.x00', 'I10'), ('K35.300', 'K35.3', 'K35'))
        """
        main, plus, _ = code.partition("+")
        stems = [main[:3]] if main[4:5] == "x" else [main[:5], main[:3]]
        found = [code, main]
        for stem in stems:
            if plus:
                found.append(f"{stem}+")
            if not plus or self.dagger_key_mode == "both" or stem == main[:3]:
                found.append(stem)
        return tuple(dict.fromkeys(found))


def _whole(text: str, side: Side) -> str:
    """A code with the dot and the leading zero that a spreadsheet took.

    >>> _whole("K35300", "diagnosis"), _whole("470100", "operation"), _whole("6.31", "operation")
    ('K35.300', '47.0100', '06.31')
    """
    if side == "diagnosis":
        found = _NO_DOT.fullmatch(text)
        return f"{found[1]}.{found[2]}" if found else text
    if found := _NO_DOT_OPERATION.fullmatch(text):
        return f"{found[1]}.{found[2]}"
    return f"0{text}" if _LOST_ZERO.fullmatch(text) else text
