"""A look at every byte of a text file before it is parsed: its hash, its encoding, and whatever would make a parser stumble.

Files in another encoding than UTF-8 are written anew in UTF-8, block by block. A byte that cannot be read becomes U+FFFD, and
every row that holds one is refused later: never a silent question mark.
"""

from __future__ import annotations

import codecs
import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from yibao.errors import UserError
from yibao.store.importing.recode import BLOCK, recoded
from yibao.store.importing.typed import CONTROL, LOST

SAMPLE = 1 << 20
LONGEST_LINE = 2 << 20  #: bytes
HASHED = 1 << 20  #: bytes hashed at a time: long enough that the thread seldom waits for the interpreter
MANY = 10_000  #: occurrences beyond which nobody counts
#: characters that slow the quick reading down, so it is asked whether they occur below the headings at all
_ODD_SIGNS = (b"+", b"_")
_LOST_TAIL = int.from_bytes(LOST.encode()[1:], "little")  #: two bytes that hardly anything else ends with
NAMES = {"utf-8": "UTF-8", "gb18030": "GBK（GB18030）", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}

Progress = Callable[[float], None]  #: share of the file that is done


@dataclass(frozen=True, slots=True)
class Scan:
    """What a text file is made of. `path` holds the text in UTF-8: the file itself, or a copy in the working folder."""

    path: Path
    encoding: str
    bom: int  #: bytes in front of the text
    size: int
    sha256: str
    signs: Mapping[str, int]  #: characters of `typed.ODDITIES` that occur, and how often (at least)
    is_plain: bool  #: lines end alike
    ends_with_newline: bool
    lines: int

    def oddities(self, skip: int) -> frozenset[str]:
        """Which of them stand below the first `skip` lines: national headings are full of underlines."""
        with self.path.open("rb") as file:
            head = b"".join(islice(file, skip)).decode("utf-8", "replace")
        return frozenset(sign for sign, count in self.signs.items() if count >= MANY or count > head.count(sign))


def scan(path: Path, work: Path, progress: Progress = lambda share: None) -> Scan:
    """UserError for what is no text: NUL bytes, a line of megabytes, an encoding that nothing fits."""
    encoding, bom = encoding_of(path)
    size, facts = path.stat().st_size, _Facts(path)
    with ThreadPoolExecutor(1) as beside, path.open("rb") as file:
        digest = beside.submit(_hash, path)
        if encoding == "utf-8":
            text = path
            while block := file.read(BLOCK):
                facts.look(block)
                progress(file.tell() / size)
        else:
            text = work / f"{path.stem}.utf-8.txt"
            with text.open("wb") as out:
                for block in recoded(path, encoding, bom, work, lambda done: progress(done / size)):
                    facts.look(block)
                    out.write(block)
            bom = 0
        sha256 = digest.result()
    return facts.scan(text, encoding, bom, size, sha256)


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(HASHED):
            digest.update(block)
    return digest.hexdigest()


def encoding_of(path: Path) -> tuple[str, int]:
    """The encoding and the length of its mark; UserError where the first megabyte that is not ASCII fits none."""
    with path.open("rb") as file:
        head = file.read(SAMPLE)
        for mark, name in (
            (codecs.BOM_UTF8, "utf-8"),
            (codecs.BOM_UTF16_LE, "utf-16-le"),
            (codecs.BOM_UTF16_BE, "utf-16-be"),
        ):
            if head.startswith(mark):
                return name, len(mark)
        if zeros := head[:4096].count(0):
            if zeros * 4 >= len(head[:4096]):
                return ("utf-16-le" if head[1:4096:2].count(0) > head[:4096:2].count(0) else "utf-16-be"), 0
            raise UserError(f"“{path.name}”第 {head.find(0) + 1} 个字节是空字节，不是文本文件，没有导入。")
        while head.isascii() and (more := file.read(SAMPLE)):
            head = more if more.isascii() else head[-4:] + more
    return next((name for name in ("utf-8", "gb18030") if _mostly(head, name)), "") or _refuse_encoding(path), 0


def _mostly(sample: bytes, encoding: str) -> bool:
    """UTF-8 must fit but for a cut end; in GB18030 a few bytes in a thousand may be damaged."""
    decoder = codecs.getincrementaldecoder(encoding)("strict" if encoding == "utf-8" else "replace")
    try:
        return decoder.decode(sample).count(LOST) * 200 <= len(sample)
    except UnicodeDecodeError as error:
        return encoding == "utf-8" and _is_damaged_utf8(sample, error)


def _is_damaged_utf8(sample: bytes, error: UnicodeDecodeError) -> bool:
    """Is it UTF-8 in which single bytes are broken? Then most of what is not ASCII still reads as UTF-8."""
    foreign = len(sample) - len(sample.decode("ascii", "ignore"))
    return sample.decode("utf-8", "replace").count(LOST) * 20 <= foreign


def _refuse_encoding(path: Path) -> str:
    raise UserError(
        f"“{path.name}”的编码认不出来（不是 UTF-8、GBK、GB18030 或 UTF-16），没有导入。请在原系统或记事本里另存为 UTF-8。"
    )


class _Facts:
    """What is asked of each block of UTF-8 text. Every question costs; each is one pass in C, most of them beside the hashing thread."""

    def __init__(self, path: Path) -> None:
        self._path, self._done, self._last, self._unended = path, 0, b"", 0
        self._signs: Counter[str] = Counter()
        self._returns = self._pairs = self._lines = 0

    def look(self, block: bytes) -> None:
        if not block:
            return
        values = np.frombuffer(block, np.uint8)
        newlines = int(np.count_nonzero(values == 10))
        others = int(np.count_nonzero(values < 32)) - newlines
        if others or self._last.endswith(b"\r"):
            self._look_at_controls(block, others)
        self._measure(block)
        for sign in _ODD_SIGNS:
            if sign in block and self._signs[sign.decode()] < MANY:
                self._signs[sign.decode()] += block.count(sign)
        if self._signs[LOST] < MANY and _may_hold_lost(seam := self._last + block):
            self._signs[LOST] += seam.count(LOST.encode())
        self._lines += newlines
        self._done += len(block)
        self._last = (self._last + block[-2:])[-2:]

    def _look_at_controls(self, block: bytes, others: int) -> None:
        """Characters below the blank that are no line feeds."""
        if (nul := block.find(b"\0")) >= 0:
            raise UserError(
                f"“{self._path.name}”第 {self._done + nul + 1} 个字节附近有空字节，文件可能已损坏，没有导入。"
            )
        returns = block.count(b"\r")
        self._returns += returns
        self._pairs += block.count(b"\r\n") + (self._last[-1:] == b"\r" and block[:1] == b"\n")
        self._signs[CONTROL] += others - returns

    def _measure(self, block: bytes) -> None:
        first, last = block.find(b"\n"), block.rfind(b"\n")
        if first < 0 and b"\r" in block:
            first, last = block.find(b"\r"), block.rfind(b"\r")
        if self._unended + (first if first >= 0 else len(block)) > LONGEST_LINE:
            raise UserError(
                f"“{self._path.name}”第 {self._done - self._unended + 1} 个字节起的一行超过 2 MB，不是正常的数据行，没有导入。请检查换行。"
            )
        self._unended = self._unended + len(block) if first < 0 else len(block) - last - 1

    def scan(self, text: Path, encoding: str, bom: int, size: int, sha256: str) -> Scan:
        """Line ends are even where every one is the same."""
        is_even = self._returns == self._pairs and self._pairs in (0, self._lines)
        ended = self._last.endswith((b"\n", b"\r"))
        lines = self._lines + (not ended)
        return Scan(text, encoding, bom, size, sha256, +self._signs, is_even, ended, lines)


def _may_hold_lost(block: bytes) -> bool:
    """Do the last two bytes of U+FFFD stand anywhere, at an even place or an odd one?"""
    return any(
        bool((np.frombuffer(block, "<u2", (len(block) - first) // 2, first) == _LOST_TAIL).any()) for first in (0, 1)
    )
