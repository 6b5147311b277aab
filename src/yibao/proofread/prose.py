"""Sentences and the numbers in them: every `Mention` knows its label, what stands around it, and its part in the sentence.

The grammar is regular and works on normalised text (guide §7.8). It does not decide whether numbers agree: that is done
in `proofread.checks`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from yibao.proofread.document import Place
from yibao.proofread.findings import Evidence, Operand
from yibao.proofread.norm import Norm
from yibao.proofread.quantity import Quantity, Range, quantities

MAX_SENTENCE = 4000  #: characters; what is longer is no sentence
MAX_QUOTE = 220  #: characters of a quote that spans several clauses
MAX_MENTIONS = 300  #: numbers per sentence that the grammar looks at

# What looks like a number and is none: dates, ordinals, document numbers, item numbers, versions, ratios, times.
_NOT_A_QUANTITY = re.compile(
    r"(?:19|20)\d{2}(?:年度?|[-/.]\d{1,2}[-/.]\d{1,2}|/\d{4}|[-~至](?:19|20)?\d{2}年?)"
    r"|(?<!\d)\d{2}年度"
    r"|(?<![\d.])\d{1,2}[-~至到]\d{1,2}月(?:份|底|末)?"
    r"|(?<![\d.个])\d{1,2}月(?!份?末?结)(?:\d{1,2}日|份|底|末|初|中旬|上旬|下旬)?(?:[-~至]\d{1,2}(?:月|日)(?:\d{1,2}日)?)?"
    r"|(?<![\d.])\d{1,2}日(?!均)"
    r"|第\d+(?:\.\d+)?"
    r"|(?:（|\[|【)\d{4}(?:）|\]|】)第?\d+号?"
    r"|\d+号"
    r"|[A-Za-z]+[-+]?\d+(?:\.\d+)?"
    r"|\d+[:/]\d+(?:[:.]\d+)*"
    r"|\d+\+(?:\d|[Xx])"
    r'|"\d+"'
    r"|\d{1,2}(?:时|点)\d{0,2}分?"
    r"|(?:^|(?<=[，。；：）]))(?:（\d{1,2}）|\d{1,2}(?:、|\.(?!\d)|）))"
    r"|(?:公开|附[件表]|表|图)\d{1,2}(?:-\d{1,2})?(?:表)?"
    r"|\d{3,}-\d{3,}"
)
_BARE_YEAR = re.compile(r"(?:19|20)\d{2}")
_CLAUSE = re.compile(r"[，；：。！？]")
_TAIL_WORDS = re.compile(
    r"(?:分别|合计|共计|总计|累计|总共|一共|约|共|计|有|为|是|达到|达|仅|至|到|了|(?<![人户次家件])数|金额|数额|资金|：|\"|:|=|≥|≤|>|<|近|超|超过|不低于|不少于|大于|小于|高于|低于|即|列|只|已)+$"
)
_LEAD_WORDS = re.compile(
    r"^(?:其中|包括|主要(?:是|为|用于)?|另外|此外|同时|以及|其余|和|与|及|一是|二是|三是|四是|五是|全市|全县|全区|全年|本年|当年|年末|年底|我市|我县|我区|我局|本局|本单位|本部门|截至|按|又|则|并)+"
)
_NEEDS_SUBJECT = frozenset(("本期", "当期", "累计", "本年", "当年"))
_SHORT_BRACKET = re.compile(r"（[^（）0-9，；。]{1,4}）")  #: 因公出国（境）费, 住房保障（类）支出
_LIST_BREAK = re.compile(r"[，；：。！？（）、]")

_DOWN_END = re.compile(
    r"(?:减少|下降|降低|减|少|下调|压减|压缩|节约|节省|回落|缩减|核减|负增长|降幅|(?:少|减)(?:支出?|收入?|缴|用))(?:额|了|率|幅度|比例)*(?:为|约|达|达到|共|共计|合计|金额)*$"
)
_UP_END = re.compile(
    r"(?:增加|增长|上升|提高|提升|增|多|上调|上涨|扩大|净增|增幅|调增|超出|多(?:支出?|收入?|缴|用))(?:额|了|率|幅度|比例)*(?:为|约|达|达到|共|共计|合计|金额)*$"
)
_BASE_YEAR = re.compile(r"[较比](?:19|20)\d{2}年[^，]{0,16}$")  #: "较2030年支出 560 万元增加…"
_DELTA_START = re.compile(r"(?:增加|减少|增长|下降|上升|提高|降低)")
_NO_CHANGE = re.compile(r"(?:稳|促|保|新|减负|节能)(?:增长|增收|增效|减)$")  #: names of policies, not changes
_PREVIOUS = re.compile(r"(?:上年|去年|上一年|同期|上年度|前年)(?!.*(?:相比|比|增|减|降|升|结转|经费|工作))")
_LAST_IN_BRACKET = re.compile(
    r"(?:上年|去年|上一年|上年度|同期)[^，；：。（）]{0,6}（$"
)  #: "比上年（560.10 万元）增长"
_TO = re.compile(r"(?:增加|增长|上升|提高|提升|下降|降低|减少|调整|上调|下调|降|升|增|减)(?:到|至|为|成)了?$")


@dataclass(frozen=True, slots=True)
class Mention:
    """One number in a sentence. `lead` runs from the previous number, `tail` to the next one."""

    index: int
    quantity: Quantity
    lead: str
    tail: str
    label: str
    depth: int  #: inside how many brackets
    evidence: Evidence
    key: tuple[int, ...]

    @property
    def dimension(self) -> str:
        return self.quantity.dimension

    @property
    def range(self) -> Range:
        return self.quantity.range

    @property
    def operand(self) -> Operand:
        return Operand(self.key, self.quantity.base, self.evidence, self.quantity.half)

    @property
    def clause(self) -> str:
        """The words of the lead in the number's own clause."""
        return _LIST_BREAK.split(self.lead)[-1] if self.lead else ""

    @property
    def change(self) -> int:
        """+1 for "增加 5", −1 for "减少 5", 0 where the number is no change."""
        lead = self.clause
        if _TO.search(lead) or _NO_CHANGE.search(lead):
            return 0
        if _DOWN_END.search(lead):
            return -1
        return 1 if _UP_END.search(lead) else 0

    @property
    def previous(self) -> bool:
        """The number is last year's: "上年人均 751 元"."""
        named = _BASE_YEAR.search(self.clause) and _DELTA_START.match(self.tail)
        told = named or _PREVIOUS.search(self.clause) or _LAST_IN_BRACKET.search(self.lead)
        return not self.change and bool(told) and "结转" not in self.clause


@dataclass(frozen=True)
class Sentence:
    """A sentence with its mentions. `start:end` is its span in the paragraph's normalised text."""

    text: str
    start: int
    end: int
    block: int
    section: tuple[str, ...]
    norm: Norm
    place: Place
    mentions: tuple[Mention, ...] = field(default=())

    def quote(self, start: int, end: int) -> str:
        """Literal text of a span of the paragraph's normalised text."""
        return self.norm.quote(start, end)

    @cached_property
    def evidence(self) -> Evidence:
        return Evidence(self.quote(self.start, self.end), self.place)

    def span(self, first: Mention, last: Mention) -> Evidence:
        """From the clause of one number to the end of another in this paragraph, if that can be read at a glance.

        Else the numbers in this sentence alone: a list is recognised by its parts.
        """
        for begin in (first, next((m for m in self.mentions if m.key >= first.key), first)):
            end = last.key[-1] + last.quantity.end - last.quantity.start
            start = begin.key[-1]
            while start > 0 and self.norm.text[start - 1] not in "，；：。！？":
                start -= 1
            a, b = self.norm.span(start, end)
            if begin.key[0] == last.key[0] == self.block and b - a <= MAX_QUOTE:
                return Evidence(self.norm.raw[a:b], replace(self.place, start=a, end=b))
        return first.evidence


def read_sentences(norm: Norm, block: int, section: tuple[str, ...], place: Place) -> list[Sentence]:
    """The sentences of one paragraph (or of one long table cell), with their numbers."""
    out: list[Sentence] = []
    start = 0
    for stop in [*_sentence_ends(norm.text), len(norm.text)]:
        if stop <= start:
            continue
        text = norm.text[start : min(stop, start + MAX_SENTENCE)]
        if text.strip("。！？"):
            mentions = tuple(_mentions(text, start, norm, block, place))
            out.append(Sentence(text, start, start + len(text), block, section, norm, place, mentions))
        start = stop
    return out


def _sentence_ends(text: str) -> Iterator[int]:
    """Behind 。！？, and behind the bracket or closing quotation mark that follows; an opening one begins the next."""
    quotes = 0
    for i, char in enumerate(text):
        quotes += char == '"'
        if char not in "。！？":
            continue
        after = text[i + 1 : i + 2]
        closes = after == "）" or (after == '"' and quotes % 2 == 1)
        yield i + 2 if closes else i + 1


def _mentions(text: str, offset: int, norm: Norm, block: int, place: Place) -> list[Mention]:
    masked = [m.span() for m in _NOT_A_QUANTITY.finditer(text)]
    kept = [q for q in quantities(text) if not _masked(q, masked, text)][:MAX_MENTIONS]
    out: list[Mention] = []
    for i, q in enumerate(kept):
        before = kept[i - 1].end if i else 0
        after = kept[i + 1].start if i + 1 < len(kept) else len(text)
        lead, tail = text[before : q.start], text[q.end : after]
        label = label_of(lead) or _label_behind(tail)
        depth = text.count("（", 0, q.start) - text.count("）", 0, q.start)
        evidence = Evidence(norm.quote(*_clause_span(text, q, before, offset)), _at(place, norm, q, offset))
        column = () if place.row is None or place.column is None else (place.row, place.column)
        out.append(Mention(i, q, lead, tail, label, max(depth, 0), evidence, (block, *column, offset + q.start)))
    return out


def _masked(q: Quantity, spans: list[tuple[int, int]], text: str) -> bool:
    if q.unit is None and _BARE_YEAR.fullmatch(q.raw) and not q.decimals:
        return True
    if (
        q.unit is not None
        and q.unit.dimension in ("years", "months", "days")
        and q.unit.symbol in ("年", "年度", "月", "日")
    ):
        return True
    return any(a < q.number_end and q.start < b for a, b in spans)


def _clause_span(text: str, q: Quantity, before: int, offset: int) -> tuple[int, int]:
    """From the beginning of the number's clause to the end of its unit, but not across the number before it."""
    start = q.start
    while start > before and text[start - 1] not in "，；。：！？":
        start -= 1
    if q.start - start <= 1 and start > before:  # "：60人": the label stands before the colon
        start -= 1
        while start > before and text[start - 1] not in "，；。：！？":
            start -= 1
    while start < q.start and text[start] in "，；：。）、":
        start += 1
    end = q.end
    if text[end : end + 1] == "）" and text.count("（", start, end) > text.count("）", start, end):
        end += 1
    return offset + start, offset + end


def _at(place: Place, norm: Norm, q: Quantity, offset: int) -> Place:
    start, end = norm.span(offset + q.start, offset + q.end)
    return replace(place, start=start, end=end)


def label_of(lead: str) -> str:
    """The noun phrase that names the number after `lead`.

    >>> label_of("，其中：基本支出"), label_of("年末实有在职人员为"), label_of("支出决算数为")
    ('基本支出', '实有在职人员', '支出决算')
    """
    parts = _LIST_BREAK.split(_SHORT_BRACKET.sub("", lead))
    for i in range(len(parts) - 1, -1, -1):
        label = _name_in(parts[i])
        if label in _NEEDS_SUBJECT:  # "结余：本期 5 万元，累计 9 万元"
            return next((name + label for part in reversed(parts[:i]) if (name := _name_in(part))), label)
        if label:
            return label
        if parts[i] and _LEAD_WORDS.sub("", parts[i]) and not _TAIL_WORDS.fullmatch(parts[i]):
            return ""
    return ""


def _name_in(part: str) -> str:
    """The words of one clause without what leads in and what leads over to the number."""
    label = _LEAD_WORDS.sub("", _TAIL_WORDS.sub("", part))
    label = re.sub(r"^(?:19|20)\d{2}年(?:度|末|初|底)?|^\d{1,2}月(?:底|末)?", "", label)
    return _LEAD_WORDS.sub("", label.replace('"', ""))


def _label_behind(tail: str) -> str:
    """ "40万元是稽核经费", "30家医疗机构": the words after the number, where none stand before it."""
    words = _LIST_BREAK.split(tail)[0]
    return re.sub(r"^(?:是|为|的|用于)+", "", words)[:24]
