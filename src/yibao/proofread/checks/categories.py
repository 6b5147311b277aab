"""What the text says an expense "主要包括" must have an amount in table 06 (T6, kind text_vs_table)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from yibao.proofread.findings import Check, Evidence, Severity, Verdict
from yibao.proofread.forms.facts import Fact
from yibao.proofread.prose import Sentence
from yibao.proofread.quantity import total
from yibao.proofread.reading import Reading
from yibao.vocabulary.classification import load_classification

_LIST = re.compile(r"(?:主要)?(?:包括|用于|是)：?(?P<names>[^。；：0-9]{6,400})")
_SUBJECT = re.compile(r"人员经费|公用经费|工资福利|商品和服务|基本支出")
_FEWEST_ITEMS = 5  #: a table with fewer amounts is no table 06
_FEWEST_NAMES = 3


def run(reading: Reading) -> Iterator[Check]:
    for file in reading.files:
        amounts = _amounts(
            [f for f in reading.facts if f.source == "table" and f.evidence.place.file == file.source.path]
        )
        if len([f for f in amounts.values() if f.quantity.value]) < _FEWEST_ITEMS:
            continue
        whole = _is_whole(amounts, reading.facts)
        for sentence in reading.sentences:
            if (
                sentence.place.file == file.source.path
                and sentence.place.table is None
                and _SUBJECT.search(sentence.text)
            ):
                yield from _listed(sentence, amounts, file.profile.year, whole)


def _amounts(facts: list[Fact]) -> Mapping[str, Fact]:
    """Amounts by economic code (款); the largest where a code is printed twice."""
    out: dict[str, Fact] = {}
    for f in facts:
        prefix, _, code = f.figure.partition(":")
        if prefix == "econ" and len(code) == 5 and (code not in out or f.quantity.base > out[code].quantity.base):
            out[code] = f
    return out


def _is_whole(amounts: Mapping[str, Fact], facts: Sequence[Fact]) -> bool:
    """Only a table whose items add up to the printed 基本支出 was read without loss: a missing item means something then."""
    printed = {
        f.quantity.base for f in facts if f.figure == "dept.expense.basic" and f.basis in ("final", "initial", "budget")
    }
    parts = total([f.quantity.range for f in amounts.values()])
    return any(parts.low <= value <= parts.high for value in printed)


def _listed(sentence: Sentence, amounts: Mapping[str, Fact], year: int | None, whole: bool) -> Iterator[Check]:
    economic = load_classification("economic")
    for m in _LIST.finditer(sentence.text):
        names = [n for n in re.split(r"[、，]|以及|和(?=其他)", m["names"].rstrip("等。支出")) if n]
        codes = {n: code for n in names if (code := economic.code_of(n, year)) and len(code) == 5}
        if len(codes) < _FEWEST_NAMES:
            continue
        known = {n: code for n, code in codes.items() if code in amounts or whole}
        if len(known) < _FEWEST_NAMES:
            continue
        empty = [n for n, code in known.items() if code not in amounts or amounts[code].quantity.value == 0]
        explicit = all(codes[n] in amounts for n in empty)
        start, end = sentence.norm.span(sentence.start + m.start(), sentence.start + m.end())
        evidence = Evidence(sentence.norm.raw[start:end][:200], replace(sentence.place, start=start, end=end))
        if not empty:
            yield Check(
                "text_vs_table",
                Verdict.CONSISTENT,
                evidence,
                f"{len(known)}个科目",
                None,
                f"列举的{len(known)}个经济科目在表中都有金额",
            )
            continue
        message = f"正文列举了{'、'.join(empty)}，但基本支出明细表中{'金额为零' if explicit else '没有金额'}"
        related = tuple(amounts[codes[n]].evidence for n in empty if codes[n] in amounts)
        severity = None if explicit else Severity.WARNING
        yield Check(
            "text_vs_table",
            Verdict.INCONSISTENT,
            evidence,
            "、".join(empty),
            "不列举",
            message,
            "疑沿用模板或旧稿的列举",
            related,
            severity,
        )
