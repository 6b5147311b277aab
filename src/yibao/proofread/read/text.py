"""Plain text and Markdown: decoding (UTF-8, GBK, GB18030, UTF-16 with BOM) and cleaning; then `assemble`."""

from __future__ import annotations

import codecs
import csv
import io
import re
from pathlib import Path

from yibao.errors import UserError
from yibao.proofread.document import Source, Table
from yibao.proofread.read.assemble import assemble
from yibao.proofread.read.grid import plain_rows, sections
from yibao.proofread.read.surround import dress

MAX_DAMAGE = 0.01  #: share of broken characters among the non-ASCII ones that is tolerated, with a warning
MAX_NULS = 8  #: NUL bytes that a text may carry by accident
MAX_LINES = 200_000
MAX_CSV_ROWS = 20_000
_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")


def read_text(data: bytes, path: Path) -> Source:
    """A text or Markdown file as blocks. Raises UserError where it is no text."""
    text, warnings = decode(data, path)
    if not text.strip():
        raise UserError(f"文件“{path}”里没有文字，没有内容可校对。")
    if path.suffix.lower() == ".csv":
        return Source(str(path), "text", tuple(dress(sections(_csv(text)))), None, tuple(warnings))
    text = _within_lines(text, path, warnings)
    blocks = assemble(text)
    pages = text.count("\f") + 1 if "\f" in text else None
    return Source(str(path), "text", tuple(blocks), pages, tuple(warnings))


def _within_lines(text: str, path: Path, warnings: list[str]) -> str:
    """The text, cut after `MAX_LINES` lines with a warning."""
    if text.count("\n") <= MAX_LINES:
        return text
    warnings.append(f"文件“{path}”超过 {MAX_LINES} 行，后面的没有读。")
    return "\n".join(text.split("\n", MAX_LINES)[:MAX_LINES])


def decode(data: bytes, path: Path) -> tuple[str, list[str]]:
    """(text, warnings). Line ends become \\n; NUL, other control characters and lone surrogates are dropped.

    Raises UserError for what is no text in a supported encoding.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _checked(data[len(bom) :].decode(encoding, "replace"), path)
    if data.count(0) > max(MAX_NULS, len(data) * MAX_DAMAGE):
        raise UserError(f"文件“{path}”不是文本文件（含二进制内容），请提供 .docx、.xlsx、.pdf 或文本文件。")
    for encoding in ("utf-8", "gb18030"):
        try:
            return _checked(data.decode(encoding), path)
        except UnicodeDecodeError:
            continue
    tries = [data.decode(encoding, "replace") for encoding in ("utf-8", "gb18030")]
    return _checked(min(tries, key=lambda text: text.count("\ufffd")), path)


def _checked(text: str, path: Path) -> tuple[str, list[str]]:
    broken = text.count("\ufffd")
    foreign = sum(1 for char in text if char > "\x7f") if broken else 0
    if broken and broken > max(2, foreign * MAX_DAMAGE):
        raise UserError(f"文件“{path}”的文字编码无法识别，请用记事本或 WPS 另存为 UTF-8 编码再试。")
    warnings = [f"文件“{path}”有 {broken} 处字符损坏，无法识别，已保留为 �。"] if broken else []
    return clean(text), warnings


def clean(text: str) -> str:
    """Text with \\n line ends and without characters that no page can show."""
    unified = (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\u2028", "\n")
        .replace("\u2029", "\n")
        .replace("\x85", "\n")
    )
    return _CONTROL.sub("", unified)


def _csv(text: str) -> Table:
    sample = text[:10_000]
    delimiter = max(",;\t", key=sample.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            rows.append(row)
            if len(rows) >= MAX_CSV_ROWS:
                break
    except csv.Error:
        rows = [line.split(delimiter) for line in text.split("\n")[:MAX_CSV_ROWS]]
    return Table(plain_rows(rows), line=1)
