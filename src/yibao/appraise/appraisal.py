"""A year appraised: the folder read, its contradictions settled, its sheets scored, its open questions listed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from yibao.appraise.book import Book, make_book
from yibao.appraise.bureau import Bureau, Frame, frame
from yibao.appraise.choices import Settled, settle
from yibao.appraise.deviations import Deviation, deviations
from yibao.appraise.folder import Folder, read_folder
from yibao.appraise.marks import Rules
from yibao.appraise.quotes import Quoting
from yibao.appraise.scoring import ScoredSheet, against_register, score_sheet
from yibao.appraise.typed import Key, Number
from yibao.appraise.units import odd_units
from yibao.appraise.weights import odd_projects
from yibao.region.packs import region
from yibao.region.scoring import scoring_rule


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What documents are made of. `settled`: every contradiction among the inputs with the choice made."""

    bureau: Bureau
    book: Book
    frame: Frame
    sheets: tuple[ScoredSheet, ...]
    deviations: tuple[Deviation, ...]
    settled: tuple[Settled, ...]

    @property
    def blocking(self) -> tuple[str, ...]:
        """What keeps the year from being published: reasons that are owed and not given."""
        rows = [(sheet, row) for sheet in self.sheets for row in sheet.rows if row.missing]
        owed = [f"{sheet.name}：{row.name} {row.owed}，没有写偏差原因及改进措施" for sheet, row in rows]
        far = [f"{d.name}：{d.said}，没有写说明" for d in self.deviations if not d.reason]
        return (*owed, *far)


def appraise(path: Path) -> Appraisal:
    """The year in the folder `path`; UserError for input that is wrong or contradicts itself without a choice."""
    return appraise_folder(read_folder(path))


def appraise_folder(folder: Folder) -> Appraisal:
    """The same from what was read."""
    bureau, choices = folder.bureau, folder.choices
    place = region(bureau.region)
    framed = frame(bureau, choices, place)
    book = make_book(folder.typed, choices, place, bureau.year, bureau.rates)
    rules = Rules(place, bureau.year, scoring_rule(place, bureau.year))
    quoting = Quoting(book, bureau.year)
    sheets = tuple(score_sheet(filed, quoting, rules, choices) for filed in folder.sheets)
    odd = [c for sheet in sheets for c in against_register(sheet, _printed_total(sheet, book, bureau))]
    apart = odd_units(book, bureau.units, bureau.year)
    across = settle([*odd, *odd_projects(folder.sheets, quoting), *apart], choices)
    far = deviations(book, choices, place, bureau.year)
    settled = (*framed.settled, *book.settled, *(s for sheet in sheets for s in sheet.settled), *across)
    choices.refuse_unused((s.contradiction.name for s in settled), (d.name for d in far))
    return Appraisal(bureau, book, framed, sheets, far, settled)


def _printed_total(sheet: ScoredSheet, book: Book, bureau: Bureau) -> Number | None:
    """The score that the bureau's report prints for the sheet."""
    typed = book.chosen.get(Key("dept.appraisal.score", sheet.filed.sheet.project, bureau.year, "final"))
    return typed.number if typed else None
