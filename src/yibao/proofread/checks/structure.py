"""Numbering of headings and lists: 六、 then 八、, two （三）, a heading that lost its number, text pasted twice."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yibao.proofread.checks import attachments, ordinals, required
from yibao.proofread.checks.contents import Contents, find_contents
from yibao.proofread.checks.passages import Passage, flat_tables, heading_passage, passages
from yibao.proofread.checks.runs import Break, BreakKind, Item, Run, walk
from yibao.proofread.document import Paragraph
from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.outline import LEVEL, chinese_numeral, read_mark
from yibao.proofread.reading import FileReading, Reading

CHINESE_STYLES = frozenset(("part", "一、", "（一）"))
MAX_MISSING = 2  #: numbers that a list may lose at once; a larger jump is another list
MAX_BREAKS = 100  #: breaks of one file that are looked into
NEAR = 12  #: blocks above the first number of a list in which its beginning may stand inside the text
LONGEST_TITLE = 36  #: characters of a line that may be a heading without its number
SHORTEST_PROSE = 20  #: characters of a line that may be the beginning of a paragraph
TWICE, MAX_TWICE = 3, 60  #: paragraphs in a row that stand twice
TWICE_CHARS = 150  #: and their characters together
_NO_TITLE = re.compile(
    r'[。；，]|：$|^[-—\d（(【《"]|^(?:注|说明|备注|附件|附表|填[报表]|(?:单位|部门|项目|联系人)(?:名称)?：|合计|年.{0,3}月)|\d{3,}|20\d\d年\d{1,2}月'
)
_TITLE_END = re.compile(
    r"(?:情况|分析|措施|问题|建议|说明|工作|目标|概况|职责|管理|指标|结果|结论|打算|计划|成效|做法|内容|方面|任务|支出|收入|设置|构成|应用|公开|意见"
    r"|原因|实施|监督|改革|建设|服务)$"
)
_TERM = re.compile(r"[\u4e00-\u9fff\"]{3,14}：(?:指|是指|为|反映)")
_NUMBER_LOST = re.compile(r"[、.][\u4e00-\u9fff][^。；，]{3,}$")
_ENCLOSED = {"（1）": "⑴", "1.": "⒈", "①": "①"}


@dataclass(frozen=True)
class Text:
    """One file with what its numbers are read from. `lines` are the paragraphs, `all` also the cells, both in order."""

    file: FileReading
    all: tuple[Passage, ...]
    lines: tuple[Passage, ...]
    rows: frozenset[int]
    items: tuple[Item, ...]
    listed: tuple[Item, ...]  #: the numbers of the contents

    def between(self, first: int, last: int) -> Sequence[Passage]:
        """The passages of blocks first..last."""
        start = bisect_left(self.all, first, key=lambda p: p.block)
        stop = bisect_left(self.all, last + 1, key=lambda p: p.block)
        return self.all[start:stop]


def run(reading: Reading) -> Iterator[Check]:
    for file in reading.files:
        text = _read(file)
        copies = list(_stands_twice(text))
        yield from (check for check, _ in copies)
        yield from _headings(text, {block for _, copied in copies for block in copied})
        yield from _unnumbered_terms(text)
        yield from _numberless(text)
    yield from ordinals.run(reading)
    yield from attachments.run(reading)
    yield from required.run(reading)


def _read(file: FileReading) -> Text:
    """Numbers at the beginning of paragraphs; not those of the contents and of the rows of flattened tables."""
    everything = tuple(passages(file))
    lines = tuple(p for p in everything if not p.is_cell)
    rows, contents = flat_tables(file), find_contents(file)
    items: list[Item] = []
    for passage in lines:
        mark = read_mark(passage.text)
        i = passage.block
        if (
            mark is None
            or mark.number is None
            or mark.style == "annex"
            or i in rows
            or (contents and contents.covers(i))
        ):
            continue
        title = re.split(r"[：。，；]", passage.text[mark.end :], maxsplit=1)[0]
        items.append(Item(mark.style, mark.number, mark.label, title, (i, mark.start), passage.head()))
    return Text(file, everything, lines, rows, tuple(items), tuple(_listed(contents)) if contents else ())


def _listed(contents: Contents) -> Iterator[Item]:
    for k, entry in enumerate(contents.entries):
        mark = entry.mark
        if mark is not None and mark.number is not None:
            yield Item(mark.style, mark.number, mark.label, entry.key, (entry.order, k), entry.evidence)


def _headings(text: Text, pasted: set[int]) -> Iterator[Check]:
    _, breaks = walk(text.listed)
    yield from (check for broken in breaks[:MAX_BREAKS] if (check := _in_contents(broken)) is not None)
    runs, breaks = walk(text.items)
    told: set[tuple[int, int]] = set()
    for broken in breaks[:MAX_BREAKS]:
        check = None if broken.item.place[0] in pasted else _told(text, broken)
        if check is not None:
            told.update(i.place for i in broken.run.items)
            yield check
    for one in runs:
        if len(one.items) >= 3 and one.style in CHINESE_STYLES and not any(i.place in told for i in one.items):
            yield _in_order(one)
        yield from _unnumbered_end(text, one)


def _in_contents(broken: Break) -> Check | None:
    """Entries of the contents stand close together: nothing can explain a gap between them."""
    item, before = broken.item, broken.before
    if before is None or item.number - before.number > MAX_MISSING + 1:
        return None
    expected = _as_label(item.style, before.number + 1, before.label)
    message = f"目录中“{before.label}{before.title}”之后是“{item.label}{item.title}”，编号应为“{expected}”"
    related, severity = (before.evidence,), Severity.WARNING
    return Check(
        "structure",
        Verdict.INCONSISTENT,
        item.evidence,
        item.label,
        expected,
        message,
        "目录编号不连续",
        related,
        severity,
    )


def _told(text: Text, broken: Break) -> Check | None:
    """The break as a check, or None where the text explains it."""
    item, before = broken.item, broken.before
    if before is None:
        first = max(0, item.place[0] - NEAR)
        pattern = _label(item.style, item.number - 1)
        explained = any(pattern.search(p.text) for p in text.between(first, item.place[0] - 1))
        return None if explained else _lost_beginning(text, broken) or _orphan(item)
    if broken.kind is BreakKind.GAP:
        missing = range(before.number + 1, item.number)
        if len(missing) > MAX_MISSING or all(_printed(text, item.style, n, before, item) for n in missing):
            return None
        return _gap(text, broken, before)
    return None if _printed(text, item.style, item.number - 1, before, item) else _repeat(broken, before)


def _printed(text: Text, style: str, number: int, before: Item, item: Item) -> bool:
    """The number stands inside the text between two items: glued to a sentence, or in a table."""
    pattern = _label(style, number)
    for passage in text.between(before.place[0], item.place[0] - 1):
        offset = before.place[1] + len(before.label) if passage.block == before.place[0] else 0
        if pattern.search(passage.text, offset):
            return True
    return False


def _label(style: str, number: int) -> re.Pattern[str]:
    """What the number of a style looks like in running text."""
    han = chinese_numeral(number)
    patterns = {
        "part": rf"第(?:{han}|{number})(?:部分|章|篇)",
        "一、": rf"(?<![一二三四五六七八九十]){han}[、.，：]",
        "（一）": rf"（{han}）|(?<![一二三四五六七八九十]){han}是|（{han}[^）]",
        "1.": rf"(?<![\d.]){number}(?:、|\.(?!\d)|\.(?=20\d\d)|，|：|）)|^{number}\.\d{{1,5}}[\u4e00-\u9fff]",
        "（1）": rf"（?(?<!\d){number}）",
    }
    enclosed = _ENCLOSED.get(style)
    extra = f"|{chr(ord(enclosed) + number - 1)}" if enclosed and number <= 20 else ""
    return re.compile(patterns.get(style, "(?!)") + extra)


def _gap(text: Text, broken: Break, before: Item) -> Check:
    item = broken.item
    expected = _as_label(item.style, before.number + 1, before.label)
    lost = _lost_heading(text, before, item)
    if lost is not None:
        words = lost.text if len(lost.text) <= 24 else lost.text[:24] + "…"
        message = f"“{before.label}”之后直接是“{item.label}”，其间的“{words}”缺少编号“{expected}”"
        both = (before.evidence, item.evidence)
        evidence = lost.cite(0, len(lost.text))
        return Check("structure", Verdict.INCONSISTENT, evidence, "", expected, message, "标题编号丢失", both)
    message = f"编号由“{before.label}”跳到“{item.label}”，缺“{expected}”"
    verdict = Verdict.INCONSISTENT if broken.led >= 2 or broken.goes_on else Verdict.SUSPICIOUS
    related = (before.evidence,)
    severity = _severity(broken)
    return Check("structure", verdict, item.evidence, item.label, expected, message, "编号跳号", related, severity)


def _severity(broken: Break) -> Severity:
    """What both neighbours prove is an error. The title page of a part is often a picture, a list may lose a line."""
    if broken.item.style == "part":
        return Severity.INFO
    if broken.item.style in CHINESE_STYLES:
        return Severity.ERROR if broken.led >= 2 or broken.goes_on else Severity.WARNING
    return Severity.ERROR if broken.led >= 2 and broken.goes_on else Severity.WARNING


def _repeat(broken: Break, before: Item) -> Check:
    item = broken.item
    again = next((i for i in broken.run.items if i.number == item.number), item)
    expected = _as_label(item.style, before.number + 1, before.label)
    message = f"“{before.label}”之后的编号又是“{item.label}”，与“{again.label}{again.title}”重复，应为“{expected}”"
    severe = (item.style in CHINESE_STYLES or broken.goes_on) and item.title != again.title
    related = tuple(dict.fromkeys((again.evidence, before.evidence)))
    severity = None if severe else Severity.WARNING
    return Check(
        "structure", Verdict.INCONSISTENT, item.evidence, item.label, expected, message, "编号重复", related, severity
    )


def _lost_beginning(text: Text, broken: Break) -> Check | None:
    """二、三、 behind a line that reads like the heading 一、 without its number."""
    item = broken.item
    if item.number != 2 or item.style not in CHINESE_STYLES or not broken.goes_on:
        return None
    above = [i.place[0] for i in text.items if i.place < item.place and LEVEL[i.style] < LEVEL[item.style]]
    start = max(max(above, default=-1), item.place[0] - 4 * NEAR)
    found = _lost_between(text, start, item.place[0])
    if found is None:
        return None
    expected = _as_label(item.style, 1, item.label)
    message = f"编号从“{item.label}”开始，其前的“{found.text}”缺少编号“{expected}”"
    evidence, related = found.cite(0, len(found.text)), (item.evidence,)
    severity = Severity.WARNING
    return Check("structure", Verdict.INCONSISTENT, evidence, "", expected, message, "标题编号丢失", related, severity)


def _orphan(item: Item) -> Check:
    missing = _as_label(item.style, item.number - 1, item.label)
    message = f"编号从“{item.label}”开始，前面没有“{missing}”"
    return Check("structure", Verdict.SUSPICIOUS, item.evidence, item.label, None, message, severity=Severity.INFO)


def _in_order(one: Run) -> Check:
    first, last = one.items[0], one.last
    message = f"“{first.label}”至“{last.label}”编号连续"
    return Check("structure", Verdict.CONSISTENT, first.evidence, first.label, None, message, related=(last.evidence,))


def _as_label(style: str, number: int, pattern: str) -> str:
    """The number printed as its neighbour is."""
    if style in CHINESE_STYLES and not re.search(r"[㈠-㈩]", pattern):
        return re.sub(r"[一二三四五六七八九十]+|\d+", chinese_numeral(number), pattern, count=1)
    return re.sub(r"\d+", str(number), pattern, count=1) if re.search(r"\d", pattern) else str(number)


def _lost_heading(text: Text, before: Item, item: Item) -> Passage | None:
    return _lost_between(text, before.place[0], item.place[0])


def _lost_between(text: Text, first: int, last: int) -> Passage | None:
    """The line between two blocks that reads like a heading whose number was lost: the last such line."""
    found: Passage | None = None
    for passage in text.between(first + 1, last - 1):
        if (
            not passage.is_cell
            and passage.block not in text.rows
            and _is_title(passage.text)
            and _stands_alone(text.file, passage.block)
        ):
            found = passage
    return found


def _is_title(text: str) -> bool:
    bare = text.strip("-·•>|")
    if not 4 <= len(bare) <= LONGEST_TITLE or read_mark(text) is not None:
        return False
    return not _NO_TITLE.search(bare) and bool(_TITLE_END.search(bare))


def _stands_alone(file: FileReading, i: int) -> bool:
    """The lines before and after are whole: a title, or the end of a sentence and the beginning of another one."""
    if not isinstance(file.source.blocks[i + 1], Paragraph):
        return False
    before = file.norms[i - 1].text if isinstance(file.source.blocks[i - 1], Paragraph) else ""
    after = file.norms[i + 1].text
    ended = before.endswith(("。", "；", "：", "！")) or len(before) <= LONGEST_TITLE
    return ended and (read_mark(after) is not None or len(after) >= SHORTEST_PROSE or after.endswith(("。", "：")))


def _unnumbered_end(text: Text, one: Run) -> Iterator[Check]:
    """九、 and then 其他需要说明的情况 without a number: a known section whose neighbours are numbered."""
    file, last = text.file, one.last
    if one.style != "一、" or len(one.items) < 3 or not file.profile.closed:
        return
    outer = (i.place[0] for i in text.items if i.place > last.place and LEVEL[i.style] <= LEVEL["一、"])
    following = next(outer, len(file.source.blocks))
    for heading in file.outline.headings:
        if not last.place[0] < heading.block < following or heading.number is not None or heading.style != "一、":
            continue
        if re.search(r"情况说明|名词解释", heading.title) or any(i.title == heading.title for i in one.items):
            continue
        expected = _as_label("一、", last.number + 1, last.label)
        message = f"前面各部分编号到“{last.label}”，“{heading.title}”没有编号，应为“{expected}”"
        evidence = heading_passage(file, heading).head()
        yield Check("structure", Verdict.SUSPICIOUS, evidence, "", expected, message, related=(last.evidence,))
        return


def _unnumbered_terms(text: Text) -> Iterator[Check]:
    """In the glossary, a term without a number behind numbered ones."""
    numbered: list[Item] = []
    items = {item.place[0]: item for item in text.items}
    for passage in text.lines:
        if not any("名词解释" in title for title in passage.section) and "名词解释" not in passage.text[:12]:
            numbered = []
            continue
        item = items.get(passage.block)
        if item is not None and item.style == "一、":
            numbered.append(item)
        elif len(numbered) >= 3 and item is None and _TERM.match(passage.text):
            last = numbered[-1]
            expected = _as_label("一、", last.number + 1, last.label)
            message = f"名词解释前面各条编号到“{last.label}”，这一条没有编号，应为“{expected}”"
            yield Check(
                "structure", Verdict.SUSPICIOUS, passage.head(), "", expected, message, related=(last.evidence,)
            )
            numbered = []


def _numberless(text: Text) -> Iterator[Check]:
    """、国有资产占用情况说明: only the mark behind the number is left."""
    for passage in text.lines:
        if len(passage.text) <= LONGEST_TITLE and _NUMBER_LOST.match(passage.text) and passage.block not in text.rows:
            message = f"“{passage.text}”的编号丢失，只剩标点"
            group, severity = f"numberless:{text.file.source.path}", Severity.WARNING
            evidence = passage.head()
            yield Check(
                "structure",
                Verdict.INCONSISTENT,
                evidence,
                "",
                None,
                message,
                "编号丢失",
                severity=severity,
                group=group,
            )


def _stands_twice(text: Text) -> Iterator[tuple[Check, range]]:
    """Several paragraphs in a row that stand again right behind themselves, and the blocks of the copy."""
    lines = [p for p in text.lines if len(p.text) >= 8 and p.block not in text.rows]
    k = 0
    while k < len(lines):
        lengths = range(min(MAX_TWICE, (len(lines) - k) // 2), TWICE - 1, -1)
        length = next((n for n in lengths if _same(lines[k : k + n], lines[k + n : k + 2 * n])), 0)
        first, again = lines[k], lines[k + length]
        last = lines[k + max(0, 2 * length - 1)].block
        if (
            length
            and sum(len(p.text) for p in lines[k : k + length]) >= TWICE_CHARS
            and not _has_table(text, first, last)
        ):
            message = f"从“{again.text[:20]}…”起的{length}段与紧邻的前{length}段完全相同，疑重复粘贴"
            related, severity = (first.head(),), Severity.WARNING
            check = Check(
                "structure", Verdict.INCONSISTENT, again.head(), "", None, message, "整段重复", related, severity
            )
            yield check, range(again.block, last + 1)
            k += length
        k += 1


def _same(a: Sequence[Passage], b: Sequence[Passage]) -> bool:
    return a[0].text == b[0].text and all(x.text == y.text for x, y in zip(a, b, strict=True))


def _has_table(text: Text, first: Passage, last: int) -> bool:
    return any(not isinstance(block, Paragraph) for block in text.file.source.blocks[first.block : last + 1])
