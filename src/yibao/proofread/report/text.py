"""The report for a clerk at a terminal, or in a text file: findings first, then the list of everything checked.

Lines are built as Rich `Text`, never as markup, so nothing in a document is taken for a command; without a terminal the
same lines come out plain. Chinese is wrapped by display width; a number is never divided between two lines.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from yibao.proofread.findings import Finding, Report, Severity, Verdict
from yibao.proofread.kinds import kind_name
from yibao.proofread.report.words import (
    SEVERITY_NAME,
    VERDICT_NAME,
    count_severities,
    count_verdicts,
    excerpt,
    expected_label,
    expected_words,
    file_name,
    one_line,
    ordered,
    place_words,
    printable,
)

COLOUR = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}
WIDTH = (60, 100)  #: cells: the narrowest and the widest line we set
LABEL = 10  #: cells of the label column
MAX_RELATED = 6
MAX_NOT_RUN = 20
_TOKEN = re.compile(r"[A-Za-z0-9０-９.,%‰％/:_+−-]{1,40}|.", re.DOTALL)
_NOT_FIRST = "，。；：、！？）》”』】」…％%"
_NOT_LAST = "（《“『【「"


def print_text(reports: Sequence[Report], console: Console) -> None:
    """Print the reports one after the other, colours only where the console has them."""
    width = min(max(console.width, WIDTH[0]), WIDTH[1])
    for i, report in enumerate(reports):
        if i:
            console.print()
        for line in _lines(report, width):
            console.print(line, soft_wrap=True)
    if len(reports) > 1:
        console.print()
        console.print(Text(f"共 {len(reports)} 个文件：{_counts(reports)}。", "bold"), soft_wrap=True)


def render_text(reports: Sequence[Report], width: int = 80) -> str:
    """The same as plain text, for a file."""
    out = io.StringIO()
    print_text(reports, Console(file=out, width=width, color_system=None, force_terminal=False, legacy_windows=False))
    return out.getvalue()


def _lines(report: Report, width: int) -> Iterator[Text]:
    yield Text("━" * width, "blue")
    yield from _header(report, width)
    yield Text("━" * width, "blue")
    for number, finding in enumerate(ordered(report.findings), start=1):
        yield Text()
        yield from _finding(number, finding, report.path, width)
    yield Text()
    yield from _ledger(report, width)
    if report.not_run:
        yield Text()
        yield from _not_run(report, width)


def _header(report: Report, width: int) -> Iterator[Text]:
    facts = {
        "文件": file_name(report.path),
        "标题": report.title,
        "文种": report.kind,
        "年度": "" if report.year is None else f"{report.year}年",
        "单位": report.bureau,
    }
    for label, value in facts.items():
        yield from _field(label, one_line(value) or "（未识别）", width, indent=1)
    yield from _field("结果", f"{_counts([report])}；共核对 {len(report.checks)} 项。", width, indent=1, style="bold")


def _counts(reports: Sequence[Report]) -> str:
    counts = count_severities(reports)
    if not any(counts.values()):
        return "未发现问题"
    return "，".join(f"{SEVERITY_NAME[severity]} {n} 条" for severity, n in counts.items())


def _finding(number: int, finding: Finding, path: str, width: int) -> Iterator[Text]:
    title = Text(f"{number}. ", "bold")
    title.append(f"【{SEVERITY_NAME[finding.severity]}】", COLOUR[finding.severity])
    title.append(kind_name(finding.kind), "bold")
    yield title
    fields = {
        "位置": place_words(finding.evidence.place, file=finding.evidence.place.file != path),
        "原文": f"「{excerpt(finding.evidence.quote, finding.stated)}」",
        "说明": printable(finding.message),
        expected_label(finding): expected_words(finding),
        "可能原因": printable(finding.cause),
    }
    for label, value in fields.items():
        yield from _field(label, value, width)
    yield from _related(finding, path, width)


def _related(finding: Finding, path: str, width: int) -> Iterator[Text]:
    related = finding.related
    for i, evidence in enumerate(related[:MAX_RELATED]):
        where = place_words(evidence.place, file=evidence.place.file != path, near=finding.evidence.place)
        yield from _field("" if i else "相关", f"· 「{excerpt(evidence.quote, limit=60)}」（{where}）", width)
    if len(related) > MAX_RELATED:
        yield from _field("", f"· 另有 {len(related) - MAX_RELATED} 处", width)


def _field(label: str, value: str, width: int, indent: int = 3, style: str = "") -> Iterator[Text]:
    for i, line in enumerate(wrap(value, width - indent - LABEL)):
        text = Text(" " * indent)
        text.append(pad("" if i else label, LABEL), "dim")
        text.append(line, style)
        yield text


def _ledger(report: Report, width: int) -> Iterator[Text]:
    """Every kind of check with its verdicts: what was looked at, also where nothing was found."""
    yield Text(_rule("核对清单", width), "blue")
    counts = count_verdicts(report)
    if not counts:
        yield Text(" 没有可以核对的内容。")
        return
    yield Text(_row("核对种类", list(VERDICT_NAME.values()), width), "dim")
    for kind, verdicts in counts.items():
        yield Text(_row(kind_name(kind), [str(verdicts[v] or "·") for v in Verdict], width))
    totals = [sum(verdicts[v] for verdicts in counts.values()) for v in Verdict]
    yield Text(_row("合计", [str(n) for n in totals], width), "bold")


def _not_run(report: Report, width: int) -> Iterator[Text]:
    yield Text(_rule("未进行的核对（不等于通过）", width), "blue")
    reasons: dict[str, list[str]] = {}
    for item in report.not_run:
        names = reasons.setdefault(one_line(item.reason), [])
        if kind_name(item.kind) not in names:
            names.append(kind_name(item.kind))
    for reason, names in list(reasons.items())[:MAX_NOT_RUN]:
        for i, line in enumerate(wrap(f"{'、'.join(names)}：{reason}", width - 3)):
            yield Text(("   " if i else " · ") + line)
    if len(reasons) > MAX_NOT_RUN:
        yield Text(f" · 另有 {len(reasons) - MAX_NOT_RUN} 项，见 JSON 或网页报告。")


def _row(name: str, values: Sequence[str], width: int) -> str:
    cells = 10 if width >= 75 else 8
    return (
        " " + pad(name, min(24, width - 1 - cells * len(values))) + "".join(pad(v, cells, right=True) for v in values)
    )


def _rule(title: str, width: int) -> str:
    return f"── {title} " + "─" * max(0, width - cell_len(title) - 4)


def pad(text: str, cells: int, right: bool = False) -> str:
    """The text filled with blanks to a width in cells, two for a Chinese character."""
    blanks = " " * max(0, cells - cell_len(text))
    return blanks + text if right else text + blanks


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells. Numbers and words stay whole, and no line begins with a closing mark.

    >>> wrap("全年预算1234.56万元，执行", 12)
    ['全年预算', '1234.56万', '元，执行']
    """
    lines: list[str] = []
    for part in text.splitlines():
        line: list[str] = []
        used = 0
        for token in _TOKEN.findall(part):
            if line and used + cell_len(token) > width:
                carried = _carried(line, token)
                lines.append("".join(line).rstrip())
                line, token = carried, token if carried else token.lstrip()
                used = sum(map(cell_len, line))
            line.append(token)
            used += cell_len(token)
        lines.append("".join(line).rstrip())
    return [line for line in lines if line]


def _carried(line: list[str], token: str) -> list[str]:
    """What leaves a full line with the next token: the character before a closing mark, or an opening mark."""
    carried: list[str] = []
    while len(line) > 1 and (token in _NOT_FIRST or line[-1] in _NOT_LAST):
        token = line.pop()
        carried.insert(0, token)
    return carried
