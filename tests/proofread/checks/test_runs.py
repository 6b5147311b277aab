"""Numbers in order, nested, restarted, broken."""

from __future__ import annotations

import pytest

from yibao.proofread.checks.runs import Item, walk
from yibao.proofread.document import Place
from yibao.proofread.findings import Evidence

STYLES = {"一": "一、", "1": "1.", "(": "（1）"}


def items(text: str) -> list[Item]:
    """一2 1.3 → heading 2, list item 3: the style's sign and the number, divided by blanks."""
    found = []
    for i, word in enumerate(text.split()):
        style, number = STYLES[word[0]], int(word[1:].lstrip(":"))
        found.append(Item(style, number, word, "", (i, 0), Evidence(word, Place("样例", i))))
    return found


def broken(text: str, *, nests: bool = False) -> list[tuple[str, str]]:
    _, breaks = walk(items(text), nests=nests)
    return [(b.kind.value, b.item.label) for b in breaks]


@pytest.mark.parametrize(
    "text",
    [
        "1:1 1:2 1:3",
        "一:1 1:1 1:2 一:2 1:1 1:2 一:3",
        "1:1 (:1 (:2 1:1 1:2 (:3 1:2",
        "1:1 1:2 1:1 1:2 1:3",
    ],
)
def test_in_order(text: str) -> None:
    assert broken(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1:1 1:2 1:4", [("gap", "1:4")]),
        ("1:1 1:2 1:2 1:3", [("repeat", "1:2")]),
        ("1:1 1:2 1:3 1:2", [("back", "1:2")]),
        ("一:2 一:3", [("orphan", "一:2")]),
        ("1:1 1:2 1:4 1:5 1:6", [("gap", "1:4")]),
        ("1:1 1:2 1:2 1:4", [("repeat", "1:2")]),
    ],
)
def test_one_slip_is_one_break(text: str, expected: list[tuple[str, str]]) -> None:
    assert broken(text) == expected


def test_a_run_of_one_style_nests_in_another_where_it_may() -> None:
    assert broken("1:1 1:1 1:2 1:2 1:3", nests=True) == []
    assert broken("1:1 1:1 1:2 1:2 1:3") == [("repeat", "1:2")]


def test_what_stands_before_and_after_a_break() -> None:
    runs, breaks = walk(items("1:1 1:2 1:4 1:5"))
    assert (breaks[0].led, breaks[0].goes_on, len(runs)) == (2, True, 1)
    assert breaks[0].before is not None
    assert breaks[0].before.number == 2


def test_many_items_take_no_longer_than_their_number() -> None:
    _, breaks = walk(items(" ".join(f"1:{i % 7 + 2}" for i in range(3000))))
    assert len(breaks) > 100
