"""一是…二是…三是… inside a paragraph or a section, and 1.… 2.… 3.… inside a sentence or a cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from yibao.proofread.checks.contents import find_contents
from yibao.proofread.checks.passages import Passage, flat_tables, passages
from yibao.proofread.checks.runs import Break, BreakKind, Item, walk
from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.outline import LEVEL, chinese_number, chinese_numeral, read_mark
from yibao.proofread.reading import FileReading, Reading

LEAST_INLINE = 3  #: numbers a list inside a sentence has at least
_ORDINAL = re.compile(
    r"(?:^|(?<=[，。；：！？、）\"'\n]))(?P<n>[一二三四五六七八九十]{1,2})(?P<word>是|要)(?=[\u4e00-\u9fff\"'（])"
)
_INLINE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("1.", re.compile(r"(?P<n>\d{1,2})(?:、|\.(?!\d))")),
    ("（1）", re.compile(r"（(?P<n>\d{1,2})）")),
    ("①", re.compile(r"(?P<n>[①-⑳])")),
    ("（一）", re.compile(r"（(?P<n>[一二三四五六七八九十]{1,2})）")),
)
_BEFORE_INLINE = "，。；：、！？）\"'"


def run(reading: Reading) -> Iterator[Check]:
    for file in reading.files:
        yield from _ordinals(file)
        yield from _inline(file)


def _ordinals(file: FileReading) -> Iterator[Check]:
    """Breaks of 一是、二是 within a scope: the paragraphs from one numbered paragraph to the next."""
    section: list[Passage] = []
    for passage in passages(file):
        mark = read_mark(passage.text) if not passage.is_cell else None
        if (mark is not None and LEVEL[mark.style] <= LEVEL["一、"]) or passage.is_cell:
            yield from _of_section(section)
            section = []
        section.append(passage)
    yield from _of_section(section)


def _of_section(section: Sequence[Passage]) -> Iterator[Check]:
    for word in ("是", "要"):
        carried: int | None = None
        for scope in _scopes(section):
            items = [item for passage in scope for item in _ordinal_items(passage, word)]
            carried_on = bool(items) and carried is not None and items[0].number == carried + 1
            yield from _judged(scope, items, carried_on)
            carried = items[-1].number if items else carried


def _scopes(section: Sequence[Passage]) -> Iterator[list[Passage]]:
    scope: list[Passage] = []
    for passage in section:
        if scope and not passage.is_cell and read_mark(passage.text) is not None:
            yield scope
            scope = []
        scope.append(passage)
    if scope:
        yield scope


def _ordinal_items(passage: Passage, word: str) -> Iterator[Item]:
    for m in _ORDINAL.finditer(passage.text):
        number = chinese_number(m["n"])
        if m["word"] == word and number:
            yield Item(word, number, m.group(), "", (passage.block, m.start()), passage.clause(m.start(), m.end() + 1))


def _judged(scope: Sequence[Passage], items: list[Item], carried_on: bool) -> Iterator[Check]:
    if not items:
        return
    runs, breaks = walk(items, nests=True)
    text = "".join(_behind_mark(p) for p in scope)
    failed = False
    for broken in breaks:
        if (broken.kind is BreakKind.ORPHAN and carried_on) or _otherwise(text, broken):
            continue
        failed = True
        yield _broken(broken, scope[0])
    lone = len(runs) == 1 and len(items) == 1 and items[0].number == 1
    if lone and not _otherwise_second(text):
        yield Check(
            "structure",
            Verdict.SUSPICIOUS,
            items[0].evidence,
            items[0].label,
            None,
            "只有“一是”，没有“二是”",
            severity=Severity.INFO,
        )
    elif not failed and any(len(r.items) >= 3 for r in runs):
        first = max(runs, key=lambda r: len(r.items)).items[0]
        yield Check("structure", Verdict.CONSISTENT, first.evidence, first.label, None, "“一是、二是……”次序连续")


def _behind_mark(passage: Passage) -> str:
    mark = read_mark(passage.text)
    return passage.text[mark.end :] if mark else passage.text


def _otherwise(text: str, broken: Break) -> bool:
    """The ordinal that seems missing is worded in another way."""
    awaited = (
        broken.before.number + 1
        if broken.before is not None and broken.kind is BreakKind.GAP
        else broken.item.number - 1
    )
    if broken.kind is BreakKind.REPEAT:
        return not broken.goes_on and broken.led < 2
    han = chinese_numeral(awaited)
    return (
        bool(re.search(rf"{han}[是要则]|{han}、|（{han}）|其{han}|第{han}|{han}方面|(?<!\d){awaited}[.、]", text))
        and broken.kind is not BreakKind.BACK
    )


def _otherwise_second(text: str) -> bool:
    return bool(re.search(r"二[是要则、]|（二）|其二|第二|另一|再者|其次|(?<!\d)2[.、]", text))


def _broken(broken: Break, scope: Passage) -> Check:
    item, before = broken.item, broken.before
    if before is None:
        missing = "、".join(f"{chinese_numeral(n)}{item.style}" for n in range(1, item.number))
        message = f"“{item.label}”之前没有“{missing}”，疑截取或删改时遗留"
        related, loud = (scope.head(),), Severity.WARNING
        return Check(
            "structure", Verdict.INCONSISTENT, item.evidence, item.label, None, message, "序数悬空", related, loud
        )
    expected = f"{chinese_numeral(before.number + 1)}{item.style}"
    verb = "跳到" if broken.kind is BreakKind.GAP else "之后又是"
    message = f"“{before.label}”{verb}“{item.label}”，应为“{expected}”"
    proven = broken.led >= 2 or broken.goes_on
    severity = None if proven and broken.kind is not BreakKind.BACK else Severity.WARNING
    return Check(
        "structure",
        Verdict.INCONSISTENT,
        item.evidence,
        item.label,
        expected,
        message,
        "序数不连续",
        (before.evidence,),
        severity,
    )


def _inline(file: FileReading) -> Iterator[Check]:
    """Numbers inside one paragraph or cell that count 1, 2, 4 or 1, 2, 2."""
    contents, rows = find_contents(file), flat_tables(file)
    for passage in passages(file):
        if passage.block in rows or (contents and contents.covers(passage.block)):
            continue
        for style, pattern in _INLINE:
            yield from _inline_style(passage, style, pattern)


def _inline_style(passage: Passage, style: str, pattern: re.Pattern[str]) -> Iterator[Check]:
    items: list[Item] = []
    for m in pattern.finditer(passage.text):
        number = chinese_number(m["n"])
        if number and _begins_item(passage, m.start()):
            items.append(
                Item(style, number, m.group(), "", (passage.block, m.start()), passage.clause(m.start(), m.end() + 1))
            )
    if len(items) < LEAST_INLINE or items[0].number != 1:
        return
    runs, breaks = walk(items)
    for broken in breaks:
        if broken.before is None or broken.led < 2 or abs(broken.item.number - broken.before.number) > 3:
            continue
        expected = broken.item.label.replace(_figure(broken.item), _figure_of(broken.item, broken.before.number + 1))
        message = f"“{broken.before.label}”之后是“{broken.item.label}”，应为“{expected}”"
        severity = None if broken.goes_on else Severity.WARNING
        evidence, related = broken.item.evidence, (broken.before.evidence,)
        yield Check(
            "structure",
            Verdict.INCONSISTENT,
            evidence,
            broken.item.label,
            expected,
            message,
            "编号不连续",
            related,
            severity,
        )
    if not breaks and len(runs) == 1:
        yield Check(
            "structure",
            Verdict.CONSISTENT,
            items[0].evidence,
            items[0].label,
            None,
            f"“{items[0].label}”至“{items[-1].label}”编号连续",
        )


def _begins_item(passage: Passage, start: int) -> bool:
    """A number that opens an item: at the beginning, behind punctuation, or behind a blank or a line end of the file."""
    if start == 0 or passage.text[start - 1] in _BEFORE_INLINE:
        return True
    at = passage.norm.pos[start]
    return passage.norm.raw[at - 1].isspace() and not passage.text[start - 1].isdigit()


def _figure(item: Item) -> str:
    found = re.search(r"\d+|[一二三四五六七八九十]+|[①-⑳]", item.label)
    return found.group() if found else item.label


def _figure_of(item: Item, number: int) -> str:
    figure = _figure(item)
    if figure.isdigit() and figure.isascii():
        return str(number)
    return chr(ord("①") + number - 1) if "①" <= figure <= "⑳" else chinese_numeral(number)
