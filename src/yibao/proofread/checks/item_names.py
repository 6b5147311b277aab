"""类/款/项 named in the narrative must be a path of the classification of the year (kind code)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from yibao.proofread.findings import Check, Evidence, Verdict
from yibao.proofread.prose import Sentence
from yibao.proofread.reading import Reading
from yibao.vocabulary.classification import load_classification

_PATH = re.compile(
    r"(?P<l>[^（）。；，、0-9\"：]{2,24})（\d{0,5}类）(?P<k>[^（）。；，、0-9\"]{2,30})（\d{0,5}款）(?P<x>[^（）。；，0-9\"]{2,40})（\d{0,7}项）"
)


def run(reading: Reading) -> Iterator[Check]:
    years = {f.source.path: f.profile.year for f in reading.files}
    for sentence in reading.sentences:
        if sentence.place.table is None:
            for m in _PATH.finditer(sentence.text):
                check = _path_check(m, sentence, years.get(sentence.place.file))
                if check is not None:
                    yield check


def _path_check(m: re.Match[str], sentence: Sentence, year: int | None) -> Check | None:
    """Only names that the classification knows can be in the wrong place; an unknown 项 may be new."""
    functional = load_classification("functional")
    above = functional.code_of(m["l"], year)
    section = functional.code_of(m["k"], year, under=above or "")
    start, end = sentence.norm.span(sentence.start + m.start(), sentence.start + m.end())
    evidence = Evidence(sentence.norm.raw[start:end], replace(sentence.place, start=start, end=end))
    if above is None or len(above) != 3:
        return None
    if section is not None and len(section) == 5:
        if functional.code_of(m["x"], year, under=section) is None:
            return None
        return Check(
            "code", Verdict.CONSISTENT, evidence, m["k"], None, f"{m['l']}—{m['k']}—{m['x']}是当年功能分类的一条科目"
        )
    whole = functional.code_of(m["k"], year)
    if whole is None or len(whole) != 3:
        return None
    message = f"“{m['k']}”是类的名称（{whole}），写在了款的位置"
    return Check("code", Verdict.SUSPICIOUS, evidence, m["k"], None, message, "疑款的名称写错")
