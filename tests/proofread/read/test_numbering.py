"""Automatic numbers of Word, printed."""

from __future__ import annotations

import pytest
from lxml import etree

from tests.proofread.read import making
from yibao.proofread.read.numbering import Numbering, printed, read_numbering


@pytest.mark.parametrize(
    ("n", "form", "text"),
    [
        (3, "decimal", "3"),
        (11, "chineseCounting", "十一"),
        (20, "chineseCountingThousand", "二十"),
        (101, "japaneseCounting", "一百零一"),
        (12, "ideographDigital", "一二"),
        (5, "decimalEnclosedCircle", "⑤"),
        (21, "decimalEnclosedCircle", "21"),
        (7, "decimalZero", "07"),
        (12, "decimalFullWidth", "１２"),
        (28, "lowerLetter", "bb"),
        (4, "upperRoman", "IV"),
        (9, "unknownForm", "9"),
        (0, "chineseCounting", "0"),
    ],
)
def test_number_formats(n: int, form: str, text: str) -> None:
    assert printed(n, form) == text


def lists(*levels: tuple[str, str]) -> Numbering:
    return read_numbering(etree.fromstring(making.numbering(*levels)))


def test_levels_count_and_restart() -> None:
    numbers = lists(("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
    met = [numbers.label("1", level) for level in (0, 1, 1, 2, 0, 1)]
    assert met == ["一、", "（一）", "（二）", "1.", "二、", "（一）"]


def test_text_with_two_levels() -> None:
    numbers = lists(("decimal", "%1"), ("decimal", "%1.%2"))
    assert [numbers.label("1", level) for level in (0, 1, 1, 0, 1)] == ["1 ", "1.1 ", "1.2 ", "2 ", "2.1 "]


def test_bullets_and_unknown_lists_print_nothing() -> None:
    numbers = lists(("bullet", "●"))
    assert numbers.label("1", 0) == ""
    assert numbers.label("99", 0) == ""
    assert numbers.label("1", 7) == ""


def test_start_override_begins_again_once() -> None:
    root = etree.fromstring(making.numbering(("decimal", "%1.")))
    extra = f'<w:num xmlns:w="{making.W}" w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    root.append(etree.fromstring(extra))
    numbers = read_numbering(root)
    assert [numbers.label(n, 0) for n in ("1", "1", "2", "2")] == ["1.", "2.", "1.", "2."]


def test_no_part_at_all() -> None:
    assert read_numbering(None).label("1", 0) == ""
