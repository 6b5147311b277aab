"""Years that do not belong to the document: left over from last year's file, or carried over from too long ago."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from yibao.proofread.checks import odd_years
from yibao.proofread.checks.odd_years import sentence_at
from yibao.proofread.checks.passages import Passage, flat_tables, passages
from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.reading import FileReading

LONGEST_TITLE = 60  #: characters
LEAST_SAME = 3  #: sentences that open with the document's year before one with another year is told
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?=年|度)")
_CLOSED_TITLE = re.compile(
    r"整体支出绩效|绩效自评(?:报告|表)|绩效评价(?:报告|表)|基础数据表|支出绩效自评表|(?:部门|单位)决算|决算(?:编制)?(?:情况)?说明|决算公开|预决算收支|决算(?:总|明细)?表"
)
_BUDGET_TITLE = re.compile(r"(?:部门|单位)预算|预算(?:编制)?(?:情况)?说明|预算公开|预算(?:总|明细)?表|收支预算")
_NOT_TITLE = re.compile(
    r"上一篇|下一篇|相关|链接|下载|来源|\.(?:pdf|docx?|xlsx?|wps|et)|通知|办法|意见|方案|规定|《|结转|\d{4}年.*\d{4}年|目标"
)
_COMPARED = re.compile(
    r"上年|去年|较|相比|比|同期|历年|以来|结转|至20|-20|起|累计|调整为|改为|20\d{2}年.{0,200}20\d{2}年"
)
_STOCK = re.compile(r"数据|车辆|在职|编制|人员|固定资产|资产总额|保有量|参保|结余|设备")
_AS_OF = re.compile(r"截[至止](?:到)?(?P<y>20\d{2})年(?:12月(?:31日|底)?|末|底|年末|年底)")
_CARRIED = re.compile(
    r"结转(?:的|自)?(?P<y>20\d{2})年(?![^，。；]{0,4}(?:使用|支出))|(?P<y2>20\d{2})年(?:度)?结转(?!至|到|下年)"
)
_THAN = re.compile(
    r"比(?P<y>20\d{2})年(?:度)?(?P<what>(?:年初)?预算(?:执行)?数?|决算数?)?(?:有所)?(?P<verb>增加|减少|增长|下降|提高|降低|上升|持平|多|少)"
)
_PERIOD = re.compile(r"实施周期|实施期限|项目周期|项目期限|实施时间")
_BY_YEAR_END = re.compile(r"(?P<y>20\d{2})年12月(?:31日|底)?(?:前|之前|底)")
_NUMBERED = re.compile(r"（(?P<y>20\d{2})）第?\d{1,4}号")


def of_file(file: FileReading) -> Iterator[Check]:
    year = file.profile.year
    if year is None:
        return
    lines = list(passages(file))
    yield from _titles(file, lines, year)
    yield from _than_itself(file, lines, year)
    yield from odd_years.of_lines(lines, year, closed=file.profile.closed)
    if file.profile.closed:
        yield from _as_of(lines, year)
        yield from _carried(lines, year)
        yield from _documents(lines, year)
    else:
        yield from _periods(lines, year)


def _titles(file: FileReading, lines: Sequence[Passage], year: int) -> Iterator[Check]:
    """Titles and captions that name their own kind of document with another year."""
    words = _CLOSED_TITLE if file.profile.closed else _BUDGET_TITLE
    if file.profile.kind == "其他" or len(set(_YEAR.findall(file.profile.title))) > 1:
        return
    rows = flat_tables(file)
    titles = [
        p
        for p in lines
        if not p.is_cell and _is_title(p.text, words) and (p.block not in rows or not p.text[-1].isdigit())
    ]
    right = [p for p in titles if str(year) in p.text]
    for passage in titles:
        found = {int(y) for y in _YEAR.findall(passage.text)}
        if len(found) != 1 or year in found:
            continue
        wrong = found.pop()
        evidence = passage.head()
        message = f"标题年度为{wrong}，全文为{year}年度"
        expected = passage.text.replace(str(wrong), str(year))
        severity = None if right and wrong < year and year_is_sure(file, year) else Severity.WARNING
        related = tuple(p.head() for p in right[:2])
        yield Check(
            "date", Verdict.INCONSISTENT, evidence, passage.text, expected, message, "疑旧稿年份未改", related, severity
        )
    for passage in right[:3]:
        yield Check("date", Verdict.CONSISTENT, passage.head(), str(year), None, "标题年度与全文一致")


def year_is_sure(file: FileReading, year: int) -> bool:
    """The title says the year, or the text says it again and again: errors may be built on it."""
    if str(year) in file.profile.title:
        return True
    return sum(norm.text.count(f"{year}年度") for norm in file.norms.values()) >= LEAST_SAME


def _is_title(text: str, words: re.Pattern[str]) -> bool:
    return (
        8 <= len(text) <= LONGEST_TITLE
        and not re.search(r"[。；，]", text)
        and bool(words.search(text))
        and not _NOT_TITLE.search(text)
        and bool(_YEAR.search(text))
    )


def _as_of(lines: Sequence[Passage], year: int) -> Iterator[Check]:
    """截至12月31日: the end of the document's year, unless last year is spoken of."""
    for passage in lines:
        for m in _AS_OF.finditer(passage.text):
            found = int(m["y"])
            sentence = sentence_at(passage.text, m.start())
            evidence = passage.clause(m.start(), m.end())
            if found == year:
                yield Check("date", Verdict.CONSISTENT, evidence, m.group(), None, f"截止日期在{year}年度末")
            elif found > year or (
                year - 3 <= found < year
                and _STOCK.search(sentence)
                and str(year) not in sentence
                and not _COMPARED.search(sentence.replace("截至", ""))
            ):
                message = f"截止日期为{found}年末，本文是{year}年度"
                expected = m.group().replace(str(found), str(year))
                yield Check(
                    "date",
                    Verdict.INCONSISTENT,
                    evidence,
                    m.group(),
                    expected,
                    message,
                    "疑旧稿年份未改",
                    severity=Severity.WARNING,
                )
        for m in _BY_YEAR_END.finditer(passage.text):
            if int(m["y"]) == year:
                yield Check(
                    "date",
                    Verdict.CONSISTENT,
                    passage.clause(m.start(), m.end()),
                    m.group(),
                    None,
                    f"期限在{year}年度内",
                )


def _carried(lines: Sequence[Passage], year: int) -> Iterator[Check]:
    for passage in lines:
        for m in _CARRIED.finditer(passage.text):
            found = int(m["y"] or m["y2"])
            if found <= year - 2 and year - found < 10:
                message = f"{year}年度的支出写明结转自{found}年，跨了{year - found}年，请核实年份或说明原因"
                yield Check("date", Verdict.SUSPICIOUS, passage.clause(m.start(), m.end()), m.group(), None, message)


def _than_itself(file: FileReading, lines: Sequence[Passage], year: int) -> Iterator[Check]:
    """A budget compared with the budget of its own year; a year compared with itself."""
    found = [(p, m) for p in lines for m in _THAN.finditer(p.text)]
    other = any(int(m["y"]) == year - 1 for _, m in found)
    for passage, m in found:
        if int(m["y"]) != year or (file.profile.closed and m["what"]):
            continue
        if file.profile.closed and str(year) not in sentence_at(passage.text, m.start())[:12]:
            continue
        message = f"{year}年的数与{year}年自身比较，应为与{year - 1}年比较"
        expected = m.group().replace(str(year), str(year - 1))
        severity = None if other and not file.profile.closed else Severity.WARNING
        evidence = passage.clause(m.start(), m.end())
        group = f"than-itself:{file.source.path}"
        yield Check(
            "date",
            Verdict.INCONSISTENT,
            evidence,
            m.group(),
            expected,
            message,
            "疑旧稿年份未改",
            severity=severity,
            group=group,
        )


def _periods(lines: Sequence[Passage], year: int) -> Iterator[Check]:
    """The period of a project in this year's budget that ended before the year."""
    for passage in lines:
        if not any(_PERIOD.search(title) for title in passage.section[-1:]) and not _PERIOD.search(passage.text[:12]):
            continue
        found = [int(y) for y in re.findall(r"(?<!\d)(20\d{2})(?=[年.\-/])", passage.text)]
        if not found or len(passage.text) > LONGEST_TITLE:
            continue
        if max(found) < year:
            message = f"{year}年预算的项目，实施周期写的是{max(found)}年"
            yield Check(
                "date",
                Verdict.INCONSISTENT,
                passage.head(),
                passage.text,
                None,
                message,
                "疑旧稿年份未改",
                severity=Severity.WARNING,
            )
        elif year in found:
            yield Check("date", Verdict.CONSISTENT, passage.head(), passage.text, None, f"实施周期含{year}年")


def _documents(lines: Sequence[Passage], year: int) -> Iterator[Check]:
    """The notice that orders the evaluation is numbered in the evaluated year or the year after."""
    for passage in lines:
        for m in _NUMBERED.finditer(passage.text):
            if (
                re.search(r"自评|绩效评价|决算", passage.text[max(0, m.start() - 50) : m.start()])
                and year <= int(m["y"]) <= year + 1
            ):
                start = max(0, m.start() - 4)
                yield Check(
                    "date",
                    Verdict.CONSISTENT,
                    passage.cite(start, m.end()),
                    m.group(),
                    None,
                    "通知文号年份与评价年度相符",
                )
