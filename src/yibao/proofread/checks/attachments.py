"""附件: the list of attachments against the 附件N that stand in the document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from yibao.proofread.checks.passages import Passage, passages
from yibao.proofread.document import Table
from yibao.proofread.findings import Check, Evidence, Severity, Verdict
from yibao.proofread.norm import normalise
from yibao.proofread.reading import FileReading, Reading

ALIKE = 0.75  #: likeness from which a title is the listed one
MAX_LISTED = 30
_LIST = re.compile(r"^[-·•]?(?:报告需要以下)?(?:需要以下)?附件[：:]")
_LISTED = re.compile(
    r"(?:(?<=^)|(?<=[：:；;。\s])|(?<=\D))(?P<n>\d{1,2})(?:、|\.(?!\d)|\.(?=20\d\d))(?P<title>[^；;]{4,60}?)(?=$|[；;。]|(?<!\d)\d{1,2}(?:、|\.(?!\d)|\.(?=20\d\d)))"
)
_CAPTION = re.compile(r"^附[件表](?P<n>\d{1,2})(?:-(?P<sub>\d{1,2}))?[：:、.]?(?P<title>.{0,60})$")
_NOISE = re.compile(r"[^\u4e00-\u9fff]")
_STRIPPED = re.compile(r"20\d{2}年?度?|附件|（[^）]*）")


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of the list of attachments."""

    number: int
    title: str
    block: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Title:
    """What may be the title of an attachment in the document, with the 附件N printed before it."""

    text: str
    block: int
    evidence: Evidence
    number: int | None = None
    label: str = ""


def run(reading: Reading) -> Iterator[Check]:
    titles = [title for file in reading.files for title in _titles(file)]
    for file in reading.files:
        listed = _read_list(file)
        if len(listed) >= 2:
            yield from _matched(file, listed, titles)


def _read_list(file: FileReading) -> list[Listed]:
    """The entries behind 附件：, in the same paragraph or in those that follow."""
    found: list[Listed] = []
    open_at: int | None = None
    for passage in passages(file, cells=False):
        begins = _LIST.match(passage.text)
        if begins is not None and (begins.end() == len(passage.text) or re.match(r"\d", passage.text[begins.end() :])):
            found, open_at = [], passage.block
        elif open_at is None or passage.block - open_at > MAX_LISTED:
            continue
        entries = list(_entries(passage, begins.end() if begins else 0))
        if not entries and not begins:
            open_at = None
        found.extend(e for e in entries if not found or e.number == found[-1].number + 1 or e.number > found[-1].number)
    return found


def _entries(passage: Passage, start: int) -> Iterator[Listed]:
    text = passage.text
    if start == 0 and not re.match(r"[-·•]?\d{1,2}[、.]", text):
        return
    for m in _LISTED.finditer(text, start):
        title = m["title"].strip("《》。；")
        yield Listed(int(m["n"]), title, passage.block, passage.cite(0 if start else m.start(), m.end()))


def _titles(file: FileReading) -> Iterator[Title]:
    """Short paragraphs and table titles; a caption 附件2 alone goes with the line below it."""
    pending: tuple[int, str, Evidence, int] | None = None
    for i, block in enumerate(file.source.blocks):
        if isinstance(block, Table):
            if block.caption:
                passage = Passage(file, i, normalise(block.caption), file.place(i))
                yield Title(block.caption, i, passage.cite(0, len(passage.text)))
            continue
        passage = Passage(file, i, file.norms[i], file.place(i))
        caption = _CAPTION.match(passage.text)
        if caption and not caption["title"]:
            pending = (int(caption["n"]), passage.text, passage.head(), i)
        elif caption:
            yield Title(caption["title"], i, passage.head(), int(caption["n"]), passage.text[: caption.start("title")])
        elif 4 <= len(passage.text) <= 60 and "。" not in passage.text:
            if pending and i - pending[3] <= 3:
                yield Title(passage.text, i, pending[2], pending[0], pending[1])
            else:
                yield Title(passage.text, i, passage.head())
            pending = None


def _matched(file: FileReading, listed: Sequence[Listed], titles: Sequence[Title]) -> Iterator[Check]:
    """The attachments stand behind the list, or in the other files of the package. A title goes with one entry only."""
    last = listed[-1].block
    places: dict[int, list[Title]] = {entry.number: [] for entry in listed}
    for title in titles:
        if title.evidence.place.file != file.source.path or title.block > last:
            entry = max(listed, key=lambda e: _likeness(e.title, title.text))
            if _likeness(entry.title, title.text) >= ALIKE:
                places[entry.number].append(title)
    for entry in listed:
        if places[entry.number]:
            yield _numbered(entry, places[entry.number], listed[0])
        elif any(places.values()):
            message = f"附件清单列有“{entry.number}.{entry.title}”，文中未见这份附件"
            yield Check("structure", Verdict.SUSPICIOUS, entry.evidence, "", None, message, severity=Severity.INFO)
        else:
            message = f"附件“{entry.title}”未随文，无法核对"
            yield Check("structure", Verdict.UNCHECKABLE, entry.evidence, "", None, message)


def _numbered(entry: Listed, places: Sequence[Title], first: Listed) -> Check:
    """The number on the attachment itself against its number in the list."""
    numbered = [t for t in places if t.number is not None]
    wrong = next((t for t in numbered if t.number != entry.number), None)
    if wrong is None or any(t.number == entry.number for t in numbered):
        return Check("structure", Verdict.CONSISTENT, entry.evidence, "", None, f"附件“{entry.title}”在文中")
    message = f"附件清单中“{entry.title}”为第{entry.number}项，附件上标为“{wrong.label.rstrip('：:')}”，编号不一致"
    related = (wrong.evidence,) if entry is first else (wrong.evidence, first.evidence)
    return Check(
        "structure",
        Verdict.SUSPICIOUS,
        entry.evidence,
        f"{entry.number}.",
        wrong.label,
        message,
        "附件编号不一致",
        related,
    )


def _likeness(a: str, b: str) -> float:
    a, b = (_NOISE.sub("", _STRIPPED.sub("", normalise(t).text)) for t in (a, b))
    if min(len(a), len(b)) < 4 or (a.endswith("表") and "表" not in b):
        return 0.0
    if a in b or b in a:
        return min(len(a), len(b)) / max(len(a), len(b)) * 0.5 + 0.5
    return SequenceMatcher(None, a, b).ratio()
