"""Sections that the templates oblige a document of its kind to carry: one that is absent is an info."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from yibao.proofread.checks.passages import Passage, passages
from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.reading import FileReading, Reading

LONGEST_LINE = 60  #: characters of a line that may name a section


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Section(_Part):
    """A section, present if one of `words` stands in a heading."""

    name: str
    words: tuple[str, ...]


class Kind(_Part):
    source: str
    sections: tuple[Section, ...]


class Obligations(_Part):
    least_characters: int
    least_headings: int
    kinds: dict[str, Kind]


@cache
def load_sections() -> Obligations:
    text = (files("yibao.proofread") / "data" / "sections.yaml").read_text(encoding="utf-8")
    return Obligations.model_validate(yaml.safe_load(text))


def run(reading: Reading) -> Iterator[Check]:
    for file in reading.files:
        yield from _absent(file)


def _absent(file: FileReading) -> Iterator[Check]:
    obliged = load_sections()
    kind = obliged.kinds.get(file.profile.kind)
    lines = list(passages(file, cells=False))
    outer = sum(1 for h in file.outline.headings if h.style == "一、" and h.number is not None)
    if kind is None or outer < obliged.least_headings or sum(len(p.text) for p in lines) < obliged.least_characters:
        return
    named = [p.text[:LONGEST_LINE] for p in lines if len(p.text) <= LONGEST_LINE] + [
        h.title for h in file.outline.headings
    ]
    for section in kind.sections:
        if not any(word in line for word in section.words for line in named):
            message = f"按“{kind.source}”应有“{section.name}”，文中未见这一部分"
            yield Check(
                "structure", Verdict.SUSPICIOUS, _title(file, lines).head(), "", None, message, severity=Severity.INFO
            )


def _title(file: FileReading, lines: list[Passage]) -> Passage:
    return next((p for p in lines if p.text and p.text in file.profile.title), lines[0])
