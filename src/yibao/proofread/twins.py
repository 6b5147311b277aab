"""Which number of one document is which number of another: sentence by sentence and row by row, what is left clause by
clause and cell by cell, and last by the figure that both name. A number has one twin at most.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from yibao.proofread.alignment import Piece, align
from yibao.proofread.checks.repeats import agreement, certain
from yibao.proofread.findings import Verdict
from yibao.proofread.forms.facts import Fact, Key
from yibao.proofread.printings import MASK, TELLING_ROW, Part, Printed, Printings, cells
from yibao.proofread.quantity import Quantity

CELL = 3  #: length of the key of a cell: block, row, column


@dataclass(frozen=True, slots=True)
class Pair:
    """One number in both documents. `sure` where its words are the same, not only its label."""

    filed: Printed
    published: Printed
    sure: bool = True


def twins(ours: Printings, theirs: Printings) -> list[Pair]:
    """The pairs of two packages: `ours` was filed, `theirs` is published."""
    pairs = _lay_side_by_side(ours, theirs)
    return pairs + _by_figure(ours.reading.facts, theirs.reading.facts, pairs)


def _lay_side_by_side(ours: Printings, theirs: Printings) -> list[Pair]:
    sentences = align([p.piece for p in ours.sentences], [p.piece for p in theirs.sentences])
    rows = align([p.piece for p in ours.rows], [p.piece for p in theirs.rows])
    pairs = [pair for i, j in sentences.items() for pair in _in_order(ours.sentences[i], theirs.sentences[j])]
    pairs += [pair for i, j in rows.items() for pair in _in_row(ours.rows[i], theirs.rows[j])]
    pairs += _clauses(ours, theirs, sentences)
    done = Done(pairs)
    pairs += _cells(ours, theirs, done)
    pairs += _across(ours, theirs, done)
    pairs += _by_label(ours, theirs, done)
    return pairs


class Done:
    """Which numbers have found their twin."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self.filed: set[Key] = set()
        self.published: set[Key] = set()
        self.add(pairs)

    def add(self, pairs: Iterable[Pair]) -> None:
        """A number inside a cell ("40 分" in 产出指标（40分）) also answers for the cell."""
        for pair in pairs:
            self.filed.update((pair.filed.key, pair.filed.key[:CELL]))
            self.published.update((pair.published.key, pair.published.key[:CELL]))


def _in_order(a: Part, b: Part, *, sure: bool = True) -> list[Pair]:
    return [Pair(x, y, sure) for x, y in zip(a.numbers, b.numbers, strict=False)]


def _in_row(a: Part, b: Part) -> list[Pair]:
    """The cells of one row: by column name where that tells them apart, else in order if there are as many."""
    if a.columns == b.columns or (len(a.columns) == len(b.columns) and not (_told_apart(a) and _told_apart(b))):
        return _in_order(a, b)
    named = dict(zip(b.columns, b.numbers, strict=True)) if _told_apart(b) else {}
    found = [
        Pair(x, named[c]) for c, x in zip(a.columns, a.numbers, strict=True) if c in named and a.columns.count(c) == 1
    ]
    return found or (_in_order(a, b) if len(a.columns) == len(b.columns) else [])


def _told_apart(row: Part) -> bool:
    return all(row.columns) and len(set(row.columns)) == len(row.columns)


def _clauses(ours: Printings, theirs: Printings, sentences: dict[int, int]) -> list[Pair]:
    """Clauses of sentences without a twin; those of twins help as neighbours."""
    a, starts_a = _flat(ours.clauses)
    b, starts_b = _flat(theirs.clauses)
    known: dict[int, int] = {}
    for i, j in sentences.items():
        if len(ours.clauses[i]) == len(theirs.clauses[j]):
            known.update((starts_a[i] + k, starts_b[j] + k) for k in range(len(ours.clauses[i])))
    twins = set(sentences.values())
    free_a = {starts_a[i] + k for i, parts in enumerate(ours.clauses) if i not in sentences for k in range(len(parts))}
    free_b = {starts_b[j] + k for j, parts in enumerate(theirs.clauses) if j not in twins for k in range(len(parts))}
    found = align(_only(a, free_a | known.keys()), _only(b, free_b | set(known.values())), known)
    return [pair for i, j in found.items() if i not in known for pair in _in_order(a[i], b[j])]


def _flat(groups: Sequence[Sequence[Part]]) -> tuple[list[Part], list[int]]:
    starts, flat = [], list[Part]()
    for group in groups:
        starts.append(len(flat))
        flat.extend(group)
    return flat, starts


def _only(parts: Sequence[Part], kept: set[int]) -> list[Piece]:
    """The pieces, with nothing said by those that do not take part."""
    silent = Piece("", "")
    return [p.piece if i in kept else silent for i, p in enumerate(parts)]


def _cells(ours: Printings, theirs: Printings, done: Done) -> list[Pair]:
    """Cells of rows without a twin, by label and column."""
    a = [cell for row in ours.rows for cell in cells(row) if cell.numbers[0].key not in done.filed]
    b = [cell for row in theirs.rows for cell in cells(row) if cell.numbers[0].key not in done.published]
    found = [
        pair for i, j in align([p.piece for p in a], [p.piece for p in b]).items() for pair in _in_order(a[i], b[j])
    ]
    done.add(found)
    return found


def _across(ours: Printings, theirs: Printings, done: Done) -> list[Pair]:
    """A row that the other document prints as a line of text: the same words, as many numbers."""
    a, b = _loose(ours, done.filed), _loose(theirs, done.published)
    found = [
        pair
        for i, j in align([_as_line(p) for p in a], [_as_line(p) for p in b]).items()
        if a[i].numbers[0].source != b[j].numbers[0].source
        for pair in _in_order(a[i], b[j])
    ]
    done.add(found)
    return found


def _loose(side: Printings, done: set[Key]) -> list[Part]:
    return [p for p in (*side.sentences, *side.rows) if p.numbers and not any(n.key in done for n in p.numbers)]


def _as_line(part: Part) -> Piece:
    words = re.sub(r"[^\u4e00-\u9fff]", "", part.piece.words)
    named = f"{words}{MASK * len(part.numbers)}" if words else ""
    return Piece(f"{words}{[n.quantity.raw for n in part.numbers]}", named, (), len(words) >= TELLING_ROW)


def _by_label(ours: Printings, theirs: Printings, done: Done) -> list[Pair]:
    """Numbers of rewritten sentences: the same label and dimension under the same heading, once in both."""
    a, b = _labelled(ours, done.filed), _labelled(theirs, done.published)
    found = [Pair(a[i][0], b[j][0], sure=False) for i, j in align([p for _, p in a], [p for _, p in b]).items()]
    done.add(found)
    return found


def _labelled(side: Printings, done: set[Key]) -> list[tuple[Printed, Piece]]:
    found = []
    for part in side.sentences:
        for n in part.numbers:
            if n.key not in done and len(n.name) >= TELLING_ROW:
                words = f"{n.name}{MASK}{n.quantity.dimension}"
                found.append((n, Piece(n.name + n.quantity.raw, words, part.piece.contexts)))
    return found


# ---- figures ------------------------------------------------------------------------------------------------------

Group = tuple[str, str, int | None, str]


def _group(fact: Fact) -> Group:
    return (fact.figure, fact.scope, fact.year, fact.basis)


def _by_figure(filed: Sequence[Fact], published: Sequence[Fact], pairs: Sequence[Pair]) -> list[Pair]:
    """Numbers without a twin that name a figure: any printing of it in the other document speaks for it."""
    done = Done(pairs)
    theirs: dict[Group, list[Fact]] = defaultdict(list)
    for fact in filed:
        theirs[_group(fact)].append(fact)
    found: list[Pair] = []
    seen = set(done.published)
    for fact in published:
        others = theirs.get(_group(fact), [])
        if fact.key in seen or not others:
            continue
        seen.add(fact.key)
        same = [o for o in others if judge(o.quantity, fact.quantity) in (Verdict.CONSISTENT, Verdict.ROUNDING)]
        free = [o for o in others if o.key not in done.filed]
        for other in (same or free)[:1]:
            found.append(Pair(_of_fact(other), _of_fact(fact), certain(other) and certain(fact)))
    return found


def _of_fact(fact: Fact) -> Printed:
    return Printed(fact.key, fact.quantity, fact.evidence, fact.name, fact.source)


# ---- are they the same number -------------------------------------------------------------------------------------


def judge(filed: Quantity, published: Quantity) -> Verdict:
    """consistent; rounding for one value printed in two ways; inconsistent.

    >>> from yibao.proofread.quantity import parse
    >>> [str(judge(parse(a), parse(b))) for a, b in (("62.55万元", "62.55万元"), ("62.55万元", "625500元"), ("62.55万元", "62.56万元"))]
    ['consistent', 'rounding', 'inconsistent']
    """
    a, b = in_one_unit(filed, published)
    if a.base == b.base and a.dimension == b.dimension:
        same = (a.factor == b.factor or not a.base) and a.approx == b.approx and a.operator == b.operator
        return Verdict.CONSISTENT if same else Verdict.ROUNDING
    if a.dimension != b.dimension or (a.factor == b.factor and a.decimals == b.decimals and a.approx == b.approx):
        return Verdict.INCONSISTENT
    found = agreement(a, b)
    return Verdict.ROUNDING if found in (Verdict.CONSISTENT, Verdict.ROUNDING) else Verdict.INCONSISTENT


def in_one_unit(a: Quantity, b: Quantity) -> tuple[Quantity, Quantity]:
    """A number whose unit is not printed beside it has the unit of its twin."""
    if a.unit is None or (b.unit is not None and a.dimension != b.dimension and a.raw == b.raw):
        return replace(a, unit=b.unit), b
    return (a, replace(b, unit=a.unit)) if b.unit is None else (a, b)
