"""Warnings by name: what an explanation calls them, and the paragraph of the package that explains one.

A document may answer any warning by its name: 关于“笔误：某某”的说明：…. The name is the kind's and the item's, without
numbers, so that it stays when a number is corrected.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from yibao.proofread.findings import Evidence, Finding, Severity
from yibao.proofread.kinds import kind_name
from yibao.proofread.norm import normalise
from yibao.proofread.reading import Reading
from yibao.vocabulary.reasons import says_something

LONGEST = 24  #: characters of an item
_NUMBER = re.compile(r"[-+≥≤]?\d[\d.,/-]*(?:亿|万)?(?:%|‰|个百分点|[元人家个分次件户辆台]|月|天|年度?|日)?")
_TAIL = re.compile(r"(?:为|是|达到?|约|共|有)+$")
_EDGES = '，。；：！？、（）"-'


def finding_name(finding: Finding) -> str:
    """What an explanation calls a finding: 控制率：会议费、培训费."""
    place = finding.evidence.place
    item = place.row_label or _words(finding.evidence.quote) or _words("".join(place.section[-1:]))
    return f"{kind_name(finding.kind)}：{_words(item) or '全文'}"


def _words(text: str) -> str:
    """The words of a quote, its numbers left out."""
    pieces = (_TAIL.sub("", piece.strip(_EDGES)) for piece in _NUMBER.split(normalise(text).text.replace("\t", "，")))
    return "、".join(piece for piece in pieces if len(piece) > 1)[:LONGEST].strip(_EDGES)


def answered_by_name(findings: Sequence[Finding], reading: Reading) -> list[Finding]:
    """The findings, each warning that a paragraph explains by its name as information."""
    paragraphs = [("".join(s.text for s in sentences), sentences) for sentences in reading.paragraphs()]
    told = [(text, sentences[0].evidence) for text, sentences in paragraphs if "说明：" in text]
    return [_answered(f, told) if f.severity is Severity.WARNING else f for f in findings]


def _answered(finding: Finding, told: Sequence[tuple[str, Evidence]]) -> Finding:
    name = normalise(finding_name(finding)).text
    for text, evidence in told:
        _, found, reason = text.partition(f'"{name}"的说明：')
        if found and says_something(reason):
            message = f"{finding.message}；文件已说明原因"
            return replace(finding, severity=Severity.INFO, message=message, related=(evidence, *finding.related))
    return finding
