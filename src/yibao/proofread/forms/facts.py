"""What a recognised table says: facts that can be compared with other facts, and checks already made inside it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from yibao.proofread.document import Table
from yibao.proofread.findings import Check, Evidence, NotRun
from yibao.proofread.quantity import Quantity
from yibao.region.scoring import ScoringRule
from yibao.vocabulary.figures import load_figures

Key = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One printed number with what it measures. Two facts with equal figure, scope, year and basis must agree."""

    figure: str  #: id of the register of figures, or "label:<normalised label>" where the register has none
    scope: str  #: "" or the project, code or indicator that the figure belongs to
    year: int | None
    basis: str  #: initial, added, adjusted, budget, final, target, actual
    quantity: Quantity
    evidence: Evidence  #: the row's literal text, and the cell
    source: str  #: "text" or "table"
    form: str  #: "fund", "scoresheet", "project_sheet", "base_data", "institution", "accounts:01", "prose"
    key: Key  #: (block, row, column) of a cell, (block, start) of prose

    @property
    def name(self) -> str:
        """The register's label of the figure, or the label that was printed."""
        register = load_figures()
        return register.get(self.figure).label if self.figure in register else self.figure.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Form:
    """A recognised table."""

    kind: str
    table: Table
    block: int  #: within the file
    file: str
    title: str
    scope: str
    year: int | None
    facts: tuple[Fact, ...] = ()
    checks: tuple[Check, ...] = ()
    not_run: tuple[NotRun, ...] = ()


@dataclass(frozen=True, slots=True)
class FormRules:
    """What the region's packs fix for the year of a document; a missing part leaves its checks not run."""

    scoring: ScoringRule | None = None
    total_points: Decimal | None = None  #: full marks of a sheet (100)
    overspent: Decimal | None = None  #: final over budget from which capped spending needs a remark (1.30)


@dataclass(frozen=True, slots=True)
class FormContext:
    """Where a table stands and what the document already told about itself."""

    file: str
    block: int  #: within the file
    section: tuple[str, ...] = ()
    year: int | None = None
    bureau: str = ""
    default_unit: str = ""
    rules: FormRules = FormRules()
    offset: int = 0  #: blocks of the package before this file: keys count through the package

    def key(self, *place: int) -> Key:
        """The identity of a number within the package."""
        return (self.offset + self.block, *place)
