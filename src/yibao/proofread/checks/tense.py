"""预计, 将, 拟 for a period that was over when the report was written; 今年, 截至目前 left over from another text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yibao.proofread.checks.passages import Passage, passages
from yibao.proofread.document import Table
from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.reading import FileReading, Reading

MAX_LEFTOVERS = 5  #: places of one document that are told
_FORWARD = re.compile(
    r"(?P<word>预计|预期|力争|计划|拟|将)(?P<when>(?:在|于|到|至)?(?:(?P<y>20\d{2})年)?(?:(?P<m>1[0-2]|[1-9])月(?:底|末|份|\d{1,2}日)?|年底|年末|全年)(?:前|之前|以前)?)"
)
_FUTURE_SECTION = re.compile(
    r"下一步|下步|明年|计划|规划|打算|公开|应用|改进|措施|建议|展望|思路|目标|安排|预算编制|重点工作任务"
)
_FUTURE_WORDS = re.compile(r"下一步|明年|下一年|次年|目标|根据.{0,20}(?:计划|方案)|原计划|按照计划|年初计划")
_GOAL_CELL = re.compile(r"目标|指标值|计划")
_NOW = re.compile(
    r"(?<!到)(?:从|自)?今年(?!以来的政策)|截[至止](?:到)?目前|截[至止](?:到)?(?P<m>\d{1,2})月(?:底|末|份|\d{1,2}日)?"
)


def run(reading: Reading) -> Iterator[Check]:
    for file in reading.files:
        if file.profile.closed and file.profile.year is not None:
            yield from _forward(file, file.profile.year)
            yield from _leftovers(file, file.profile.year)


def _forward(file: FileReading, year: int) -> Iterator[Check]:
    """The year is over, yet the text expects something for its end."""
    for passage in passages(file):
        if _speaks_of_the_future(passage):
            continue
        for m in _FORWARD.finditer(passage.text):
            sentence = _sentence(passage.text, m.start())
            named = int(m["y"]) if m["y"] else None
            if (
                (named is not None and named != year)
                or _names_later_year(sentence, year)
                or _FUTURE_WORDS.search(sentence)
            ):
                continue
            if m["word"] in ("计划", "将", "拟") and (named is None or passage.is_cell):
                continue  # "将12月" and "计划全年" have other readings
            evidence = passage.cite(m.start(), _next_clause(passage.text, m.end()))
            message = f"{year}年度已经结束，仍写“{m.group()}”，疑旧稿未更新"
            yield Check("tense", Verdict.INCONSISTENT, evidence, m.group(), None, message, "疑旧稿未更新")


def _speaks_of_the_future(passage: Passage) -> bool:
    """A section on plans and publication, or the column of the goals."""
    table = passage.file.source.blocks[passage.block]
    if isinstance(table, Table):
        return bool(_GOAL_CELL.search(_header(passage, table) + passage.label))
    return any(_FUTURE_SECTION.search(title) for title in passage.section)


def _header(passage: Passage, table: Table) -> str:
    """The words right above a cell."""
    row, column = passage.row or 0, passage.column or 0
    return "".join(table.spread(r, column) for r in range(max(0, row - 3), row))


def _next_clause(text: str, at: int) -> int:
    """Where the clause behind the words ends, so that the quote says what was expected."""
    stops = [i for i in (text.find(mark, at + 1) for mark in "，。；") if i >= 0]
    return min(min(stops, default=len(text)), at + 40)


def _names_later_year(sentence: str, year: int) -> bool:
    return any(int(y) > year for y in re.findall(r"(?<!\d)20\d{2}(?=年)", sentence))


def _sentence(text: str, at: int) -> str:
    start = max(text.rfind(mark, 0, at) for mark in "。；") + 1
    stop = text.find("。", at)
    return text[start : stop if stop >= 0 else len(text)]


def _leftovers(file: FileReading, year: int) -> Iterator[Check]:
    """Words of the running year in a report that looks back."""
    told = 0
    for passage in passages(file, cells=False):
        for m in _NOW.finditer(passage.text):
            if m["m"] and (m["m"] == "12" or _names_later_year(_sentence(passage.text, m.start()), year)):
                if m["m"] == "12":
                    yield Check(
                        "date",
                        Verdict.CONSISTENT,
                        passage.clause(m.start(), m.end()),
                        m.group(),
                        None,
                        "截止日期在年度末",
                    )
                continue
            if told < MAX_LEFTOVERS:
                told += 1
                message = f"{year}年度的报告里写“{m.group()}”，时点不明，疑用旧稿，请改成具体日期"
                yield Check(
                    "tense",
                    Verdict.SUSPICIOUS,
                    passage.clause(m.start(), m.end()),
                    m.group(),
                    None,
                    message,
                    severity=Severity.INFO,
                )
