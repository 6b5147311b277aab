"""Typed tables: recognised by their words and shape, read into facts, checked inside.

Reads a `Source`, gives a `Form` for every table that one of the recognisers knows: 自评表, 基础数据表, tables by
institution, fund tables, 决算 01-09, and last any table with totals. A table that none of them knows gives nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from yibao.periods import year_end
from yibao.proofread.document import Source, Table
from yibao.proofread.forms.facts import Form, FormContext, FormRules
from yibao.proofread.forms.score_header import split_sheets
from yibao.region.packs import Pack, region_of
from yibao.region.scoring import scoring_rule

Recogniser = Callable[[Table, FormContext], Form | None]

#: in this order; the first that knows a table reads it
RECOGNISERS = ("scoresheet", "basedata", "institution", "fund", "accounts", "totals")
#: a booklet prints these in one grid: both may read the same table
TOGETHER = frozenset(("scoresheet", "institution"))


def read_forms(
    source: Source,
    offset: int = 0,
    sections: Sequence[tuple[str, ...]] = (),
    year: int | None = None,
    bureau: str = "",
    *,
    default_unit: str = "",
    region: Pack | None = None,
) -> tuple[Form, ...]:
    """The forms of one file, in document order.

    `offset` counts the package's blocks before this file, `sections` names the headings over every block, `region`
    overrides the place that the bureau's name tells.
    """
    rules = rules_of(region_of(bureau) if region is None else region, year)
    forms: list[Form] = []
    for block, table in source.tables():
        section = sections[block] if block < len(sections) else ()
        context = FormContext(source.path, block, section, year, bureau, default_unit, rules, offset)
        forms.extend(read_table(table, context))
    return tuple(forms)


def rules_of(pack: Pack, year: int | None) -> FormRules:
    """The rules that hold for a year; none where the year is unknown or no pack has a rule for it."""
    if year is None:
        return FormRules()
    day = year_end(year)
    scoring = scoring_rule(pack, day) if pack.rules("scoring", on=day) else None
    total_points = pack.number("appraisal.total_weight", on=day)
    return FormRules(scoring, total_points, pack.number("proofread.execution.unexplained_high", on=day))


def read_table(table: Table, context: FormContext) -> list[Form]:
    """The form of a table; two where a booklet prints two in one grid; none where no recogniser knows it."""
    forms: list[Form] = []
    for name in RECOGNISERS:
        if forms and name not in TOGETHER:
            continue
        parts = split_sheets(table) if name == "scoresheet" else [table]
        found = (_recogniser(name)(part, context) for part in parts)
        forms.extend(form for form in found if form is not None)
    return forms


def _recogniser(name: str) -> Recogniser:
    """A form module's `recognise`, imported when the first table is read."""
    try:
        recognise: Recogniser = import_module(f"{__name__}.{name}").recognise
    except (ModuleNotFoundError, AttributeError):
        return lambda table, context: None
    return recognise
