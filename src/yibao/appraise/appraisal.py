"""A year appraised: the folder read, its contradictions settled, its sheets scored, its open questions listed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from yibao.appraise.book import Book, make_book
from yibao.appraise.bureau import Bureau, Frame, frame
from yibao.appraise.choices import Answer, Settled, settle
from yibao.appraise.deviations import Deviation, OtherFormula, deviations, other_formulas
from yibao.appraise.folder import Folder, read_folder
from yibao.appraise.leftovers import other_years
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
    formulas: tuple[OtherFormula, ...] = ()
    answers: tuple[Answer, ...] = ()

    @property
    def explained(self) -> tuple[Deviation | OtherFormula, ...]:
        """What the bureau has to explain: results far from their budget, rates after another formula."""
        return (*self.deviations, *self.formulas)

    @property
    def blocking(self) -> tuple[str, ...]:
        """What keeps the year from being published: reasons that are owed and not given."""
        rows = [(sheet, row) for sheet in self.sheets for row in sheet.rows if row.missing]
        owed = [
            f"{sheet.name}：{row.name} {row.owed}，{_unexplained(row.reason, '没有写偏差原因及改进措施')}"
            for sheet, row in rows
        ]
        titled = [
            f"“{sheet.filed.shown}”的名称“{sheet.filed.sheet.title}”写着 {old} 年，评价的是 {self.bureau.year} 年度，请改正"
            for sheet in self.sheets
            for old in other_years(sheet.filed.sheet.title, self.bureau.year)
        ]
        far = [f"{d.name}：{d.said}，{_unexplained(d.reason, '没有写说明')}" for d in self.explained if d.missing]
        return (*titled, *owed, *far)


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
    formulas = other_formulas(book, choices, bureau.year)
    asked = [*(d.name for d in far), *(f.name for f in formulas)]
    choices.refuse_unused((s.contradiction.name for s in settled), asked)
    return Appraisal(bureau, book, framed, sheets, far, settled, formulas, choices.answers)


def _unexplained(reason: str, absent: str) -> str:
    return f"写的“{reason}”没有说出原因" if reason else absent


def _printed_total(sheet: ScoredSheet, book: Book, bureau: Bureau) -> Number | None:
    """The score that the bureau's report prints for the sheet."""
    typed = book.chosen.get(Key("dept.appraisal.score", sheet.filed.sheet.project, bureau.year, "final"))
    return typed.number if typed else None
