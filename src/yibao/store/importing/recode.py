"""Text of another encoding in UTF-8, block by block; the second half of a large file by a second process.

Python decodes on one core at a time, and decoding GBK costs as much as parsing, typing and judging the same rows.
Run as a module it is that second process: it imports nothing but codecs.
"""

from __future__ import annotations

import codecs
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

BLOCK = 1 << 20  #: bytes handed over at a time
PIECE = 1 << 15  #: bytes decoded at a time: what stays in the processor's cache takes three quarters of the time
LARGE = 1 << 25  #: bytes from which a second process pays


def recoded(path: Path, encoding: str, bom: int, work: Path, told: Callable[[int], None]) -> Iterator[bytes]:
    """The text behind its mark. `told`: the bytes that are done. A byte that cannot be read becomes U+FFFD."""
    size = path.stat().st_size
    middle = _line_end_behind(path, size // 2) if encoding == "gb18030" and size >= LARGE else size
    other = _SecondHalf(path, encoding, middle, size, work) if middle < size else None
    try:
        yield from _decoded(path, encoding, bom, middle, told)
        if other is not None:
            yield from other.blocks(told)
    finally:
        if other is not None:
            other.end()


def _decoded(path: Path, encoding: str, start: int, end: int, told: Callable[[int], None]) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    with path.open("rb") as file:
        file.seek(start)
        while start < end and (block := file.read(min(BLOCK, end - start))):
            yield b"".join(decoder.decode(block[i : i + PIECE]).encode() for i in range(0, len(block), PIECE))
            start += len(block)
            told(start)
    yield decoder.decode(b"", final=True).encode()


def _line_end_behind(path: Path, start: int) -> int:
    """A place where the file can be cut: no character of GB18030 holds a line feed. The end of the file where a block has none."""
    with path.open("rb") as file:
        file.seek(start)
        found = file.read(BLOCK).find(b"\n")
    return start + found + 1 if found >= 0 else path.stat().st_size


class _SecondHalf:
    """The other process, and the file that it writes."""

    def __init__(self, path: Path, encoding: str, start: int, end: int, work: Path) -> None:
        self._asked = path, encoding, start, end
        self._text = work / f"{path.stem}.second.txt"
        said = [sys.executable, "-m", __name__, str(path), encoding, str(start), str(end), str(self._text)]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(said, stdin=quiet, stdout=quiet, stderr=quiet)

    def blocks(self, told: Callable[[int], None]) -> Iterator[bytes]:
        """What it wrote; decoded here where it could not work."""
        path, encoding, start, end = self._asked
        if self._process.wait() != 0:
            yield from _decoded(path, encoding, start, end, told)
            return
        told(end)
        with self._text.open("rb") as file:
            while block := file.read(BLOCK):
                yield block

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._text.unlink(missing_ok=True)


def _write_half(path: str, encoding: str, start: str, end: str, out: str) -> None:
    with Path(out).open("wb") as file:
        for block in _decoded(Path(path), encoding, int(start), int(end), lambda done: None):
            file.write(block)


if __name__ == "__main__":
    _write_half(*sys.argv[1:])
