"""Counts of things that are then named: "内设科室 5 个，分别是甲、乙、丙、丁、戊" (kind count_list)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from yibao.proofread.findings import Check, Evidence, Severity, Verdict
from yibao.proofread.outline import chinese_number
from yibao.proofread.prose import Sentence
from yibao.proofread.reading import Reading

_UNIT = "个|家|类|种|项|大类|所|支|条|批|名|方面"
_LIST = re.compile(
    rf"(?P<n>\d{{1,2}}|[一二三四五六七八九十两]{{1,3}})(?P<unit>{_UNIT})(?P<noun>[^，。；：、（）0-9]{{0,16}})"
    r"(?:，|：|（)?(?P<opener>分别(?:是|为|设|有)?(?:：)?|即|包括(?:：)?|(?<=：)|(?<=（)|为(?=[^期了]))"
    r"(?P<names>[^。；0-9]{3,600})"
)
_BEFORE_UNIT = re.compile(r"(?:第|近|约|多|每|[0-9.])$")
_PARTIAL = re.compile(r"等")
_SPLIT = re.compile(r"、|，|以及|\"\"|》《|'?\"、\"")
_JOINED = re.compile(r"(?<=[\u4e00-\u9fff])(?:和|及|与)(?=[\u4e00-\u9fff])")
MAX_NAMES = 40


def run(reading: Reading) -> Iterator[Check]:
    for sentence in reading.sentences:
        for m in _LIST.finditer(sentence.text):
            check = _named_list(m, sentence)
            if check is not None:
                yield check


def _named_list(m: re.Match[str], sentence: Sentence) -> Check | None:
    count = chinese_number(m["n"])
    if (
        not count
        or (count < 2 and not m["opener"].startswith("分别"))
        or _BEFORE_UNIT.search(sentence.text[: m.start()])
    ):
        return None
    names_text = _own_list(m["names"])
    fewest, most = _count_names(names_text)
    if names_text.count("（") != names_text.count("）") or not re.search(r"[^、，（）和及]{2}", names_text):
        return None  # cut by a number or a page, or other words for the unit: "9 个县（市、区）"
    cut = sentence.text[
        m.end("names") : m.end("names") + 1
    ].isdigit()  # "分别是医院 40 家、药店 30 家": no list of names
    if (
        (most < 2 and (cut or not m["opener"].startswith("分别")))
        or most > MAX_NAMES
        or any(len(n) > 40 for n in _SPLIT.split(names_text))
    ):
        return None
    clear = m["opener"].startswith("分别") or (m["opener"] == "" and m["unit"] in ("个", "家", "所"))
    if "，" in names_text and not clear:
        return None
    partial = bool(_PARTIAL.search(names_text[-4:]))
    holds = fewest <= count <= most or (partial and fewest <= count)
    if not holds and (partial or not (_is_name_list(names_text) or (most == 1 and len(names_text) <= 24))):
        return None
    end = m.start("names") + len(names_text)
    start = max(sentence.text.rfind(mark, 0, m.start()) for mark in "，；。：") + 1
    span = sentence.norm.span(sentence.start + start, sentence.start + end)
    quote = sentence.quote(sentence.start + start, sentence.start + end)
    evidence = Evidence(quote, replace(sentence.place, start=span[0], end=span[1]))
    found = f"{fewest}" if fewest == most else f"{fewest}至{most}"
    message = f"写明{m['n']}{m['unit']}，列出{found}{m['unit']}"
    verdict = Verdict.CONSISTENT if holds else Verdict.INCONSISTENT
    # a line that ends without a full stop may go on below: short of names, it is told but not proven
    torn = most < count and sentence.start + m.end("names") >= len(sentence.norm.text.rstrip())
    severity = None if holds or (clear and abs(count - most) <= 3 and not torn) else Severity.WARNING
    return Check(
        "count_list",
        verdict,
        evidence,
        f"{m['n']}{m['unit']}",
        f"{found}{m['unit']}",
        message,
        "" if holds else "疑漏列、多列或数目未改",
        (),
        severity,
    )


def _own_list(text: str) -> str:
    """The names up to where the sentence goes on with something else."""
    depth = 0
    for i, char in enumerate(text):
        if char == "（":
            depth += 1
        elif char == "）":
            depth -= 1
            if depth < 0:
                return text[:i]
    stop = re.search(
        r"，(?:其中|主要|负责|并|实现|同时|现有|编制|共|为|我|本|各|均|全|按|由|在|对|以|并且|进一步)", text
    )
    return text[: stop.start()] if stop else text


def _is_name_list(text: str) -> bool:
    """Names are short and few of them hold verbs of prose."""
    names = [n for n in _SPLIT.split(text) if n]
    return len(names) > 1 and sum(len(n) for n in names) / len(names) <= 16


def _count_names(text: str) -> tuple[int, int]:
    """Fewest and most names: 和 may join two names or stand inside one.

    >>> _count_names("办公室、待遇保障和医药服务管理科、机关党委")
    (3, 4)
    """
    names = [n for n in _SPLIT.split(re.sub(r"（[^（）]*）", "", text)) if n.strip('"等')]
    return len(names), len(names) + sum(len(_JOINED.findall(n)) for n in names)
