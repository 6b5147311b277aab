"""Dates against the document's year: evaluated year < self-evaluation ≤ filling in ≤ signature ≤ publication; stale years."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from yibao.proofread.checks import years
from yibao.proofread.checks.passages import passages
from yibao.proofread.checks.stamps import Impossible, Stamp, read_stamps
from yibao.proofread.findings import Check, Evidence, Severity, Verdict
from yibao.proofread.reading import FileReading, Reading

NEAR_YEAR_END = 12  #: month from which an evaluation within the year is only suspicious
_EVALUATED = re.compile(r"自评|绩效评价|评价工作")
_DONE = re.compile(r"开展|进行|组织|实施|完成")
_NOT_EVALUATION = re.compile(r"监控|申报|事前|培训|目标编制|下达|印发")
_ITS_YEAR = re.compile(
    r"(?:对|就)?[^，。；]{0,12}?(20\d{2})年度?的?(?:部门|单位|预算|项目|财政)?(?:整体|项目|支出|绩效|预算)"
)
_LAST_YEAR = re.compile(r"上年|上一年|去年")
_FILLED = re.compile(
    r"(?P<label>填[报表写](?:日期|时间)|报告日期|编制日期|自评(?:日期|时间)|评价(?:日期|时间)|填报日期)：?"
)
_NO_YEAR = re.compile(r"(?P<m>\d{1,2})[./-](?P<d>\d{1,2})(?![\d.年])")
_GOALS = re.compile(r"目标申报|绩效目标表|目标批复|申报表")
_PUBLISHED = re.compile(r"^(?:之前|前|左右|以前|内)?[^。；]{0,24}?(?:公开|公示|公布|发布)")
_PUBLISHED_AT = re.compile(r"(?:公开|公示|发布)(?:时间|日期)：?$")
_SIGNED = re.compile(r"20\d{2}年\d{1,2}月(?:\d{1,2}日)?")
_QUOTED = re.compile(r"《[^》]*》")


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of the document with its place and what it dates."""

    stamp: Stamp
    evidence: Evidence
    label: str = ""


def run(reading: Reading) -> Iterator[Check]:
    for file in reading.files:
        yield from _calendar(file)
        yield from _order(file)
        yield from years.of_file(file)


def _calendar(file: FileReading) -> Iterator[Check]:
    """Dates that do not exist, and spans that end before they begin."""
    for passage in passages(file):
        for stamp in read_stamps(passage.text, file.profile.year):
            evidence = passage.clause(stamp.start, stamp.end)
            if isinstance(stamp, Impossible):
                if _surely_a_date(stamp.text):
                    yield Check(
                        "date", Verdict.INCONSISTENT, evidence, stamp.text, None, f"“{stamp.text}”不是存在的日期"
                    )
            elif stamp.last < stamp.first:
                sure = stamp.text.count("年") == 2
                message = f"“{stamp.text}”起止颠倒"
                yield Check(
                    "date",
                    Verdict.INCONSISTENT,
                    evidence,
                    stamp.text,
                    None,
                    message,
                    severity=None if sure else Severity.WARNING,
                )
    yield from _restated(file)


def _restated(file: FileReading) -> Iterator[Check]:
    """A day printed without its year that stands elsewhere with it: both name one event."""
    year = file.profile.year
    found = [(p, s) for p in passages(file) for s in read_stamps(p.text, year) if isinstance(s, Stamp) and s.exact]
    full = {
        (s.first.month, s.first.day): p.clause(s.start, s.end)
        for p, s in found
        if s.year_known and s.first.year == year
    }
    for passage, stamp in found:
        there = full.get((stamp.first.month, stamp.first.day))
        if not stamp.year_known and there is not None:
            evidence = passage.clause(stamp.start, stamp.end)
            yield Check("date", Verdict.CONSISTENT, evidence, stamp.text, None, "与前文所述日期一致", related=(there,))


def _surely_a_date(text: str) -> bool:
    """2月30日 and 2025年13月 are meant as dates; 2025-30-1 may be a number of something."""
    return "月" in text and (("年" in text) or text.endswith("日"))


def _order(file: FileReading) -> Iterator[Check]:
    year = file.profile.year
    if year is None or not file.profile.closed:
        return
    activities = list(_activities(file, year))
    filled = list(_filled(file))
    signed = _signature(file)
    yield from (check for check, _ in activities)
    yield from _fill_dates(file, filled, signed, year)
    yield from _signature_check(file, signed, year)
    yield from _publications(file, signed, [dated for _, dated in activities], year)


def _activities(file: FileReading, year: int) -> Iterator[tuple[Check, Dated]]:
    """Sentences that say when the self-evaluation was made."""
    sure = years.year_is_sure(file, year)
    for passage in passages(file):
        for sentence, offset in _sentences(passage.text):
            if not (_EVALUATED.search(sentence) and _DONE.search(sentence)) or _NOT_EVALUATION.search(sentence):
                continue
            quoted = [m.span() for m in _QUOTED.finditer(sentence)]
            for stamp in read_stamps(sentence, year):
                if (
                    isinstance(stamp, Impossible)
                    or not stamp.year_known
                    or any(a <= stamp.start < b for a, b in quoted)
                ):
                    continue
                if _PUBLISHED.match(sentence[stamp.end :]) or not re.search(
                    r"(?:^|[，于在自从至日；是为]|时间：?)$", sentence[: stamp.start]
                ):
                    continue
                evidence = passage.clause(offset + stamp.start, offset + stamp.end)
                yield _activity(sentence, stamp, year, sure, evidence), Dated(stamp, evidence)


def _activity(sentence: str, stamp: Stamp, year: int, sure: bool, evidence: Evidence) -> Check:
    named = _ITS_YEAR.search(sentence, stamp.end)
    evaluated = int(named[1]) if named else year - 1 if _LAST_YEAR.search(sentence) else year
    if stamp.last > date(evaluated, 12, 31):
        return Check("date", Verdict.CONSISTENT, evidence, stamp.text, None, f"{evaluated}年度结束之后开展自评")
    message = f"{evaluated}年度的自评不可能在“{stamp.text}”进行，年度尚未结束"
    late = stamp.last.year == evaluated and stamp.last.month >= NEAR_YEAR_END
    cause = "疑改旧稿时漏改年份"
    expected = stamp.text.replace(str(stamp.first.year), str(evaluated + 1), 1)
    if late:
        return Check("date", Verdict.SUSPICIOUS, evidence, stamp.text, None, message)
    severity = None if sure or named else Severity.WARNING
    return Check("date", Verdict.INCONSISTENT, evidence, stamp.text, expected, message, cause, severity=severity)


def _filled(file: FileReading) -> Iterator[Dated]:
    """填报日期 of the report and of its forms."""
    for passage in passages(file):
        if _GOALS.search(passage.place.table or ""):
            continue
        for m in _FILLED.finditer(passage.text):
            after = passage.text[m.end() : m.end() + 24]
            stamp = next((s for s in read_stamps(after) if isinstance(s, Stamp) and s.start == 0), None)
            if stamp is not None:
                evidence = passage.cite(m.start(), m.end() + stamp.end)
                yield Dated(stamp, evidence, m["label"])
            elif (bare := _NO_YEAR.match(after)) is not None and 1 <= int(bare["m"]) <= 12:
                day = date(1900, int(bare["m"]), 1)
                yield Dated(
                    Stamp(day, day, 0, bare.end(), bare.group(), False),
                    passage.cite(m.start(), m.end() + bare.end()),
                    m["label"],
                )


def _fill_dates(file: FileReading, filled: Sequence[Dated], signed: Dated | None, year: int) -> Iterator[Check]:
    for dated in filled:
        stamp, label = dated.stamp, dated.label
        if not stamp.year_known:
            message = f"{label}“{stamp.text}”只有月日，没有年份"
            group = f"undated:{file.source.path}"
            yield Check(
                "date",
                Verdict.SUSPICIOUS,
                dated.evidence,
                stamp.text,
                None,
                message,
                severity=Severity.INFO,
                group=group,
            )
        elif stamp.last <= date(year, 12, 31):
            message = f"{label}“{stamp.text}”早于{year}年度结束"
            expected = stamp.text.replace(str(stamp.first.year), str(year + 1), 1) if stamp.first.year == year else None
            severity = None if years.year_is_sure(file, year) else Severity.WARNING
            evidence, others = dated.evidence, _others(dated, filled)
            yield Check(
                "date", Verdict.INCONSISTENT, evidence, stamp.text, expected, message, "疑年份写错", others, severity
            )
        elif signed is not None and stamp.first > signed.stamp.last:
            message = f"{label}“{stamp.text}”晚于报告落款日期“{signed.stamp.text}”"
            group = f"after-signature:{file.source.path}"
            yield Check(
                "date",
                Verdict.SUSPICIOUS,
                dated.evidence,
                stamp.text,
                None,
                message,
                related=(signed.evidence,),
                group=group,
            )
        else:
            yield Check("date", Verdict.CONSISTENT, dated.evidence, stamp.text, None, f"{label}在{year}年度结束之后")


def _others(dated: Dated, filled: Sequence[Dated]) -> tuple[Evidence, ...]:
    return tuple(d.evidence for d in filled if d.stamp.last > dated.stamp.last)[:4]


def _signature(file: FileReading) -> Dated | None:
    """The last date that stands alone on its line: the signature, or the date on the cover."""
    found: Dated | None = None
    for passage in passages(file, cells=False):
        if _SIGNED.fullmatch(passage.text):
            stamp = next((s for s in read_stamps(passage.text) if isinstance(s, Stamp)), None)
            if stamp is not None:
                found = Dated(stamp, passage.cite(0, len(passage.text)), "落款日期")
    return found


def _signature_check(file: FileReading, signed: Dated | None, year: int) -> Iterator[Check]:
    if signed is None:
        return
    if signed.stamp.last > date(year, 12, 31):
        yield Check("date", Verdict.CONSISTENT, signed.evidence, signed.stamp.text, None, f"落款在{year}年度结束之后")
        return
    sure = str(year) in file.profile.title and signed.stamp.last.month < NEAR_YEAR_END
    message = f"落款“{signed.stamp.text}”早于{year}年度结束"
    severity = None if sure else Severity.WARNING
    yield Check(
        "date", Verdict.INCONSISTENT, signed.evidence, signed.stamp.text, None, message, "疑年份写错", severity=severity
    )


def _publications(file: FileReading, signed: Dated | None, activities: Sequence[Dated], year: int) -> Iterator[Check]:
    """将于…前公开: not before the signature, and after the evaluation."""
    for passage in passages(file, cells=False):
        for stamp in read_stamps(passage.text, year):
            if isinstance(stamp, Impossible) or not stamp.year_known:
                continue
            before, after = passage.text[max(0, stamp.start - 12) : stamp.start], passage.text[stamp.end :]
            published = _PUBLISHED.match(after) if re.search(r"[于在]$|时间：?$", before) else None
            if published is None and not _PUBLISHED_AT.search(before):
                continue
            evidence = passage.clause(stamp.start, stamp.end + (published.end() if published else 0))
            yield _publication(stamp, evidence, signed, activities, year)


def _publication(
    stamp: Stamp, evidence: Evidence, signed: Dated | None, activities: Sequence[Dated], year: int
) -> Check:
    if signed is not None and stamp.last < signed.stamp.first and signed.stamp.last > date(year, 12, 31):
        message = f"公开日期“{stamp.text}”早于落款日期“{signed.stamp.text}”"
        return Check(
            "date",
            Verdict.INCONSISTENT,
            evidence,
            stamp.text,
            None,
            message,
            related=(signed.evidence,),
            severity=Severity.WARNING,
        )
    same = next((d for d in activities if d.stamp.last == stamp.last), None)
    if same is not None:
        message = f"公开期限“{stamp.text}”就是自评结束的日期“{same.stamp.text}”"
        return Check("date", Verdict.SUSPICIOUS, evidence, stamp.text, None, message, related=(same.evidence,))
    if stamp.last <= date(year, 12, 31):
        message = f"公开日期“{stamp.text}”早于{year}年度结束"
        return Check(
            "date", Verdict.INCONSISTENT, evidence, stamp.text, None, message, "疑年份写错", severity=Severity.WARNING
        )
    return Check("date", Verdict.CONSISTENT, evidence, stamp.text, None, "公开在评价年度结束之后")


def _sentences(text: str) -> Iterator[tuple[str, int]]:
    start = 0
    for m in re.finditer(r"[。！？]|$", text):
        if m.start() > start:
            yield text[start : m.start()], start
        start = m.end()
