"""Two lists of pieces laid side by side."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from yibao.proofread.alignment import Piece, align


def pieces(*texts: str, context: str = "") -> list[Piece]:
    """A text with digits masked; four characters or more are telling."""
    masked = ["".join("#" if c.isdigit() else c for c in text) for text in texts]
    return [Piece(t, m, (context,), len(m.replace("#", "")) >= 4) for t, m in zip(texts, masked, strict=True)]


def test_a_piece_is_found_wherever_it_stands() -> None:
    assert align(pieces("年末在职人数5", "年末退休人数3"), pieces("年末退休人数4", "年末在职人数5")) == {0: 1, 1: 0}


def test_a_dropped_repeat_does_not_shift_the_others() -> None:
    ours = pieces("完成预算1", "完成预算2", "完成预算3", context="三")
    theirs = pieces("完成预算2", "完成预算3", context="三")
    assert align(ours, theirs) == {1: 0, 2: 1}


def test_a_repeated_piece_follows_its_neighbour() -> None:
    ours = pieces("甲项目支出1", "增长1", "乙项目支出2", "增长2")
    theirs = pieces("乙项目支出2", "增长7", "甲项目支出1", "增长1")
    assert align(ours, theirs) == {0: 2, 1: 3, 2: 0, 3: 1}


def test_repeats_of_unequal_number_are_left_alone() -> None:
    assert align(pieces("增长1", "增长2", context="三"), pieces("增长8", "增长9", "增长7", context="三")) == {}


def test_short_words_are_not_looked_for_under_another_heading() -> None:
    assert align(pieces("增长1", context="三"), pieces("增长2", context="四")) == {}
    assert align(pieces("增长1", context="三"), pieces("增长2", context="三")) == {0: 0}


def test_a_bare_number_is_a_pair_between_pairs() -> None:
    ours = [*pieces("年末在职人数5"), Piece("7.5", "#", (), bare=True), *pieces("年末退休人数3")]
    theirs = [*pieces("年末在职人数5"), Piece("7.8", "#", (), bare=True), *pieces("年末退休人数3")]
    assert align(ours, theirs) == {0: 0, 1: 1, 2: 2}
    assert align(ours[1:], theirs[1:]) == {1: 1}


def test_known_pairs_are_kept() -> None:
    assert align(pieces("增长1", "持平"), pieces("增长9", "持平"), {0: 0})[0] == 0


@given(st.lists(st.sampled_from(["收入合计1", "收入合计2", "增长1", "增长2", "持平", ""]), max_size=30), st.randoms())
def test_no_piece_is_used_twice(texts: list[str], rng: random.Random) -> None:
    other = rng.sample(texts, len(texts))
    found = align(pieces(*texts), pieces(*other))
    assert len(set(found.values())) == len(found)


@given(st.lists(st.sampled_from(["收入合计1", "收入合计2", "增长1", "持平"]), max_size=30))
def test_a_document_is_itself(texts: list[str]) -> None:
    found = align(pieces(*texts, context="三"), pieces(*texts, context="三"))
    assert all(texts[i] == texts[j] for i, j in found.items())
    assert len(found) == len(texts)


def test_many_repeats_are_bounded_work() -> None:
    many = pieces(*["增长1"] * 60_000)
    assert len(align(many, many[:-1])) <= len(many)
