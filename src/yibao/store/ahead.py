"""Work ahead: what comes next is made in a thread of its own while the present is worked on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")
_PATIENCE = 0.1  #: seconds between two looks at whether anybody still waits


def ahead(items: Iterable[T], depth: int = 2) -> Iterator[T]:
    """The same items in the same order, up to `depth` of them made ahead. An error comes out where its item would have.

    Worth it where making and using both leave Python (Arrow, numba without the lock): then two cores work.
    """
    waiting: Queue[tuple[list[T], BaseException | None]] = Queue(depth)
    stopped = Event()

    def put(made: list[T], error: BaseException | None = None) -> bool:
        while not stopped.is_set():
            try:
                waiting.put((made, error), timeout=_PATIENCE)
                return True
            except Full:
                continue
        return False

    def make() -> None:
        try:
            for item in items:
                if not put([item]):
                    return
            put([])
        except BaseException as error:
            put([], error)

    thread = Thread(target=make, daemon=True)
    thread.start()
    try:
        while True:
            made, error = waiting.get()
            if error is not None:
                raise error
            if not made:
                return
            yield from made
    finally:
        stopped.set()
        thread.join()
