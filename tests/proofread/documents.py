"""Documents for tests, written as text: a line is a paragraph, lines with tabs are a table."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from yibao.proofread.document import Package, Source
from yibao.proofread.read.text import read_text


def source(text: str, name: str = "样例.txt", role: str = "current") -> Source:
    """The text as the reader of .txt files gives it, with an empty line between paragraphs but not inside tables."""
    lines = text.strip("\n").split("\n")
    apart = [f"{line}\n" if "\t" not in line else line for line in lines]
    read = read_text("\n".join(apart).encode(), Path(name))
    return Source(read.path, read.format, read.blocks, read.pages, read.warnings, role)


def package(text: str, *, last_year: str | None = None, name: str = "样例.txt") -> Package:
    before = [] if last_year is None else [source(last_year, "上年.txt", "last_year")]
    return Package((source(text, name), *before))


def together(texts: Iterable[str]) -> Package:
    """Several files read together."""
    return Package(tuple(source(text, f"附件{i}.txt") for i, text in enumerate(texts, 1)))
