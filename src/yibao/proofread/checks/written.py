"""Computations that the document writes out itself: "控制率=601.79/640.20×100%=94.00%" (the kind is that of the result)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from yibao.proofread.checks.compare import compared
from yibao.proofread.findings import Check
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import Quantity, Range, quantities
from yibao.proofread.reading import Reading

MAX_TOKENS = 40  #: numbers, signs and brackets of one formula
_SPAN = 40  #: characters within which a number and its unit end
_CLAUSE = re.compile(r"[，；。]")
_STEP = re.compile(r"[=：]")
_SAME = str.maketrans({"（": "(", "）": ")", "×": "*", "÷": "/"})
_HUNDRED = re.compile(r"[*]100%?$|^100%?[*]")
_WORDS = re.compile(r"[\u4e00-\u9fff\"、]+")

Token = str | Quantity


def run(reading: Reading) -> Iterator[Check]:
    for sentence in reading.sentences:
        if "=" in sentence.text:
            for m in sentence.mentions:
                if m.dimension in ("ratio", "money") and m.lead.rstrip("约").endswith("="):
                    yield from _written(m, sentence)


def _written(m: Mention, sentence: Sentence) -> Iterator[Check]:
    """The number behind the last equals sign against what stands before it."""
    head = sentence.text[: m.key[-1] - sentence.start].rstrip("约=")
    steps = _STEP.split(_CLAUSE.split(head)[-1])
    shown = steps[-1].translate(_SAME)
    tokens = _tokens(_HUNDRED.sub("", shown) if m.dimension == "ratio" else shown)
    tokens = _in_one_unit(tokens) if m.dimension == "ratio" else tokens
    if not _computes(tokens, m):
        return
    try:
        computed = _Formula(tokens).value()
    except (ValueError, ZeroDivisionError):
        return
    name = steps[0] if len(steps) > 1 else ""
    operands = [x for x in sentence.mentions[: m.index] if x.quantity.raw in steps[-1]]
    yield compared(_kind(name, m, tokens), m, computed, operands[-12:], steps[-1], name=name[-16:])


def _computes(tokens: Sequence[Token], m: Mention) -> bool:
    """Two numbers at least, and a sign between them; an amount of money comes from amounts that have a unit."""
    numbers = [t for t in tokens if isinstance(t, Quantity)]
    signs = {t for t in tokens if isinstance(t, str)}
    if len(numbers) < 2 or not signs & set("+-*/") or len(tokens) > MAX_TOKENS:
        return False
    if m.dimension == "ratio":
        return True
    added = bool(signs & set("+-"))
    return all(q.dimension == "money" for q in numbers) if added else any(q.dimension == "money" for q in numbers)


def _kind(name: str, m: Mention, tokens: Sequence[Token]) -> str:
    if m.dimension == "money":
        return next(
            k for s, k in (("/", "per_capita"), ("*", "product"), ("-", "difference"), ("+", "sum")) if s in tokens
        )
    if re.search(r"执行率|完成率|使用率|支出率", name):
        return "execution_rate"
    return "control_rate" if re.search(r"控制率|调整率|变动率", name) else "percent_of"


def _tokens(text: str) -> list[Token]:
    """Numbers with their units, signs and brackets; words are skipped. Nothing where anything else stands there."""
    out: list[Token] = []
    at = 0
    while at < len(text) and len(out) <= MAX_TOKENS:
        if text[at] in "+-*/()":
            out.append(text[at])
            at += 1
            if out[-2:] == ["(", ")"]:  # words alone stood between: "601.79 万元（实际支出）"
                del out[-2:]
        elif text[at].isdigit():
            found = quantities(text[at : at + _SPAN])
            if not found or found[0].start:
                return []
            out.append(found[0])
            at += found[0].end
        elif words := _WORDS.match(text, at):
            at = words.end()
        else:
            return []
    return out


def _in_one_unit(tokens: Sequence[Token]) -> list[Token]:
    """ "601.79/640.20万元": a unit printed once is that of all."""
    units = {t.unit for t in tokens if isinstance(t, Quantity)}
    if len(units) == 2 and None in units:
        return [replace(t, unit=None) if isinstance(t, Quantity) else t for t in tokens]
    return list(tokens)


@dataclass
class _Formula:
    """A sum of products with brackets, read from left to right. Raises ValueError where the tokens are no formula."""

    tokens: Sequence[Token]
    at: int = 0

    def value(self) -> Range:
        out = self._sum()
        if self.at != len(self.tokens):
            raise ValueError
        return out

    def _next(self, signs: str) -> str:
        """The sign at hand, taken, if it is one of these."""
        sign = self.tokens[self.at] if self.at < len(self.tokens) else ""
        if isinstance(sign, str) and sign and sign in signs:
            self.at += 1
            return sign
        return ""

    def _sum(self) -> Range:
        out = self._product()
        while sign := self._next("+-"):
            term = self._product()
            out = out + term if sign == "+" else out - term
        return out

    def _product(self) -> Range:
        out = self._factor()
        while sign := self._next("*/"):
            factor = self._factor()
            out = out * factor if sign == "*" else out / factor
        return out

    def _factor(self) -> Range:
        if self._next("("):
            out = self._sum()
            if not self._next(")"):
                raise ValueError
            return out
        token = self.tokens[self.at] if self.at < len(self.tokens) else ""
        if isinstance(token, str):
            raise ValueError
        self.at += 1
        return token.range
