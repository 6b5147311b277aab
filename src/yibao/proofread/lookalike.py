"""Characters that are taken for each other: by sound (a typing slip) or by shape (a slip of the eye or of recognition)."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

FIRST_LEVEL = range(0xB0A1, 0xD7FA)  #: codes of GB 2312 that are ordered by sound


class Tables(BaseModel):
    """`sounds`: the first character of each syllable, in order. `shapes`: groups of similar characters."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sounds: str
    shapes: tuple[str, ...]


@cache
def _tables() -> Tables:
    text = (files("yibao.proofread") / "data" / "lookalikes.yaml").read_text(encoding="utf-8")
    return Tables.model_validate(yaml.safe_load(text))


@cache
def _starts() -> tuple[int, ...]:
    return tuple(code for char in _tables().sounds if (code := _code(char)) is not None)


@cache
def _shapes() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for group in _tables().shapes:
        for char in group:
            found[char] = found.get(char, frozenset()) | frozenset(group)
    return found


def _code(char: str) -> int | None:
    try:
        code = int.from_bytes(char.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return None
    return code if code in FIRST_LEVEL else None


def sound(char: str) -> int | None:
    """The number of a character's syllable, None for a rare character. Tones and second readings are not known.

    >>> sound("历") == sound("例"), sound("历") == sound("市")
    (True, False)
    """
    code = _code(char)
    return None if code is None else bisect_right(_starts(), code)


def alike(a: str, b: str) -> bool:
    """True for two characters that sound or look alike.

    >>> alike("川", "州"), alike("理", "里"), alike("益", "岳")
    (True, True, False)
    """
    return same_sound(a, b) or b in _shapes().get(a, ())


def same_sound(a: str, b: str) -> bool:
    first, second = sound(a), sound(b)
    return first is not None and first == second
