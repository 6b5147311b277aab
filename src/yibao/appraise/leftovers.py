"""What still looks like an older year: years, dates and typed numbers in words that were carried over.

`leftovers` walks through a new folder and points at everything that should be looked at; `older_years` is the careful
reader of a finished one: a clause that names an older year where the year's own is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from yibao.appraise.literal_yaml import BLANK_MARK
from yibao.appraise.sheet import Sheet

LONGEST = 40  #: characters of a clause that is quoted
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_QUOTE = re.compile(r"\{[^{}]*\}")
_FIXED = re.compile(r"\{[^{}]*@(\d{4})[^{}]*\}")
_DATE = re.compile(r"\d{1,2}\s*月\s*\d{1,2}\s*日|\d{1,2}\s*月(?:份|底|初|末)")
_NUMBER = re.compile(
    r"(?<![\d.])\d[\d,]*(?:\.\d+)?\s*(?:亿元|万元|元|%|％|‰|个百分点|万人次|万人|人次|人|家次|家|个(?!月)|名|户|件|起|次|例|辆|批次|分(?!组|类|析)|倍)"
)
_TARGET = re.compile(r"三级: (?P<name>[^,]+),.*?目标: (?P<target>[\d.,]+)(?=[,}])")
_CLAUSE = re.compile(r"[，。；：！？,;]")
_COMPARES = ("比", "同期", "较", "上年", "去年", "增", "降", "减", "结转", "以来", "起")
#: the bureau tells its own account of a whole year
_ACCOUNT = re.compile(
    r"^(?:本|我)(?:单位|部门|局).{0,4}(?:19|20)\d{2}年度?.{0,8}(?:无|没有|支出|收入|预算|决算|自评|评价)"
)
_OWN = ("年度", "全年", "年末", "年底", "本年")


@dataclass(frozen=True, slots=True)
class Leftover:
    """A line to look at."""

    place: str
    said: str


def leftovers(root: Path, year: int) -> Iterator[Leftover]:
    """Everything under `root` (DIR/figures) that names an older year, a date, or a number that was typed."""
    for file in sorted([*root.glob("*.yaml"), *root.glob("指标/*.yaml"), *root.glob("文字/*.md")]):
        shown = str(file.relative_to(root))
        for at, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            words = line if file.suffix == ".md" else re.sub(r"(?:^|\s)#.*", "", line)
            for said in dict.fromkeys(_looks_old(words, year, file.suffix == ".md")):
                yield Leftover(f"“{shown}”第 {at} 行", said)
    for file in sorted([*root.glob("指标/*"), *root.glob("文字/*")]):
        if any(int(found) < year for found in _YEAR.findall(file.name)):
            yield Leftover(f"“{file.relative_to(root)}”", "文件名写着以前的年度")


def _looks_old(line: str, year: int, prose: bool) -> Iterator[str]:
    for fixed in _FIXED.findall(line):
        yield f"引用固定写着 {fixed} 年，上年的数请写 {year - 1}"
    if BLANK_MARK in line and not prose:
        line = line.replace(BLANK_MARK, "")
    for clause in _CLAUSE.split(_QUOTE.sub("", line)):
        quoted = clause.strip()[:LONGEST]
        if old := [found for found in _YEAR.findall(clause) if int(found) < year]:
            yield f"写着 {'、'.join(dict.fromkeys(old))} 年：“{quoted}”"
        elif _DATE.search(clause):
            yield f"写着日期：“{quoted}”"
        elif prose and (number := _NUMBER.search(clause)):
            yield f"打字的数 {number.group()}：“{quoted}”，请改成引用，或核对后改正"
    if not prose and (target := _TARGET.search(line)):
        yield f"“{target['name']}”的目标 {target['target']} 沿用上年，请核对"


def older_years(words: str, year: int) -> Iterator[tuple[str, int]]:
    """Clauses that name an older year, compare nothing with it, and speak as of the year appraised.

    >>> list(older_years("2024年基金平稳运行，比2023年增长", 2025)), list(older_years("单位2019年成立", 2025))
    ([('2024年基金平稳运行', 2024)], [])
    """
    for clause in _CLAUSE.split(_QUOTE.sub("", words)):
        old = [int(found) for found in _YEAR.findall(clause) if int(found) < year]
        if not old or any(word in clause for word in _COMPARES):
            continue
        if max(old) == year - 1 or any(word in clause for word in _OWN):
            yield clause.strip(), max(old)


def surely_older(clause: str) -> bool:
    """Does a clause that names an older year give the bureau's own account of it?

    >>> surely_older("本单位2024年度无政府性基金预算支出"), surely_older("本单位2024年度获评先进")
    (True, False)
    """
    return _ACCOUNT.search(clause) is not None


def other_years(title: str, year: int) -> list[int]:
    """Years in a title that are not the appraised one: a title names no other year.

    >>> other_years("2024年度项目支出绩效自评表", 2025), other_years("2025年度自评表", 2025)
    ([2024], [])
    """
    return [found for found in map(int, _YEAR.findall(title)) if found != year]


def older_in_sheet(sheet: Sheet, year: int) -> Iterator[tuple[str, int]]:
    """The words of a form that name an older year."""
    words = [sheet.goals.expected, sheet.goals.reached, sheet.funds.reason]
    words += [text for row in sheet.indicators for text in (row.name, row.target, row.actual, row.why)]
    for text in dict.fromkeys(filter(None, words)):
        yield from older_years(text, year)
