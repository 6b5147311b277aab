"""Warnings that ask for an explanation, and the one that the package prints for them.

A check says by `asks` what an explanation would have to name. It answers only if it speaks of that very item against its
budget and gives a reason: in one sentence, or in the next one, which opens with the reason. A document that contains
the word 原因 somewhere, that explains another item or a change on last year, or that says that the reason is unknown,
answers nothing. What is explained stays in the report as information, with the explanation beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from yibao.proofread.findings import Check, Evidence, Severity
from yibao.proofread.norm import normalise
from yibao.proofread.prose import Sentence
from yibao.proofread.reading import Reading
from yibao.vocabulary.figures import load_figures
from yibao.vocabulary.reasons import MARK, gives_reason, says_something

_OPENS = re.compile(r"^(?:其?中?(?:主要)?原因|由于|因为|主要|这(?:主要)?是|说明：)")
_BUDGET = re.compile(r"预算|超支")
_LAST_YEAR = re.compile(r"上年|去年|上一年|同比|同期")
_BETWEEN = re.compile(r"[、，/和及与]")


def explained(checks: Sequence[Check], reading: Reading) -> list[Check]:
    """The checks, those that a printed explanation answers as information."""
    return [_answered(check, reading) if check.asks and check.weight is Severity.WARNING else check for check in checks]


def _answered(check: Check, reading: Reading) -> Check:
    found = next(_explanations(check, reading), None)
    return check if found is None else answered(check, found)


def answered(check: Check, explanation: Evidence) -> Check:
    """The check with the explanation that answers it: no warning any more, and not silent."""
    message = f"{check.message.removesuffix('，表中没有说明')}；文件已说明原因"
    return replace(check, severity=Severity.INFO, message=message, related=(explanation, *check.related))


def _explanations(check: Check, reading: Reading) -> Iterator[Evidence]:
    names = _names(check.asks)
    for sentences in reading.paragraphs():
        for sentence, following in zip(sentences, [*sentences[1:], None], strict=True):
            if not any(all(part in sentence.text for part in name) for name in names):
                continue
            if not _BUDGET.search(sentence.text):
                continue
            if _reason_inside(sentence.text):
                yield sentence.evidence
            elif following is not None and _reason_behind(sentence, following):
                yield Evidence(sentence.quote(sentence.start, following.end), sentence.place)


def _reason_inside(text: str) -> bool:
    """A reason in the sentence that names the item; none that explains a change on last year."""
    return any(says_something(text[m.end() :]) and not _about_last_year(text[: m.start()]) for m in MARK.finditer(text))


def _reason_behind(sentence: Sentence, following: Sentence) -> bool:
    opens = _OPENS.search(following.text)
    return opens is not None and not _about_last_year(sentence.text) and gives_reason(following.text)


def _about_last_year(before: str) -> bool:
    """The last thing compared with is last year, not the budget."""
    last = max((m.end() for m in _LAST_YEAR.finditer(before)), default=-1)
    return last > max((m.end() for m in _BUDGET.finditer(before)), default=-1)


def _names(label: str) -> list[tuple[str, ...]]:
    """What an explanation may call the item: its printed label, the register's names; each as parts that must all occur."""
    known = load_figures().match(label, ["部门整体支出"])
    names = [label, *((known.label, *known.synonyms) if known else ())]
    parts = (tuple(p for p in _BETWEEN.split(normalise(name).text) if len(p) > 1) for name in names)
    return [found for found in dict.fromkeys(parts) if found]
