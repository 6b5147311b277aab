"""The words that all outputs share: names of severities and verdicts, a place in words, a quote of bearable length.

Quotes come from hostile documents: `one_line` takes out what could steer a terminal or turn the reading direction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath

from yibao.proofread.document import Place
from yibao.proofread.findings import Finding, Report, Severity, Verdict
from yibao.proofread.kinds import load_kinds

SEVERITY_NAME = {Severity.ERROR: "错误", Severity.WARNING: "提醒", Severity.INFO: "提示"}
VERDICT_NAME = {
    Verdict.CONSISTENT: "一致",
    Verdict.ROUNDING: "舍入",
    Verdict.INCONSISTENT: "矛盾",
    Verdict.SUSPICIOUS: "存疑",
    Verdict.UNCHECKABLE: "无法核对",
}
_LOUDNESS = {severity: i for i, severity in enumerate(Severity)}
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)
_NUMBER = re.compile(r"[-−]?[0-9０-９][0-9０-９.,．，%％‰]*(?:亿|万)?(?:元|人|家|%|％)?")
MAX_EXPECTED = 60  #: characters; a longer repair is a list, and printed once
_STOPS = "，。；：、！？）”\n｜ "


def printable(text: str) -> str:
    """The text without control characters, bidirectional overrides and lone surrogates."""
    return _UNPRINTABLE.sub("", text)


def one_line(text: str) -> str:
    """A quote on one line: cells divided by ｜, blanks folded.

    >>> one_line("合计\\t\\t7.80\\n  其中")
    '合计｜｜7.80 其中'
    """
    return re.sub(r"\s+", " ", re.sub(r" *\t *", "｜", printable(text).strip(" \n"))).strip()


def excerpt(quote: str, focus: str = "", limit: int = 110) -> str:
    """The quote on one line, cut around `focus` where it is longer than `limit`; never inside a number.

    >>> excerpt("一二三四五六七八九十，全年支出1234.56万元，甲乙丙丁戊己庚辛壬癸", "1234.56万元", 20)
    '…全年支出1234.56万元…'
    """
    text = one_line(quote)
    if len(text) <= limit:
        return text
    middle = _middle(text, one_line(focus))
    start = max(0, min(middle - limit // 2, len(text) - limit))
    end = min(len(text), start + limit)
    start, end = _outside_numbers(text, _back_to_stop(text, start, end), _forth_to_stop(text, start, end))
    return ("…" if start else "") + text[start:end].strip(_STOPS if start else " ") + ("…" if end < len(text) else "")


def _middle(text: str, focus: str) -> int:
    at = text.find(focus) if focus else -1
    if at < 0 and (number := _NUMBER.search(focus)):
        at = text.find(number[0])
    return max(at, 0) + len(focus) // 2


def _back_to_stop(text: str, start: int, end: int) -> int:
    """Begin after a punctuation mark where one is near, so that the excerpt starts with a clause."""
    if start == 0:
        return 0
    room = (end - start) // 3
    return next((i + 1 for i in range(start, start + room) if text[i] in _STOPS), start)


def _forth_to_stop(text: str, start: int, end: int) -> int:
    if end >= len(text):
        return len(text)
    room = (end - start) // 3
    return next((i for i in range(end, end - room, -1) if text[i] in _STOPS), end)


def _outside_numbers(text: str, start: int, end: int) -> tuple[int, int]:
    for number in _NUMBER.finditer(text):
        if number.start() < start < number.end():
            start = number.start()
        if number.start() < end < number.end():
            end = number.end()
    return start, end


def place_words(place: Place, file: bool = False, near: Place | None = None) -> str:
    """Where something stands, for a reader: file (if asked), page, section, table, row, column or paragraph.

    What it shares with `near`, a place named just before, is not said again.
    """
    near = near if near and near.file == place.file else None
    if near and near.block == place.block:
        if place.row is not None:
            return " · ".join(["同表", *filter(None, list(_cell_words(place))[1:])])
        if place.table is None:
            return "同段"
    same_section = near is not None and near.section == place.section
    parts = [
        file_name(place.file) if file else "",
        f"第{place.page}页" if place.page is not None else "",
        "" if same_section else " / ".join(excerpt(s, limit=24) for s in place.section),
        *_cell_words(place),
    ]
    return " · ".join(part for part in parts if part) or file_name(place.file)


def _cell_words(place: Place) -> Iterable[str]:
    if place.row is None and place.table is None:
        return [f"第{place.paragraph}段" if place.paragraph is not None else ""]
    return [
        f"表“{excerpt(place.table, limit=30)}”" if place.table else "表格",
        _axis("行", place.row, place.row_label),
        _axis("列", place.column, place.column_label),
        f"单元格{place.address}" if place.address else "",
    ]


def _axis(name: str, index: int | None, label: str | None) -> str:
    number = "" if index is None else f"第{index + 1}{name}"
    return f"{number}“{excerpt(label, limit=24)}”" if label else number


def file_name(path: str) -> str:
    """The last part of a path, whichever system wrote it."""
    return printable(PurePath(path.replace("\\", "/")).name or path)


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Errors first, then warnings, then hints; within each in the order of the document."""
    return sorted(findings, key=lambda f: (_LOUDNESS[f.severity], _reading_order(f.evidence.place)))


def _reading_order(place: Place) -> tuple[str, int, int, int, int]:
    return (place.file, place.block, place.row or 0, place.column or 0, place.start or 0)


def count_severities(reports: Iterable[Report]) -> dict[Severity, int]:
    counts = dict.fromkeys(Severity, 0)
    for report in reports:
        for finding in report.findings:
            counts[finding.severity] += 1
    return counts


def count_verdicts(report: Report) -> dict[str, dict[Verdict, int]]:
    """For every kind of check made, how many ended in each verdict; kinds in the order of the kinds' catalogue."""
    order = {kind: i for i, kind in enumerate(load_kinds())}
    counts: dict[str, dict[Verdict, int]] = {}
    for check in report.checks:
        counts.setdefault(check.kind, dict.fromkeys(Verdict, 0))[check.verdict] += 1
    return dict(sorted(counts.items(), key=lambda item: (order.get(item[0], len(order)), item[0])))


#: kinds that hold two printings of one figure against each other: neither is proven, the other is what it must agree with
_TWO_PRINTINGS = frozenset(
    (
        "text_vs_text",
        "text_vs_table",
        "table_vs_text",
        "table_vs_table",
        "cross",
        "weight_text_vs_table",
        "filed_vs_published",
    )
)


def expected_label(finding: Finding) -> str:
    """How the other value is introduced: what should stand there, or what stands elsewhere."""
    return "另一处为" if finding.kind in _TWO_PRINTINGS else "应为"


def expected_words(finding: Finding) -> str:
    """What should stand there, and what does: "75%（文中为 85%）". "" if unknown, or if long and in the message."""
    expected, stated = one_line(finding.expected or ""), one_line(finding.stated)
    if not expected or (len(expected) > MAX_EXPECTED and expected in one_line(finding.message)):
        return ""
    return f"{expected}（文中为 {stated}）" if stated and len(stated) <= MAX_EXPECTED else expected
