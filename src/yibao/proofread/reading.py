"""A package, read: sentences with their numbers, recognised tables, facts. Everything the checks look at is here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import PurePath

from yibao.proofread.document import Package, Paragraph, Place, Source, Table
from yibao.proofread.forms import read_forms
from yibao.proofread.forms.accounts_flat import flat_forms
from yibao.proofread.forms.facts import Fact, Form, FormContext
from yibao.proofread.itemised import item_facts
from yibao.proofread.naming import named_facts
from yibao.proofread.norm import Norm, normalise
from yibao.proofread.outline import Outline, read_outline
from yibao.proofread.pairs import pair_facts
from yibao.proofread.parameters import pack_for
from yibao.proofread.profile import Profile, read_profile
from yibao.proofread.prose import Sentence, read_sentences

MAX_ITEMS = 60  #: paragraphs below a colon that are its list
PROSE_CELL = 16  #: a table cell longer than this is read as prose, too


@dataclass(frozen=True)
class FileReading:
    """One file of the package. Block numbers in `norms`, `outline` are the file's own; `offset` makes them global."""

    source: Source
    offset: int
    norms: Mapping[int, Norm]
    outline: Outline
    profile: Profile

    def place(self, block: int) -> Place:
        here = self.source.blocks[block]
        section = self.outline.sections[block]
        if isinstance(here, Table):
            return Place(self.source.path, block, here.page, section, table=here.caption or None)
        return Place(self.source.path, block, here.page, section, paragraph=block + 1)


@dataclass
class Reading:
    """The whole package. `sentences` and `facts` are in document order over all files."""

    package: Package
    files: tuple[FileReading, ...]
    sentences: tuple[Sentence, ...]
    forms: tuple[Form, ...]
    facts: tuple[Fact, ...]
    region: str | None = None
    last_year: Reading | None = None  #: the documents of the year before, where the user gave them
    _paragraphs: dict[tuple[str, int, int | None, int | None], list[Sentence]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        groups: dict[tuple[str, int, int | None, int | None], list[Sentence]] = defaultdict(list)
        for s in self.sentences:
            groups[_paragraph_key(s)].append(s)
        self._paragraphs = dict(groups)

    def fact_at(self, key: tuple[int, ...]) -> Fact | None:
        """The fact of the number at a place, None where the register has no name for it."""
        return self._by_place.get(key)

    @cached_property
    def _by_place(self) -> dict[tuple[int, ...], Fact]:
        return {fact.key: fact for fact in self.facts}

    @property
    def profile(self) -> Profile:
        return self.files[0].profile

    @property
    def year(self) -> int | None:
        return next((f.profile.year for f in self.files if f.profile.year), None)

    def paragraphs(self) -> Iterator[list[Sentence]]:
        """The sentences of each paragraph (or prose cell)."""
        return iter(self._paragraphs.values())

    def items_after(self, sentence: Sentence) -> list[Sentence]:
        """The first sentences of the paragraphs that follow one ending in a colon: the items of its list."""
        if not sentence.text.rstrip("。").endswith(("：", "其中")) or sentence.place.table is not None:
            return []
        out: list[Sentence] = []
        for step in range(1, MAX_ITEMS + 2):
            key = (sentence.place.file, sentence.block + step, None, None)
            if key not in self._paragraphs:
                break
            first = self._paragraphs[key][0]
            if first.section[: len(sentence.section)] != sentence.section:
                break  # the next heading of this rank ends the list
            out.append(first)
        return out if len(out) <= MAX_ITEMS else []  # half a list proves nothing

    def same_section(self, sentence: Sentence) -> list[Sentence]:
        """Sentences under the same heading, in order."""
        return [s for s in self.sentences if s.section == sentence.section and s.place.file == sentence.place.file]


def _paragraph_key(s: Sentence) -> tuple[str, int, int | None, int | None]:
    return (s.place.file, s.block, s.place.row, s.place.column)


def read(
    package: Package,
    *,
    year: int | None = None,
    region: str | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> Reading:
    """Read a package, last year's documents apart. `progress(file, share)` is called as the work goes on."""
    current = Package(tuple(s for s in package.sources if s.role != "last_year"))
    reading = _read(current, current.offsets, year, region, progress)
    if last := tuple(s for s in package.sources if s.role == "last_year"):
        behind = Package((*current.sources, *last)).offsets[
            len(current.sources) :
        ]  # numbers stay unique in the package
        reading.last_year = _read(Package(last), behind, None, region, None)
    return reading


def _read(
    package: Package,
    offsets: Sequence[int],
    year: int | None,
    region: str | None,
    progress: Callable[[str, float], None] | None,
) -> Reading:
    files: list[FileReading] = []
    sentences: list[Sentence] = []
    forms: list[Form] = []
    for number, (source, offset) in enumerate(zip(package.sources, offsets, strict=True)):
        if progress:
            progress(source.path, number / len(package.sources))
        file = _read_file(source, offset, year)
        files.append(file)
        sentences.extend(_sentences(file))
        profile = file.profile
        pack = pack_for(profile.bureau, region)
        forms.extend(
            _forms(file, read_forms(source, offset, file.outline.sections, profile.year, profile.bureau, region=pack))
        )
    table_facts = [fact for form in forms for fact in form.facts]
    table_facts += [fact for file in files for fact in _pairs(file, forms)]
    years = {f.source.path: f.profile.year for f in files}
    kinds = {f.source.path: f.profile.kind for f in files}
    prose_facts = [*named_facts(sentences, years), *item_facts(sentences, years, kinds)]
    return Reading(package, tuple(files), tuple(sentences), tuple(forms), (*table_facts, *prose_facts), region)


def _forms(file: FileReading, typed: Sequence[Form]) -> Iterator[Form]:
    """The recognised tables, those that reached us as lines of text included: they stand for what they were read from."""
    context = FormContext(file.source.path, 0, (), file.profile.year, file.profile.bureau, offset=file.offset)
    flat = flat_forms(file.source, file.outline.sections, context)
    covered = {block for form in flat for block in form.covers}
    yield from (form for form in typed if form.block not in covered)
    yield from flat


def _pairs(file: FileReading, forms: Sequence[Form]) -> Iterator[Fact]:
    typed = {
        f.block
        for f in forms
        if f.file == file.source.path and (f.kind in ("fund", "base_data") or f.kind.startswith("accounts"))
    }
    for i, table in file.source.tables():
        if i not in typed:
            yield from pair_facts(table, file.place(i), file.offset + i, file.outline.sections[i], file.profile.year)


def _read_file(source: Source, offset: int, year: int | None) -> FileReading:
    norms = {i: normalise(p.raw) for i, p in source.paragraphs()}
    lines = [
        norms[i].text if isinstance(b, Paragraph) else normalise(b.caption).text for i, b in enumerate(source.blocks)
    ]
    lines += [line for _, table in source.tables() for line in _labelled_cells(table)]
    profile = read_profile(lines, PurePath(source.path).stem)
    if year is not None:
        profile = Profile(profile.title, profile.kind, year, profile.bureau)
    return FileReading(source, offset, norms, read_outline(source, norms), profile)


def _labelled_cells(table: Table) -> Iterator[str]:
    """ "预算部门 | 某某局" of a form's first rows as the line "预算部门：某某局"."""
    for row in table.rows[:6]:
        cells = [c.text for c in row if c.text and c.origin is None]
        for label, value in pairwise(cells):
            if label.strip().endswith(("部门", "单位", "部门名称", "单位名称")) and len(value) <= 30:
                yield normalise(f"{label}：{value}").text


def _sentences(file: FileReading) -> Iterator[Sentence]:
    for i, block in enumerate(file.source.blocks):
        section = file.outline.sections[i]
        if isinstance(block, Paragraph):
            yield from read_sentences(file.norms[i], file.offset + i, section, file.place(i))
            continue
        for r, row in enumerate(block.rows):
            for c, cell in enumerate(row):
                if len(cell.text) > PROSE_CELL and cell.origin is None:
                    yield from read_sentences(
                        normalise(cell.text), file.offset + i, section, _cell_place(file, i, block, r, c)
                    )


def _cell_place(file: FileReading, i: int, table: Table, r: int, c: int) -> Place:
    return Place(
        file.source.path, i, table.page, file.outline.sections[i], table=table.caption or "表格", row=r, column=c,
        row_label=normalise(table.text(r, 0)).text[:20] or None, address=table.rows[r][c].address,
    )  # fmt: skip
