"""Typing slips in set phrases: one other character, one missing or one doubled (例行节约, 工资福利支, 心里治疗).

A phrase differs from a window of the text in one place only if its first or its second half stands there unchanged, so
the halves are looked up and the rest is compared.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice

import yaml
from pydantic import BaseModel, ConfigDict

from yibao.proofread.checks.passages import Passage, all_passages
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.lookalike import alike
from yibao.proofread.reading import Reading

MAX_SLIPS = 300  #: slips of a package that are told
SHORTEST = 4  #: characters of a phrase that is searched with another character
LONGEST_QUOTE = 40  #: characters
SHORTEST_CUT = 5  #: characters of a phrase that is searched without its last one
SHORTEST_MISSING = 7  #: characters of a phrase that is searched with one missing inside, two from either end
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_WHOLE_WORDS = (
    "支出",
    "收入",
    "经费",
    "预算",
    "决算",
    "基金",
    "报告",
    "机构",
    "保险",
    "指标",
    "服务",
    "人员",
    "补助",
    "补贴",
    "拨款",
    "保障",
    "比例",
    "待遇",
)
_STOPPED = re.compile(r"[\d，。；：（）%]")


class Lists(BaseModel):
    """`data/phrases.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rigid: str
    firm: str
    phrases: str
    known: str
    words: str
    wrong: dict[str, str]


@dataclass(frozen=True, slots=True)
class Slip:
    """`found` stands at `start:end` where `meant` should, different at `at`; `how` says what differs, in Chinese."""

    start: int
    end: int
    at: int
    found: str
    meant: str
    how: str


@dataclass(frozen=True)
class Dictionary:
    """Phrases by their halves: (half → [(phrase, where the half begins in it)])."""

    halves: dict[str, list[tuple[str, int]]]
    sizes: tuple[int, ...]
    rigid: frozenset[str]
    firm: frozenset[str]
    known: frozenset[str]
    words: frozenset[str]
    longest: int
    wrong: dict[str, str]


@cache
def load_dictionary() -> Dictionary:
    text = (files("yibao.proofread") / "data" / "phrases.yaml").read_text(encoding="utf-8")
    lists = Lists.model_validate(yaml.safe_load(text))
    rigid, firm, phrases = (frozenset(text.split()) for text in (lists.rigid, lists.firm, lists.phrases))
    halves: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for phrase in sorted(rigid | firm | phrases):
        if len(phrase) >= SHORTEST:
            middle = len(phrase) // 2
            halves[phrase[:middle]].append((phrase, 0))
            halves[phrase[middle:]].append((phrase, middle))
    known = rigid | firm | phrases | frozenset(lists.known.split())
    words = frozenset(lists.words.split())
    sizes = tuple(sorted({len(half) for half in halves}))
    return Dictionary(dict(halves), sizes, rigid, firm, known, words, max(map(len, known)), lists.wrong)


def run(reading: Reading) -> Iterator[Check]:
    """Every slip; the same slip again and again in one file is one finding."""
    made = (_check(passage, slip) for passage in all_passages(reading) for slip in slips(passage.text))
    yield from islice(made, MAX_SLIPS)


def slips(text: str) -> list[Slip]:
    """The slips of a normalised text, in order.

    >>> [(s.found, s.meant) for s in slips("坚持历行节约，工资福利支120.5万元")]
    [('历行节约', '厉行节约'), ('工资福利支', '工资福利支出')]
    """
    dictionary = load_dictionary()
    found: dict[int, Slip] = {}
    for slip in [*_listed(text, dictionary), *_searched(text, dictionary)]:
        if not any(a.start < slip.end and slip.start < a.end for a in found.values()):
            found[slip.start] = slip
    return [found[start] for start in sorted(found)]


def _listed(text: str, dictionary: Dictionary) -> Iterator[Slip]:
    for wrong, right in dictionary.wrong.items():
        at = text.find(wrong)
        while at >= 0:
            if not _is_known(text, at, at + len(wrong), dictionary):
                yield Slip(at, at + len(wrong), at, wrong, right, "错别字")
            at = text.find(wrong, at + 1)


def _searched(text: str, dictionary: Dictionary) -> Iterator[Slip]:
    for size in dictionary.sizes:
        for i in range(len(text) - size + 1):
            for phrase, offset in dictionary.halves.get(text[i : i + size], ()):
                start = i - offset
                if start >= 0 and not text.startswith(phrase, start):
                    slip = (
                        _other(text, start, phrase, dictionary)
                        or _one_less(text, i, offset, size, phrase)
                        or _one_more(text, start, phrase)
                    )
                    if slip is not None and not _is_known(text, slip.start, slip.end, dictionary):
                        yield slip


def _other(text: str, start: int, phrase: str, dictionary: Dictionary) -> Slip | None:
    """The same but for one character."""
    window = text[start : start + len(phrase)]
    if len(window) < len(phrase) or not _CHINESE.fullmatch(window):
        return None
    different = [k for k in range(len(phrase)) if window[k] != phrase[k]]
    if len(different) != 1:
        return None
    k = different[0]
    firm = phrase in dictionary.firm and 0 < k < len(phrase) - 1
    if not firm and not alike(window[k], phrase[k]) and phrase not in dictionary.rigid:
        return None
    if {text[start + k - 1 : start + k + 1], text[start + k : start + k + 2]} & dictionary.words:
        return None
    return Slip(start, start + len(phrase), start + k, window, phrase, f"“{window[k]}”应为“{phrase[k]}”")


def _one_less(text: str, i: int, offset: int, size: int, phrase: str) -> Slip | None:
    """A character left out: inside the phrase, or its last one before a number or a stop."""
    if len(phrase) < SHORTEST_CUT:
        return None
    if offset == 0:
        window = text[i : i + len(phrase) - 1]
        end = i + len(window)
        start = i
    else:
        start = i - offset + 1
        end = i + size
        window = text[start:end] if start >= 0 else ""
    if len(window) != len(phrase) - 1:
        return None
    for k in range(2, len(phrase) - 2) if len(phrase) >= SHORTEST_MISSING else ():
        if phrase[k] != phrase[k - 1] and window == phrase[:k] + phrase[k + 1 :]:
            return Slip(start, end, start + k, window, phrase, f"漏“{phrase[k]}”字")
    if window == phrase[:-1] and phrase.endswith(_WHOLE_WORDS) and _STOPPED.match(text[end : end + 1]):
        return Slip(start, end, end - 1, window, phrase, f"漏“{phrase[-1]}”字")
    return None


def _one_more(text: str, start: int, phrase: str) -> Slip | None:
    """A character inside the phrase printed twice."""
    window = text[start : start + len(phrase) + 1]
    for k in range(1, len(phrase) - 1):
        if window == phrase[: k + 1] + phrase[k:]:
            return Slip(start, start + len(window), start + k, window, phrase, f"多“{phrase[k]}”字")
    return None


def _is_known(text: str, start: int, end: int, dictionary: Dictionary) -> bool:
    """The place belongs to another phrase that is right: 医疗保险基金 is no slip of 医疗保障基金."""
    first, last = max(0, start - dictionary.longest), min(len(text), end + dictionary.longest)
    return any(text[a:b] in dictionary.known for a in range(first, start + 1) for b in range(end, last + 1))


def _check(passage: Passage, slip: Slip) -> Check:
    evidence = passage.clause(slip.start, slip.end, LONGEST_QUOTE)
    message = f"“{slip.found}”疑为“{slip.meant}”：{slip.how}"
    group = f"typo:{slip.found}:{passage.file.source.path}"
    return Check("typo", Verdict.SUSPICIOUS, evidence, slip.found, slip.meant, message, "疑错别字", group=group)
