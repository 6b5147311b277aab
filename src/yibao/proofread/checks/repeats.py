"""One figure printed in several places must be one number (kinds text_vs_text, text_vs_table, table_vs_text, table_vs_table),
and a passage that is printed twice must carry the same numbers twice.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from yibao.proofread.findings import Check, Operand, Severity, Verdict
from yibao.proofread.forms.facts import Fact
from yibao.proofread.naming import ASSUMED, CARRIED
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import Quantity, round_half_up
from yibao.proofread.reading import Reading
from yibao.vocabulary.figures import load_figures

MAX_PER_FIGURE = 60
SAME_PASSAGE = 0.85  #: share of common shingles from which on two passages are taken for one
LONG_PASSAGE = 240  #: characters; only longer passages may differ in words
SHINGLE = 8  #: characters
MIN_PASSAGE = 60  #: characters; shorter passages repeat by chance
MAX_PASSAGES = 600
Group = tuple[str, int | None, str]
_DEPARTMENT = ("", "general", "fiscal", "total")  #: scopes of the whole department; the others are single projects
_SCOPE_WORDS = (("一般公共预算", "general"), ("财政拨款", "fiscal"))
_BASISLESS = ("count", "rate")  #: roles whose figures have one value a year unless a target or a budget is named


def run(reading: Reading) -> Iterator[Check]:
    for facts in _same_figure(reading.facts):
        yield from compare_facts(facts)
    yield from _budget_columns(reading.facts)
    yield from _same_passage(reading)


def _same_figure(facts: Sequence[Fact]) -> Iterator[list[Fact]]:
    """Facts that must agree. Prose names no scope: it joins the scope of the tables whose value it prints, if any."""
    tables: dict[Group, dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    prose: dict[Group, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.figure.startswith(("weight:", "score:", "label:", "dept.appraisal.score", "dept.appraisal.weight")):
            continue  # points are said of every indicator: checks.points and checks.indicators know which
        group = (fact.figure, fact.year, _basis(fact))
        if fact.source == "table":
            tables[group][fact.scope].append(fact)
        else:
            prose[group].append(fact)
    for group in {**tables, **prose}:
        scopes = tables.get(group, {})
        joined: dict[str, list[Fact]] = {scope: list(found) for scope, found in scopes.items()}
        for fact in prose.get(group, []):
            joined.setdefault(_scope_for(fact, scopes), []).append(fact)
        for found in joined.values():
            distinct = list({f.key: f for f in found}.values())
            if len(distinct) > 1:
                yield distinct[:MAX_PER_FIGURE]


def _scope_for(fact: Fact, scopes: Mapping[str, Sequence[Fact]]) -> str:
    """The scope of the tables that print this value; else the one its own words name, else the widest."""
    for scope, found in scopes.items():
        if scope in _DEPARTMENT and any(same_value(fact, t) in (Verdict.CONSISTENT, Verdict.ROUNDING) for t in found):
            return scope
    if fact.scope in scopes:
        return fact.scope
    for word, scope in _SCOPE_WORDS:
        if word in fact.evidence.quote and scope in scopes:
            return scope
    return next((scope for scope in _DEPARTMENT if scope in scopes), fact.scope)


_BUDGETS = ("initial", "adjusted", "budget")


def _budget_columns(facts: Sequence[Fact]) -> Iterator[Check]:
    """A column headed 预算数 may hold the initial or the adjusted budget: an amount of prose that stands there is borne out."""
    columns = [
        f
        for f in facts
        if f.source == "table" and f.basis in _BUDGETS and not f.figure.startswith(("weight:", "score:", "label:"))
    ]
    by_figure: dict[tuple[str, int | None], list[Fact]] = defaultdict(list)
    for fact in columns:
        by_figure[(fact.figure, fact.year)].append(fact)
    for fact in facts:
        if fact.source != "text" or fact.basis not in _BUDGETS:
            continue
        found = by_figure.get((fact.figure, fact.year), [])
        if any(f.basis == fact.basis for f in found):
            continue
        equal = [f for f in found if same_value(fact, f) is Verdict.CONSISTENT]
        if equal and (check := _compare(fact, equal[0])) is not None:
            yield check


def _basis(fact: Fact) -> str:
    register = load_figures()
    role = register.get(fact.figure).role if fact.figure in register else "amount"
    if role in _BASISLESS and fact.basis in ("final", "actual"):
        return ""
    return "final" if fact.basis == "actual" else fact.basis


def compare_facts(facts: Sequence[Fact]) -> Iterator[Check]:
    """Each fact beside the value that most places print; a table's value breaks a tie."""
    counts = Counter(f.quantity.base for f in facts)
    reference = max(
        facts,
        key=lambda f: (
            not f.quantity.bounds,
            counts[f.quantity.base],
            f.source == "table",
            f.form not in (CARRIED, ASSUMED),
            -facts.index(f),
        ),
    )
    for fact in facts:
        if fact is reference or (fact.form.startswith("accounts") and reference.form.startswith("accounts")):
            continue  # checks.accounts knows which of the nine tables must agree, and in which cells
        if (check := _compare(fact, reference)) is not None:
            yield check


def _compare(fact: Fact, reference: Fact) -> Check | None:
    verdict = same_value(fact, reference)
    if verdict not in (Verdict.CONSISTENT, Verdict.ROUNDING) and not comparable(fact, reference):
        return None
    kind = f"{fact.source}_vs_{reference.source}"
    name = fact.name
    a, b = fact.quantity, reference.quantity
    where = {"text": "正文", "table": "表中"}
    if verdict is Verdict.CONSISTENT:
        message = f"{name}：两处均为{b.raw}" if a.raw == b.raw else f"{name}：{a.raw}与{b.raw}一致"
    else:
        message = f"{name}：{where[fact.source]}一处为{_with_unit(a)}，{where[reference.source]}另一处为{_with_unit(b)}"
    severity = None
    if verdict is Verdict.INCONSISTENT and not (certain(fact) and certain(reference)):
        severity = Severity.WARNING
    return Check(
        kind, verdict, fact.evidence, _with_unit(a), _with_unit(b), message, "", (reference.evidence,), severity,
        operand(fact), (operand(reference),),
    )  # fmt: skip


_EVENTS = (
    "audit.",
    "assistance.",
)  #: figures of single actions as well as of the year: two amounts are no contradiction


def comparable(fact: Fact, reference: Fact) -> bool:
    """Whether two different values contradict each other, or may measure different things."""
    if fact.figure.startswith(_EVENTS) and "prose" in (fact.form, reference.form):
        return False
    if (fact.quantity.bounds or reference.quantity.bounds) and fact.basis != "target":
        return False  # "参保率达到95%以上" may be what was asked for
    if _is_rate(fact) and fact.source == reference.source == "text" and not _same_rate(fact, reference):
        return False
    return CARRIED not in (fact.form, reference.form) and not (fact.form == reference.form == ASSUMED)


def _is_rate(fact: Fact) -> bool:
    register = load_figures()
    return fact.figure in register and register.get(fact.figure).role == "rate"


def _same_rate(fact: Fact, reference: Fact) -> bool:
    """Rates of one name are told of many things: they are one where both are named in full in one part of the document."""
    one_part = fact.evidence.place.section[:1] == reference.evidence.place.section[:1]
    return one_part and certain(fact) and certain(reference)


def certain(fact: Fact) -> bool:
    """A number in prose is certain when its own clause names the figure by a full name."""
    if fact.source == "table":
        return True
    if fact.form in (CARRIED, ASSUMED):
        return False
    if fact.figure not in load_figures():
        return True
    figure = load_figures().get(fact.figure)
    from yibao.proofread.norm import normalise

    clause = normalise(fact.evidence.quote).text.replace('"', "")
    return any(
        len(name) >= 4 and name.replace('"', "").replace("“", "").replace("”", "") in clause for name in figure.synonyms
    )


def operand(fact: Fact) -> Operand:
    return Operand(fact.key, fact.quantity.base, fact.evidence, fact.quantity.half)


def _with_unit(q: Quantity) -> str:
    return q.raw if not q.unit or q.raw.endswith(q.unit.symbol) else q.raw + q.unit.symbol


def same_value(fact: Fact, other: Fact) -> Verdict:
    """The agreement of two printings of one figure, which may be counted in several words: 25件 or 25起."""
    if fact.figure in load_figures() and fact.quantity.base == other.quantity.base:
        return Verdict.CONSISTENT
    return agreement(fact.quantity, other.quantity)


def agreement(a: Quantity, b: Quantity) -> Verdict:
    """Are two printings of one figure the same number? Guide §7.5 (6).

    >>> from yibao.proofread.quantity import parse
    >>> [str(agreement(parse(x), parse(y))) for x, y in (("1.05亿元", "10503万元"), ("43.42万人", "43.47万人"), ("5.02万元", "5.03万元"))]
    ['consistent', 'inconsistent', 'suspicious']
    >>> [str(agreement(parse(x), parse(y))) for x, y in (("38人", "38家"), ("38人", "38"), ("9分", "9.5分"))]
    ['uncheckable', 'consistent', 'inconsistent']
    """
    if a.base == b.base and (a.dimension == b.dimension or not (a.dimension and b.dimension)):
        return Verdict.CONSISTENT  # a unit may be printed once only, but 38 persons are not 38 institutions
    if a.dimension != b.dimension:
        return Verdict.UNCHECKABLE
    if a.bounds and b.bounds:  # two limits are one limit or two, whatever lies between
        a, b = replace(a, approx=""), replace(b, approx="")
    if a.approx or b.approx:
        ra, rb = a.range, b.range
        return Verdict.CONSISTENT if ra.low <= rb.high and rb.low <= ra.high else Verdict.INCONSISTENT
    if a.exact and b.exact:
        return Verdict.INCONSISTENT  # counts and scores have no tolerance
    coarse, fine = (a, b) if a.step >= b.step else (b, a)
    if coarse.step > fine.step:
        ours = fine.base / coarse.factor
        if round_half_up(ours, coarse.decimals) == coarse.value:
            return Verdict.CONSISTENT
        if abs(fine.base - coarse.base) < coarse.step or _round_words(coarse, fine):
            return Verdict.ROUNDING
    if abs(a.base - b.base) == max(a.step, b.step) and not (a.exact and b.exact):
        return Verdict.SUSPICIOUS
    return Verdict.INCONSISTENT


def _round_words(coarse: Quantity, fine: Quantity) -> bool:
    """ "4700 万元" for 4706.6: an amount said in round numbers, zeros at its end."""
    if coarse.dimension == "ratio":
        return False
    digits = str(coarse.value.to_integral_value()) if coarse.value == coarse.value.to_integral_value() else ""
    zeros = len(digits) - len(digits.rstrip("0"))
    return zeros >= 2 and abs(fine.base - coarse.base) < Decimal(10) ** zeros * coarse.factor


# ---- passages printed twice --------------------------------------------------------------------------------------

_MASK = re.compile(r"\d+(?:\.\d+)?")
_WORDS = re.compile(r"[\u4e00-\u9fff]{2}")
_HANZI = re.compile(r"[^\u4e00-\u9fff]")


def _same_passage(reading: Reading) -> Iterator[Check]:
    """Long paragraphs that say the same with other numbers. What recurs more than twice is a form, not a copy."""
    long = [p for p in reading.paragraphs() if sum(len(s.mentions) for s in p) >= 3 and _is_prose(p)]
    letters = [_HANZI.sub("", "".join(s.text for s in p)) for p in long]
    kept = [(p, text) for p, text in zip(long, letters, strict=True) if len(text) >= MIN_PASSAGE][:MAX_PASSAGES]
    shingles = [{text[i : i + SHINGLE] for i in range(len(text) - SHINGLE)} for _, text in kept]
    twins: dict[int, list[int]] = defaultdict(list)
    for i in range(len(kept)):
        for j in range(i + 1, len(kept)):
            if _same(kept[i][1], kept[j][1], shingles[i], shingles[j]):
                twins[i].append(j)
                twins[j].append(i)
    for i, found in twins.items():
        if len(found) == 1 and len(twins[found[0]]) == 1 and i < found[0]:
            yield from _aligned(kept[i][0], kept[found[0]][0])


def _is_prose(sentences: Sequence[Sentence]) -> bool:
    """Sentences have commas and full stops; a row of a table has not."""
    return sum(s.text.count("，") + s.text.count("。") for s in sentences) >= 2


def _same(a: str, b: str, shingles_a: set[str], shingles_b: set[str]) -> bool:
    """Short passages must agree in every word, for two items of one form differ in a name alone."""
    if min(len(a), len(b)) < LONG_PASSAGE:
        return a == b
    return len(shingles_a & shingles_b) >= SAME_PASSAGE * min(len(shingles_a), len(shingles_b))


def _aligned(first: Sequence[Sentence], second: Sequence[Sentence]) -> Iterator[Check]:
    """Clauses of equal words, unique in both passages, must carry equal numbers."""
    a, b = _clauses(first), _clauses(second)
    for words, m in a.items():
        twin = b.get(words)
        if m is None or twin is None:
            continue
        verdict = agreement(m.quantity, twin.quantity)
        same = verdict is Verdict.CONSISTENT
        name = m.label or words
        message = (
            f"{name}：两处均为{m.quantity.raw}"
            if same
            else f"{name}：同一段话两处分别为{m.quantity.raw}和{twin.quantity.raw}"
        )
        yield Check(
            "text_vs_text", verdict, twin.evidence, twin.quantity.raw, m.quantity.raw, message, "", (m.evidence,), None,
            twin.operand, (m.operand,),
        )  # fmt: skip


def _clauses(sentences: Sequence[Sentence]) -> dict[str, Mention | None]:
    """Numbers by the words around them; None where the words do not tell two numbers apart."""
    out: dict[str, Mention | None] = {}
    for s in sentences:
        for m in s.mentions:
            if m.quantity.unit is None or not _WORDS.search(m.lead):
                continue
            words = _MASK.sub("#", f"{m.lead[-16:]}#{m.quantity.unit.symbol}{m.tail[:8]}")
            out[words] = None if words in out else m
    return out
