"""Work ahead: the same items in the same order, errors where they belong, and no thread left behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from yibao.store.ahead import ahead


def test_items_come_in_their_order() -> None:
    assert list(ahead(range(100))) == list(range(100))
    assert list(ahead([])) == []


def test_an_error_comes_after_what_was_made_before_it() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("two")

    found = ahead(broken())
    assert next(found) == 1
    with pytest.raises(ValueError, match="two"):
        next(found)


def test_who_stops_early_leaves_no_thread() -> None:
    before = threading.active_count()
    found = ahead(iter(range(1_000_000)))
    assert next(found) == 0
    found.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before


def test_a_bounded_number_is_made_ahead() -> None:
    made: list[int] = []

    def counted() -> Iterator[int]:
        for n in range(50):
            made.append(n)
            yield n

    found = ahead(counted(), depth=2)
    next(found)
    found.close()  # type: ignore[attr-defined]
    assert len(made) <= 6
