"""The odd year among its peers: a sentence, comparison or table head that kept the year of an older file.

Every rule here holds a year against the document's own: what a sentence opens with, what it compares with, what the same
words carry elsewhere. None of it is proof, so everything told is suspicious and never more.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from yibao.proofread.checks.passages import Passage
from yibao.proofread.findings import Check, Evidence, Verdict

LEAST_SAME = 3  #: places that agree before one that does not is told
TOLD_AGAINST = 3  #: how many times more often the agreeing ones must stand
KEY = 7  #: characters after a year that make two places the same words
CAUSE = "疑旧稿年份未改"

_OPENING = re.compile(
    r"(?:^|(?<=[。；！？]))(?:[#（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)]?[、.．]?)?"
    r"(?:本(?:部门|单位)|我(?:局|单位|部门)|[\u4e00-\u9fff]{4,24}(?:局|委员会|委|中心|办公室|办事处|院|部))?"
    r"(?P<y>20\d{2})年(?!\d{1,2}月|度?(?:相比|相较))(?:度|末|底)?"
)
_OWN_FIGURES = re.compile(
    r"决算|总收入|总支出|收入支出总计|收入合计|支出合计|收入总计|收支总计|收、支总计|财政拨款|三公|机关运行经费|政府采购|整体支出|预算执行率|全年预算|年初预算"
    r"|基本支出|项目支出|政府性基金|核定编制|在职|参保人数|基金总?收入|基金总?支出|统筹基金"
)
_NOT_OWN = re.compile(
    r"同期|历年|以来|起|累计|调整为|改为|结转|至20|-20|—20|将|拟|计划|打算|下一步|目标|规划|力争|预计|预算公开|改革|文件|通知|《|实施|开始"
)
_ANY_YEAR = re.compile(r"(?<!\d)20\d{2}(?=年|[-—至]20)")
_FUTURE = re.compile(r"(?<!\d)(?P<y>20\d{2})年(?:度|末|底|12月31日)")
_AHEAD = re.compile(
    r"规划|目标|愿景|到20|至20|前|有效|期限|到期|起|将|拟|计划|打算|力争|预计|周期|合同|建成|实现|基本|《|-20|—20"
)
_COMPARED = re.compile(
    r"(?:与|比|较)(?P<y>20\d{2})年(?:度|年初)?(?:(?:预算|决算)(?:执行)?数?)?(?:相比|比较|对比|增|减|上升|下降|持平|有所)?"
)
_TWICE = re.compile(
    r"(?P<y>20\d{2})年(?P<what>[\u4e00-\u9fff]{0,6}?)(?P<a>\d[\d.]*)[^，。；]{0,6}，(?P=y)年(?P=what)(?P<b>\d[\d.]*)"
)
_YEAR = re.compile(r"(?<!\d)(?P<y>20\d{2})(?=年)")
_HEAD = re.compile(r"(?P<y>20\d{2})年度?(?:年初|全年|调整|实际)?(?:预算数|决算数|执行数|实际在职人数|完成数)")


class _Place(NamedTuple):
    """A year in a passage, with the span that is quoted."""

    passage: Passage
    start: int
    end: int
    year: int

    def check(self, message: str, expected: int | None) -> Check:
        text = self.passage.text[self.start : self.end]
        repaired = text.replace(str(self.year), str(expected), 1) if expected else None
        return Check("date", Verdict.SUSPICIOUS, self._evidence(), text, repaired, message, CAUSE)

    def _evidence(self) -> Evidence:
        return self.passage.clause(self.start, self.end)


def of_lines(lines: Sequence[Passage], year: int, *, closed: bool) -> Iterator[Check]:
    """Each place is told once, by the first rule that finds it."""
    prose = [p for p in lines if not p.is_cell and re.search("[。，；]", p.text)]
    told: set[tuple[int, int]] = set()
    for check, place in _all(lines, prose, year, closed):
        key = (place.passage.block, place.passage.text.find(str(place.year), place.start))
        if key not in told:
            told.add(key)
            yield check


def _all(lines: Sequence[Passage], prose: Sequence[Passage], year: int, closed: bool) -> Iterator[tuple[Check, _Place]]:
    yield from _same_words(prose)
    yield from _twice(prose)
    yield from _comparisons(prose, year)
    if closed:
        yield from _openings(prose, year)
        yield from _future(prose, year)
        yield from _heads(lines, year)


def _openings(prose: Sequence[Passage], year: int) -> Iterator[tuple[Check, _Place]]:
    """A sentence on the unit's own figures that opens with another year, where the others open with this one."""
    opened = [
        (_Place(p, m.start("y"), m.end(), int(m["y"])), sentence_at(p.text, m.end()))
        for p in prose
        for m in _OPENING.finditer(p.text)
    ]
    own = [(place, sentence) for place, sentence in opened if _OWN_FIGURES.search(sentence)]
    count = Counter(place.year for place, _ in own)
    if not _outvoted(count[year], sum(count.values()) - count[year]):
        return
    for place, sentence in own:
        if place.year == year or abs(place.year - year) > 12 or _NOT_OWN.search(sentence):
            continue
        if {int(y) for y in _ANY_YEAR.findall(sentence)} != {place.year}:
            continue
        yield place.check(f"这一句说的是{place.year}年，同类语句都是{year}年", year), place


def _future(prose: Sequence[Passage], year: int) -> Iterator[tuple[Check, _Place]]:
    """A closed year is reported on: its figures cannot stand in a year that has not come."""
    for passage in prose:
        for m in _FUTURE.finditer(passage.text):
            found = int(m["y"])
            if found > year + 1 and not _AHEAD.search(sentence_at(passage.text, m.start())):
                place = _Place(passage, m.start(), m.end(), found)
                yield place.check(f"{year}年度的文件写到了{found}年", year), place


def _comparisons(prose: Sequence[Passage], year: int) -> Iterator[tuple[Check, _Place]]:
    """Compared with the year before, as everywhere else in the document, or with itself."""
    found = [_Place(p, m.start(), m.end(), int(m["y"])) for p in prose for m in _COMPARED.finditer(p.text)]
    last = sum(place.year == year - 1 for place in found)
    for place in found:
        sentence = sentence_at(place.passage.text, place.start)
        others = {int(y) for y in _ANY_YEAR.findall(sentence)} - {place.year}
        if place.year == year - 1 or others - {year, year - 1} or _is_meant(place, found, year - 1):
            continue
        if place.year < year:
            odd = last >= 2 * (len(found) - last)
        elif place.year == year:
            odd = (last > 0 or others <= {year}) and _itself(place, sentence, year)
        else:
            odd = last > 0 or others <= {year}
        if odd:
            yield place.check(f"这里与{place.year}年比较，本文其他各处与{year - 1}年比较", year - 1), place


def _is_meant(place: _Place, found: Sequence[_Place], last: int) -> bool:
    """The passage names an earlier year again, or compares with the last year beside it: 与2030年相比…；与2029年相比…."""
    text = place.passage.text
    if place.year < last and text.count(str(place.year)) > 1:
        return True
    beside = [p for p in found if p.passage is place.passage and p.year == last]
    spans = ((min(p.start, place.start), max(p.start, place.start)) for p in beside)
    return place.year < last and any("。" not in text[a:b] for a, b in spans)


def _itself(place: _Place, sentence: str, year: int) -> bool:
    """The sentence opens with the year it is compared with: 2024年度…，与2024年度相比. Its budget may be: checks.years."""
    if "预算" in place.passage.text[place.start : place.end]:
        return False
    return bool(re.match(rf"[^，。]{{0,30}}{year}年", sentence)) and sentence.count(str(year)) >= 2


def _same_words(prose: Sequence[Passage]) -> Iterator[tuple[Check, _Place]]:
    """The same words after a year, many times over with one year and once with another."""
    places: defaultdict[str, list[_Place]] = defaultdict(list)
    for passage in prose:
        for m in _YEAR.finditer(passage.text):
            words = passage.text[m.end() : m.end() + KEY]
            if re.fullmatch(rf"年[\u4e00-\u9fff]{{{KEY - 1}}}", words):
                before = passage.text[max(0, m.start() - 1) : m.start()]
                places[before + words].append(_Place(passage, m.start(), m.end() + KEY, int(m["y"])))
    for found in places.values():
        count = Counter(place.year for place in found)
        usual, times = count.most_common(1)[0]
        odd = [place for place in found if place.year != usual]
        if len(odd) == 1 and times > LEAST_SAME:
            yield odd[0].check(f"同样的说法其他{times}处都是{usual}年", usual), odd[0]


def _twice(prose: Sequence[Passage]) -> Iterator[tuple[Check, _Place]]:
    """One year with two amounts, side by side: the second was meant for the year before."""
    for passage in prose:
        for m in _TWICE.finditer(passage.text):
            if m["a"] != m["b"]:
                place = _Place(passage, m.start(), m.end(), int(m["y"]))
                yield place.check(f"同一年份{m['y']}年给出两个数", None), place


def _heads(lines: Sequence[Passage], year: int) -> Iterator[tuple[Check, _Place]]:
    """Columns of a closed year's table: this year beside the one before, no other."""
    tables: defaultdict[int, list[_Place]] = defaultdict(list)
    for passage in lines:
        if passage.is_cell and (m := _HEAD.fullmatch(passage.text)) is not None:
            tables[passage.block].append(_Place(passage, 0, m.end(), int(m["y"])))
    for heads in tables.values():
        near = sum(h.year in (year, year - 1) for h in heads)
        for place in heads:
            staff = "在职人数" in place.passage.text and 0 < abs(place.year - year) <= 2
            if staff or (place.year < year - 1 and near >= 2):
                message = f"{year}年度的表，这一栏写的是{place.year}年"
                yield place.check(message, year if staff else None), place


def _outvoted(agreeing: int, others: int) -> bool:
    return agreeing >= LEAST_SAME and agreeing >= TOLD_AGAINST * others


def sentence_at(text: str, at: int) -> str:
    """The sentence, or the part of it between semicolons, that position `at` stands in."""
    start = max(text.rfind(mark, 0, at) for mark in "。；") + 1
    stops = [i for i in (text.find(mark, at) for mark in "。；") if i >= 0]
    return text[start : min(stops, default=len(text))]
