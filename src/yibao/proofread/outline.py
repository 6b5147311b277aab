"""Headings: which paragraphs are headings, how they are numbered, and under which of them every block stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yibao.proofread.document import Paragraph, Source
from yibao.proofread.norm import Norm, normalise

CHINESE_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_NUMERAL = "[一二三四五六七八九十]{1,3}"
#: numbering styles from the outermost in; the guide's GB/T 9704 order 一、（一）1.（1）
STYLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("part", re.compile(rf"第(?P<n>{_NUMERAL}|\d{{1,2}})(?:部分|章|篇)")),
    ("annex", re.compile(rf"附[件表](?P<n>{_NUMERAL}|\d{{1,2}}(?:-\d{{1,2}})?)?(?=[：:、.]|$)")),
    ("一、", re.compile(rf"(?P<n>{_NUMERAL})[、.]")),
    ("（一）", re.compile(rf"[（(](?P<n>{_NUMERAL})[）)][、.]?|(?P<c>[㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩])")),
    ("1.", re.compile(r"(?P<n>\d{1,2})(?:、|\.(?!\d)|\.(?=20\d{2}[年度]))|(?P<c>[⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛])")),
    ("（1）", re.compile(r"[（(]?(?P<n>\d{1,2})[）)][、.]?|(?P<c>[⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇])")),
    ("①", re.compile(r"(?P<c>[①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳])")),
)
LEVEL = {style: level for level, (style, _) in enumerate(STYLES)}
MAX_HEADING = 48  #: characters; longer numbered paragraphs are prose that begins with a heading
MAX_BARE = 24  #: characters of a heading without a number
_BULLETS = "-·•>|"
_ONES = "①⑴⒈㈠"  #: the first of each run of enclosed numbers in Unicode
_TOC_TAIL = re.compile(r"(?:[.…·]{3,}\d{0,3}|PAGEREF\S*)$")
#: titles that every report and every final account carries; a line that is nothing else is a heading without its number
_KNOWN_TITLE = re.compile(
    r"(?:下一步|今后)?(?:的)?(?:改进|整改)(?:的)?(?:措施|建议|方向)|(?:下一步|下步|今后)(?:工作)?(?:打算|计划|安排|措施|建议)|有关建议|意见建议"
    r"|(?:目前)?(?:存在|主要)(?:的)?(?:主要)?问题(?:和不足|(?:及|和|、)(?:主要)?原因(?:分析)?)?"
    r"|其他需要说明的(?:情况|问题|事项)|其他(?:相关|重要)(?:情况|事项)(?:的)?(?:情况)?说明|名词解释"
    r"|(?:部门|单位)?(?:20\d{2}年(?:度)?)?(?:部门|单位)?(?:预|决)算(?:编制)?(?:情况)?说明|项目(?:经费)?情况说明"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A printed number at the beginning of a piece of text. `start:end` is its span in the normalised text."""

    style: str
    number: int | None  #: None for a bare "附件"
    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heading:
    """One numbered (or declared) heading. `number` is None for a declared heading without a number."""

    block: int
    style: str
    number: int | None
    label: str  #: the number as printed: 一、 （二） 3.
    title: str  #: the words after the number, normalised, without trailing mark
    alone: bool  #: the paragraph is nothing but the heading
    end: int  #: where the heading ends in the normalised text of its paragraph

    @property
    def level(self) -> int:
        return LEVEL.get(self.style, 0)


def chinese_number(text: str) -> int | None:
    """
    >>> [chinese_number(t) for t in ("三", "十", "十二", "二十一", "7")]
    [3, 10, 12, 21, 7]
    """
    if text.isascii() and text.isdigit():
        return int(text)
    if len(text) == 1 and "①" <= text <= "⑳":
        return ord(text) - ord("①") + 1
    if "十" in text:
        tens, _, ones = text.partition("十")
        if (tens and tens not in CHINESE_DIGITS) or (ones and ones not in CHINESE_DIGITS):
            return None
        return (CHINESE_DIGITS[tens] if tens else 1) * 10 + (CHINESE_DIGITS[ones] if ones else 0)
    value = 0
    for char in text:
        if char not in CHINESE_DIGITS:
            return None
        value = value * 10 + CHINESE_DIGITS[char]
    return value if text else None


def chinese_numeral(number: int) -> str:
    """
    >>> [chinese_numeral(n) for n in (3, 10, 12, 20, 21)]
    ['三', '十', '十二', '二十', '二十一']
    """
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if not 0 < number < 100:
        return str(number)
    return ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + (digits[ones] if ones else "")


def read_mark(text: str) -> Mark | None:
    """The number a normalised paragraph begins with, bullets of Markdown left aside.

    >>> read_mark("-（三）自评材料")
    Mark(style='（一）', number=3, label='（三）', start=1, end=4)
    >>> read_mark("1.5亿元") is None
    True
    """
    start = len(text) - len(text.lstrip(_BULLETS))
    for style, pattern in STYLES:
        m = pattern.match(text, start)
        if m is not None:
            return Mark(style, _value(m), m.group(), start, m.end())
    return None


def _value(m: re.Match[str]) -> int | None:
    groups = m.groupdict()
    enclosed, digits = groups.get("c"), groups.get("n")
    if enclosed:
        first = max((one for one in _ONES if one <= enclosed), default="①")
        return ord(enclosed) - ord(first) + 1
    return chinese_number(digits.partition("-")[0]) if digits else None


def read_heading(block: int, paragraph: Paragraph, norm: Norm) -> Heading | None:
    """The heading a paragraph is or begins with, else None.

    A short paragraph without sentence end is a heading; "（一）预算执行率。正文……" and "1.数量指标：正文" begin with one.
    """
    text = norm.text
    mark = read_mark(text)
    if mark is not None:
        title = re.split(r"[：。，；！？]", text[mark.end :], maxsplit=1)[0]
        ends = mark.end + len(title)
        if len(title) > MAX_HEADING:
            return None
        alone = len(text) - mark.start <= MAX_HEADING and ends >= len(text.rstrip("：。；"))
        return Heading(block, mark.style, mark.number, mark.label, _whole(_TOC_TAIL.sub("", title)), alone, ends)
    bare = text.strip(_BULLETS)
    if 0 < len(bare) <= MAX_BARE and _KNOWN_TITLE.fullmatch(bare.rstrip("：")):
        return Heading(block, "一、", None, "", bare.rstrip("："), True, len(text))
    if paragraph.level is not None and 0 < len(bare) <= MAX_HEADING and not bare.endswith(("。", "；")):
        return Heading(block, "declared", None, "", bare, True, len(text))
    return None


def _whole(title: str) -> str:
    """A title without the bracket that the cut at a comma has left open: "产出指标（分值10分" → "产出指标"."""
    return title[: title.rindex("（")] if title.count("（") > title.count("）") and title.find("（") > 0 else title


@dataclass(frozen=True, slots=True)
class Outline:
    """`headings` in order; `sections[i]` is the path of titles above block i (its own inline heading included)."""

    headings: tuple[Heading, ...]
    sections: tuple[tuple[str, ...], ...]


def read_outline(source: Source, norms: dict[int, Norm]) -> Outline:
    """The outline of one file. `norms` holds the normalised text of each paragraph by block number."""
    read = (
        read_heading(i, block, norms.get(i) or normalise(block.raw))
        for i, block in enumerate(source.blocks)
        if isinstance(block, Paragraph)
    )
    headings = [heading for heading in read if heading is not None]
    return Outline(tuple(headings), _sections(headings, len(source.blocks)))


def _sections(headings: list[Heading], blocks: int) -> tuple[tuple[str, ...], ...]:
    stack: list[tuple[int, str]] = []
    sections: list[tuple[str, ...]] = []
    after = iter(enumerate(headings, 1))
    upcoming = next(after, None)
    for i in range(blocks):
        if upcoming is not None and upcoming[1].block == i:
            k, heading = upcoming
            level = _depth(heading, headings[k] if k < len(headings) else None)
            while stack and stack[-1][0] >= level:
                stack.pop()
            stack.append((level, heading.title or heading.label))
            upcoming = next(after, None)
        sections.append(tuple(title for _, title in stack))
    return tuple(sections)


def _depth(heading: Heading, following: Heading | None) -> int:
    """The level of a heading; a title without a number stands above the numbers that begin anew behind it."""
    if heading.style == "declared":
        return 0
    if heading.number is None and following is not None and following.number == 1 and following.level == heading.level:
        return LEVEL["annex"]
    return heading.level


def siblings(headings: tuple[Heading, ...]) -> Iterator[list[Heading]]:
    """Runs of headings of one style under the same parent, in order."""
    open_runs: dict[int, list[Heading]] = {}
    for heading in headings:
        if heading.number is None:
            continue
        for level in [lv for lv in open_runs if lv > heading.level]:
            yield open_runs.pop(level)
        open_runs.setdefault(heading.level, []).append(heading)
    yield from open_runs.values()
