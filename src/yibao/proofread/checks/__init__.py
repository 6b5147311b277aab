"""The checks, one module a family. Each has `run(reading)`, which yields every relation it evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from yibao.proofread.checks import (
    accounts,
    budget,
    categories,
    changes,
    dates,
    differences,
    directions,
    economic,
    empty_tables,
    formulas,
    identities,
    indicators,
    item_names,
    items,
    last_year,
    lists,
    names,
    per_head,
    points,
    projects,
    rates,
    repeats,
    same_count,
    same_digits,
    structure,
    sums,
    template,
    toc,
    units,
    wording,
)
from yibao.proofread.findings import Check
from yibao.proofread.reading import Reading

#: arithmetic inside a passage or a table first, then what holds across the document
CHECKS: tuple[Callable[[Reading], Iterator[Check]], ...] = (
    accounts.run,
    sums.run,
    differences.run,
    per_head.run,
    rates.run,
    formulas.run,
    directions.run,
    lists.run,
    items.run,
    points.run,
    indicators.run,
    identities.run,
    budget.run,
    categories.run,
    projects.run,
    economic.run,
    item_names.run,
    empty_tables.run,
    changes.run,
    repeats.run,
    same_count.run,
    same_digits.run,
    last_year.run,
    structure.run,
    toc.run,
    dates.run,
    template.run,
    wording.run,
    names.run,
    units.run,
)
