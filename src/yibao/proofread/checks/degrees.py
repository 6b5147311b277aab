"""略微, 基本持平, 大幅 against the number they speak of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from yibao.proofread.checks.passages import Passage, passages
from yibao.proofread.findings import Check, Evidence, Verdict
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.reading import Reading

NEAR = 2  #: passages behind a heading in which its number may stand
REACH = 40  #: characters from the word to the percentage it speaks of
_RATE = re.compile(r"(?P<name>[\u4e00-\u9fff]{0,12}(?:控制率|执行率|完成率|调整率|变动率))$")
_PERCENT = re.compile(
    r"(?P<verb>增长|下降|减少|增加|上升|提高|降低|增幅|降幅|涨幅|变动)(?:了|约|为|达|达到|率为|幅度为|：)*(?P<n>\d+(?:\.\d+)?)%"
)
_BREAK = re.compile(r"其中|；|。|主要|另")
_COMPARED = re.compile(r"(?:高|低|大|小|多|少)于")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Slight(_Part):
    words: tuple[str, ...]
    at_most: Decimal


class Large(_Part):
    words: tuple[str, ...]
    at_least: Decimal


class Degrees(_Part):
    """`data/degree.yaml`: words and the percentages they go with."""

    slight: Slight
    level: Slight
    large: Large
    status: str


@cache
def load_degrees() -> Degrees:
    text = (files("yibao.proofread") / "data" / "degree.yaml").read_text(encoding="utf-8")
    return Degrees.model_validate(yaml.safe_load(text))


def run(reading: Reading) -> Iterator[Check]:
    for file in reading.files:
        lines = list(passages(file))
        for k, passage in enumerate(lines):
            yield from _changes(passage)
            yield from _rates(passage, lines[k : k + 1 + NEAR])
    yield from _amounts(reading)


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(words))


def _changes(passage: Passage) -> Iterator[Check]:
    """略有增长，增长60%: the percentage of the change behind the word, in the same clause group."""
    degrees = load_degrees()
    for words, low, high in (
        (degrees.slight.words, None, degrees.slight.at_most),
        (degrees.level.words, None, degrees.level.at_most),
        (degrees.large.words, degrees.large.at_least, None),
    ):
        for m in _pattern(words).finditer(passage.text):
            behind = passage.text[m.end() : m.end() + REACH]
            stop = _BREAK.search(behind)
            change = _PERCENT.search(behind[: stop.start()] if stop else behind)
            if change is None:
                continue
            size = Decimal(change["n"])
            evidence = passage.clause(m.start(), m.end() + change.end())
            if (high is not None and size > high) or (low is not None and size < low):
                message = f"“{m.group()}”与“{change.group()}”不相称"
                yield Check("semantic", Verdict.SUSPICIOUS, evidence, m.group(), None, message, "用词与数字不相称")
            else:
                yield Check(
                    "semantic", Verdict.CONSISTENT, evidence, m.group(), None, f"“{m.group()}”与“{change.group()}”相称"
                )


def _rates(passage: Passage, near: list[Passage]) -> Iterator[Check]:
    """预算控制率略微偏高, and 183.86% in the next lines."""
    slight = load_degrees().slight
    for m in _pattern(slight.words).finditer(passage.text):
        named = _RATE.search(passage.text[: m.start()])
        if named is None:
            continue
        name = named["name"][-5:]
        for other in near:
            value = re.search(rf"{name}(?:为|是|达|达到|：)*(\d+(?:\.\d+)?)%", other.text)
            if value is None:
                continue
            away = abs(Decimal(value[1]) - 100)
            evidence = passage.clause(named.start("name"), m.end())
            related = (other.clause(value.start(), value.end()),)
            if away > slight.at_most:
                message = f"“{m.group()}”与“{value.group()}”不相称，偏离100%达{away}个百分点"
                yield Check(
                    "semantic", Verdict.SUSPICIOUS, evidence, m.group(), None, message, "用词与数字不相称", related
                )
            else:
                yield Check(
                    "semantic",
                    Verdict.CONSISTENT,
                    evidence,
                    m.group(),
                    None,
                    f"“{m.group()}”与“{value.group()}”相称",
                    related=related,
                )
            break


def _amounts(reading: Reading) -> Iterator[Check]:
    """决算15万元，略高于预算10万元: two amounts of one sentence."""
    slight = load_degrees().slight
    for sentence in reading.sentences:
        for m in _pattern(slight.words).finditer(sentence.text):
            if not _COMPARED.match(sentence.text, m.end() - 1) and not _COMPARED.match(sentence.text, m.end()):
                continue
            pair = _neighbours(sentence, m.start())
            if pair is None:
                continue
            a, b = pair
            share = abs(a.quantity.base - b.quantity.base) / max(a.quantity.base, b.quantity.base) * 100
            if share > slight.at_most:
                evidence = Evidence(
                    sentence.quote(sentence.start + a.quantity.start, sentence.start + max(m.end(), b.quantity.end)),
                    sentence.place,
                )
                message = f"“{m.group()}”与{a.quantity.raw}、{b.quantity.raw}相差{share:.1f}%不相称"
                yield Check("semantic", Verdict.SUSPICIOUS, evidence, m.group(), None, message, "用词与数字不相称")


def _neighbours(sentence: Sentence, at: int) -> tuple[Mention, Mention] | None:
    """The amounts of money around the word, or the two before it."""
    money = [m for m in sentence.mentions if m.dimension == "money" and m.quantity.base > 0 and not m.change]
    before = [m for m in money if m.quantity.end <= at]
    after = [m for m in money if at < m.quantity.start <= at + 16]
    if before and after:
        return before[-1], after[0]
    return (before[-2], before[-1]) if len(before) >= 2 and at - before[-1].quantity.end <= 12 else None
