"""Rates whose name has several formulas (预算控制率 …): which version a document used, and whether it is the region's.

A number that fits a version is consistent; if that version is not the one valid for region and year, a warning says so.
A number that fits none is left to `checks.rates`, which knows whether its operands are certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from yibao.proofread.checks.compare import compared
from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.parameters import pack_for
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import Range, judge
from yibao.proofread.reading import Reading
from yibao.region.formulas import FormulaVersion, evaluate, variants

_NAME = re.compile(r"[\u4e00-\u9fff\"]{2,14}(?:率|比例)$")
#: how the terms of the packs' expressions are called in prose; the first number that fits is taken, nearest first
_TERMS: dict[str, re.Pattern[str]] = {
    "initial": re.compile(r"年初(?!.*(?:追加|结转))"),
    "added": re.compile(r"追加|调增|调整预算"),
    "adjusted": re.compile(r"全年(?:一般公共)?预算|全年.{0,8}收入|调整后预算|预算安排|预算总额|预算数"),
    "final": re.compile(r"支出|执行|决算|实际"),
    "budget": re.compile(r"预算(?:安排)?(?:数|总额)?|安排"),
    "in_post": re.compile(r"在职"),
    "establishment": re.compile(r"编制"),
}
_NOT_TERM = {
    "final": re.compile(r"预算(?!支出|执行)"),
    "adjusted": re.compile(r"年初|追加"),
    "budget": re.compile(r"追加|决算|执行"),
}


def run(reading: Reading) -> Iterator[Check]:
    years = {f.source.path: f.profile.year for f in reading.files}
    bureaus = {f.source.path: f.profile.bureau for f in reading.files}
    for sentences in reading.paragraphs():
        for i, sentence in enumerate(sentences):
            for m in sentence.mentions:
                name = _name_of(m)
                year = years.get(sentence.place.file)
                if name and year:
                    versions = variants(name, year, pack_for(bureaus.get(sentence.place.file, ""), reading.region))
                    yield from _check(m, versions, sentence, sentences[max(0, i - 2) : i])


def _name_of(m: Mention) -> str:
    if m.dimension != "ratio" or re.search(r"年初预算|目标", m.clause):
        return ""
    found = _NAME.search(m.label)
    return re.sub(r"^(?:实际|本年|全年|我局|本单位)+", "", found.group().replace('"', "")) if found else ""


def _check(
    m: Mention, versions: Sequence[FormulaVersion], sentence: Sentence, before: Sequence[Sentence]
) -> Iterator[Check]:
    if len(versions) < 2:
        return
    earlier = (x for s in reversed(before) for x in reversed(s.mentions))
    pool = [*reversed(sentence.mentions[: m.index]), *earlier]
    pool = [x for x in pool if x.dimension not in ("ratio", "score", "") and not x.change]
    behind = [x for x in sentence.mentions[m.index + 1 :] if x.dimension not in ("ratio", "score", "") and not x.change]
    fitting = [
        (v, terms)
        for numbers in (pool, behind)
        for v in versions
        if v.unit == "percent" and (terms := _terms(v, numbers)) and _fits(m, v, terms)
    ]
    if not fitting:
        return
    version, terms = next(((v, t) for v, t in fitting if v.valid), fitting[0])
    computed = _evaluate(version, terms)
    if computed is None:
        return
    formula = "、".join(f"{x.label}{x.quantity.raw}" for x in terms.values())
    yield compared(
        "control_rate", m, computed, list(terms.values()), formula, name=f"{version.name}（{_in_words(version)}）"
    )
    valid = next((v for v in versions if v.valid), None)
    if version.valid or valid is None or not (own := _terms(valid, pool)):
        return
    due = _evaluate(valid, own)
    if due is None or judge(m.quantity, due) is not Verdict.INCONSISTENT:
        return
    points = valid.points(due.value * 100)
    lost = f"，按该表得{points.normalize():f}分" if points is not None else ""
    message = f"{version.name}{m.quantity.raw}是按“{_in_words(version)}”计算的；{valid.source}的口径为“{_in_words(valid)}”，应为{m.quantity.printed(due)}{lost}"
    named = _names_formula(sentence.text, version)
    told, cause = (f"；文中已注明“{named}”", "同名不同口径") if named else ("", "同名不同口径，请注明所用公式")
    yield Check(
        "definition", Verdict.SUSPICIOUS, m.evidence, m.quantity.raw, m.quantity.printed(due), message + told, cause,
        tuple(x.evidence for x in own.values()), Severity.INFO if named else Severity.WARNING,
    )  # fmt: skip


def _names_formula(text: str, version: FormulaVersion) -> str:
    """The words by which a sentence names the formula of its rate, "" where it does not: 全年预算÷年初预算."""
    parts = version.expr.split()
    if len(parts) != 3 or parts[1] != "/" or parts[0] not in _SAID or parts[2] not in _SAID:
        return _in_words(version) if _in_words(version) in text else ""
    over, under = _SAID[parts[0]], _SAID[parts[2]]
    found = re.search(rf"{over}(?:(?:÷|/|除以){under}|[与和]{under}之比|占{under}的?比[例率重])", text)
    return found.group() if found else ""


_AMOUNT = "(?:预算)?(?:资金)?(?:数|额|总额)?"
#: how a text names the terms of a formula
_SAID = {
    "initial": f"年初{_AMOUNT}", "added": f"(?:调整)?追加{_AMOUNT}", "adjusted": f"(?:全年|调整后){_AMOUNT}",
    "final": "(?:支出)?(?:决算|执行|支出|实际)(?:数|额)?", "budget": f"(?<!年初)(?<!全年)预算{_AMOUNT}",
}  # fmt: skip
_WORDS = {
    "initial": "年初预算", "added": "追加", "adjusted": "全年预算", "final": "决算", "budget": "预算", "in_post": "在职人数", "establishment": "编制数",
    "opening": "上年结转", "closing": "年末结余", "last_budget": "上年预算", "last_final": "上年决算", "/": "÷", "*": "×",
}  # fmt: skip


def _in_words(version: FormulaVersion) -> str:
    """The formula as a clerk reads it: added / initial → 追加÷年初预算."""
    parts = re.findall(r"[a-z_]+|\d+|[-+*/()]", version.expr)
    return "".join(_WORDS.get(part, part) for part in parts)


def _terms(version: FormulaVersion, pool: Sequence[Mention]) -> dict[str, Mention]:
    """A number for every term of the expression, {} where one is missing."""
    out: dict[str, Mention] = {}
    for term in sorted(version.terms):
        words, never = _TERMS.get(term), _NOT_TERM.get(term)
        hits = [x for x in pool if words and words.search(x.clause) and not (never and never.search(x.clause))]
        if not hits:
            return {}
        out[term] = hits[0]
    return out if len({x.dimension for x in out.values()}) == 1 else {}


def _evaluate(version: FormulaVersion, terms: dict[str, Mention]) -> Range | None:
    def whole(n: int) -> Range:
        return Range(Decimal(n), Decimal(n), Decimal(n), True)

    return evaluate(version.expr, {name: m.range for name, m in terms.items()}, whole)


def _fits(m: Mention, version: FormulaVersion, terms: dict[str, Mention]) -> bool:
    computed = _evaluate(version, terms)
    return computed is not None and judge(m.quantity, computed) in (Verdict.CONSISTENT, Verdict.ROUNDING)
