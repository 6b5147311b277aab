"""Whose year is told about: what every place of a template may look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.quotes import NotInBook, Quoting
from yibao.appraise.report.composed import Run
from yibao.appraise.report.computed import Rounding
from yibao.appraise.scoring import ScoredSheet
from yibao.appraise.typed import Typed

_OWN_SCOPE = "/*"


@dataclass(frozen=True, slots=True)
class Voice:
    """The year, the form that is told about, the roundings of the layout; `own`: places of the template at hand
    alone, None for one that has nothing to say."""

    appraisal: Appraisal
    rounding: Rounding
    sheet: ScoredSheet | None = None
    own: Mapping[str, Run | None] = field(default_factory=dict)
    code: str = ""  #: the item of the functional classification that is told about

    @property
    def quoting(self) -> Quoting:
        return Quoting(self.appraisal.book, self.appraisal.bureau.year)

    def about(self, sheet: ScoredSheet | None) -> Voice:
        return replace(self, sheet=sheet)

    @property
    def form(self) -> ScoredSheet:
        if self.sheet is None:
            raise NotInBook("“指标”里没有这份报告的自评表")
        return self.sheet

    @property
    def project(self) -> str:
        """The project that is told about, empty for the department."""
        return self.sheet.filed.sheet.project if self.sheet else ""

    def typed(self, quote: str) -> Typed:
        """The figure of a quote, of several between | the first that is there; `*` as its scope is what is told about."""
        *others, last = quote.split("|")
        for other in others:
            try:
                return self.typed(other)
            except NotInBook:
                continue
        if last.rstrip().endswith(_OWN_SCOPE):
            scope = self.code or self.project
            if not scope:
                raise NotInBook(f"{last}：这里没有项目")
            last = last.rstrip().removesuffix("*") + scope
        return self.quoting.typed(last)
