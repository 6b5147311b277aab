"""Template text that was not filled in or not deleted: XX, 增加（减少）, （如持平作持平表述）, 主要原因是。"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from yibao.proofread.checks.passages import Passage, all_passages
from yibao.proofread.findings import Check, Evidence, Severity, Verdict
from yibao.proofread.outline import read_mark
from yibao.proofread.reading import Reading

SHORTEST, LONGEST = 24, 90  #: characters of a quote
_NOTE = re.compile(r"(?:注|备注|说明|填表说明|填报说明)\d?：")
_STARS = re.compile(r"(?<![\d*])\*{3,}(?![\d*])")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Leftover(BaseModel):
    """One pattern of `data/template.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    pattern: re.Pattern[str]
    what: str
    severity: Severity
    where: Literal["prose", "cells", "any"]
    notes: bool = False
    unless: re.Pattern[str] | None = None


@cache
def load_leftovers() -> tuple[Leftover, ...]:
    text = (files("yibao.proofread") / "data" / "template.yaml").read_text(encoding="utf-8")
    return tuple(Leftover.model_validate(entry) for entry in yaml.safe_load(text))


def run(reading: Reading) -> Iterator[Check]:
    """Every leftover; those of one pattern in one file are one finding."""
    patterns = load_leftovers()
    for passage in all_passages(reading):
        yield from _of_passage(passage, patterns)
        yield from _stars(passage)


def _of_passage(passage: Passage, patterns: Sequence[Leftover]) -> Iterator[Check]:
    note = bool(_NOTE.match(passage.text))
    for leftover in patterns:
        if leftover.where != "any" and (leftover.where == "cells") != passage.is_cell:
            continue
        if (note and not leftover.notes) or (leftover.unless and leftover.unless.search(passage.text)):
            continue
        found = list(leftover.pattern.finditer(passage.text))
        if found:
            yield _check(leftover, passage, found[0].group(), _quoted(passage, found[0].start(), found[-1].end()))


def _quoted(passage: Passage, start: int, end: int) -> Evidence:
    """From the clause of the first leftover to the last one, long enough to be found again."""
    text = passage.text
    end = min(end, start + LONGEST)
    while start > 0 and (text[start - 1] not in "，。；：" or end - start < SHORTEST) and end - start < LONGEST:
        start -= 1
    while end < len(text) and text[end] not in "，。；：" and end - start < LONGEST:
        end += 1
    mark = read_mark(text) if start == 0 else None
    return passage.cite(mark.end if mark is not None and mark.end < end - SHORTEST // 2 else start, end)


def _check(leftover: Leftover, passage: Passage, words: str, evidence: Evidence) -> Check:
    group = f"placeholder:{leftover.id}:{passage.file.source.path}"
    verdict = Verdict.INCONSISTENT if leftover.severity is Severity.ERROR else Verdict.SUSPICIOUS
    message = f"{leftover.what}：“{words[:40]}”"
    return Check(
        "placeholder", verdict, evidence, words[:40], None, message, "模板残留", severity=leftover.severity, group=group
    )


def _stars(passage: Passage) -> Iterator[Check]:
    """*** in place of a word. Markdown marks come in pairs or alone on a line, and numbers are masked with stars."""
    found = list(_STARS.finditer(passage.norm.raw))
    if not found or len(found) % 2 == 0:
        return
    for m in found:
        around = passage.norm.raw[max(0, m.start() - 1) : m.start()] + passage.norm.raw[m.end() : m.end() + 1]
        if len(_CHINESE.findall(around)) == 2:
            at = next((k for k, p in enumerate(passage.norm.pos) if p >= m.end()), len(passage.text))
            evidence = passage.clause(max(0, at - 1), at + 1)
            yield Check(
                "placeholder",
                Verdict.INCONSISTENT,
                evidence,
                m.group(),
                None,
                "占位符没有替换：“***”",
                "模板残留",
                severity=Severity.WARNING,
            )
