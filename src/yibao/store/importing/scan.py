"""A look at every byte of a text file before it is parsed: its hash, its encoding, and whatever would make a parser stumble.

Files in another encoding than UTF-8 are written anew in UTF-8, block by block. A byte that cannot be read becomes U+FFFD, and
every row that holds one is refused later: never a silent question mark.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from yibao.errors import UserError
from yibao.store.importing.typed import LOST

BLOCK = 1 << 20  #: bytes; a block without a line end is a line too long
SAMPLE = 1 << 20
#: characters that slow the quick reading down, so it is asked whether they occur at all
_ODDITIES: Mapping[str, Callable[[bytes], object]] = {
    "+": lambda block: b"+" in block,
    "_": lambda block: b"_" in block,
    LOST: re.compile(LOST.encode()).search,
}
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
    oddities: frozenset[str]
    is_plain: bool  #: lines end alike
    ends_with_newline: bool
    lines: int


def scan(path: Path, work: Path, progress: Progress = lambda share: None) -> Scan:
    """UserError for what is no text: NUL bytes, a line of megabytes, an encoding that nothing fits."""
    encoding, bom = encoding_of(path)
    size, digest, facts = path.stat().st_size, hashlib.sha256(), _Facts(path)
    with path.open("rb") as file:
        blocks = _blocks(iter(lambda: file.read(BLOCK), b""), digest, size, progress)
        if encoding == "utf-8":
            for block in blocks:
                facts.look(block)
            text = path
        else:
            text = work / f"{path.stem}.utf-8.txt"
            with text.open("wb") as out:
                for said in recoded(blocks, encoding, bom):
                    facts.look(said)
                    out.write(said)
            bom = 0
    return facts.scan(text, encoding, bom, size, digest.hexdigest())


def _blocks(blocks: Iterator[bytes], digest: hashlib._Hash, size: int, progress: Progress) -> Iterator[bytes]:
    done = 0
    for block in blocks:
        digest.update(block)
        done += len(block)
        progress(done / size)
        yield block


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


def recoded(blocks: Iterator[bytes], encoding: str, bom: int) -> Iterator[bytes]:
    """The text in UTF-8, block by block."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for block in blocks:
        yield decoder.decode(block[bom:]).encode()
        bom = 0
    yield decoder.decode(b"", final=True).encode()


class _Facts:
    """What is asked of each block of UTF-8 text. Every question costs; each is one search in C."""

    def __init__(self, path: Path) -> None:
        self._path, self._done, self._last, self._unended = path, 0, b"", 0
        self._found: set[str] = set()
        self._returns = self._pairs = self._lines = 0

    def look(self, block: bytes) -> None:
        if not block:
            return
        if (nul := block.find(b"\0")) >= 0:
            raise UserError(
                f"“{self._path.name}”第 {self._done + nul + 1} 个字节附近有空字节，文件可能已损坏，没有导入。"
            )
        self._measure(block)
        self._found |= {c for c, search in _ODDITIES.items() if c not in self._found and search(block)}
        if b"\r" in block:
            self._returns += block.count(b"\r")
            self._pairs += block.count(b"\r\n") + (self._last[-1:] == b"\r" and block[:1] == b"\n")
        self._lines += block.count(b"\n")
        self._done += len(block)
        self._last = (self._last + block[-2:])[-2:]

    def _measure(self, block: bytes) -> None:
        first, last = block.find(b"\n"), block.rfind(b"\n")
        if first < 0 and b"\r" in block:
            first, last = block.find(b"\r"), block.rfind(b"\r")
        if self._unended + (first if first >= 0 else len(block)) > 2 * BLOCK:
            raise UserError(
                f"“{self._path.name}”第 {self._done - self._unended + 1} 个字节起的一行超过 2 MB，不是正常的数据行，没有导入。请检查换行。"
            )
        self._unended = self._unended + len(block) if first < 0 else len(block) - last - 1

    def scan(self, text: Path, encoding: str, bom: int, size: int, sha256: str) -> Scan:
        """Line ends are even where every one is the same."""
        is_even = self._returns == self._pairs and self._pairs in (0, self._lines)
        ended = self._last.endswith((b"\n", b"\r"))
        lines = self._lines + (not ended)
        return Scan(text, encoding, bom, size, sha256, frozenset(self._found), is_even, ended, lines)
