"""How far an import is, as one share from 0 to 1 over all its files: by their bytes, and within a file by what DuckDB has read and written."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa

Told = Callable[[str, float], None]  #: what is being done, and the share of the whole that is done
Share = Callable[[float], None]
TICK = 0.2  #: seconds
READ = 0.2  #: of the time of an import, as measured: looking at every byte
JUDGED = 0.55  #: of the rest: typing and judging rows; then come sorting and writing
Span = tuple[float, float]  #: shares of the whole at which a part begins and ends


def parts(paths: Sequence[Path], begin: float, end: float) -> list[Span]:
    """A span for each file, as wide as the file is large.

    >>> parts([], 0.0, 0.2)
    []
    """
    sizes = [path.stat().st_size + 1 if path.exists() else 1 for path in paths]
    whole = sum(sizes) or 1
    return list(pairwise(begin + (end - begin) * size / whole for size in accumulate(sizes, initial=0)))


def part(told: Told, doing: str, span: Span) -> Share:
    """A share of a part of the work, told as a share of the whole where it has grown; at once, so that the words change when the work does."""
    begin, end = span
    most = 0.0

    def grown(share: float) -> None:
        nonlocal most
        if share > most:
            most = min(share, 1.0)
            told(doing, begin + (end - begin) * most)

    told(doing, begin)
    return grown


def counted(rows: pa.RecordBatchReader, expected: int, share: Share) -> pa.RecordBatchReader:
    """Sorted rows on their way into files: the second half of the work, the sort being the first."""

    def passing() -> Iterator[pa.RecordBatch]:
        done = 0
        for batch in rows:
            yield batch
            done += batch.num_rows
            share(0.5 + 0.5 * done / max(expected, 1))

    return pa.RecordBatchReader.from_batches(rows.schema, passing())


@contextmanager
def watched(con: Any, share: Share) -> Iterator[None]:
    """Tell how far the longest statement of a connection is while it runs (its `enable_progress_bar` is on)."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(TICK):
            share(con.query_progress() / 100)

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        done.set()
        watching.join()
    share(1.0)
