"""Label and value side by side in a form: "人员编制 | 65 | 实有人数 | 39". Facts of tables that no form recognises as its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from yibao.proofread.document import Place, Table
from yibao.proofread.findings import Evidence
from yibao.proofread.forms.facts import Fact
from yibao.proofread.norm import normalise
from yibao.proofread.quantity import parse
from yibao.vocabulary.figures import Figure, load_figures
from yibao.vocabulary.units import UNITS

MAX_LABEL = 16


def pair_facts(table: Table, place: Place, block: int, section: Sequence[str], year: int | None) -> Iterator[Fact]:
    """Facts of counts (persons, houses, vehicles): a count next to its name says what it is, an amount may not."""
    for r, row in enumerate(table.rows):
        cells = [cell for cell in row if cell.text and cell.origin is None]
        for label, value in pairwise(cells):
            figure = _count_named(label.text, section)
            q = parse(value.text) if figure else None
            if figure is None or q is None or q.decimals or (q.unit and not figure.measured_in(q.dimension)):
                continue
            unit = q.unit or UNITS.get(figure.unit)
            quote = f"{label.text}\t{value.text}" if not table.raw_rows else table.quote(r)
            where = replace(place, row=r, column=value.col, row_label=label.text, address=value.address)
            evidence = Evidence(quote[:200], where)
            basis = "target" if q.bounds else "actual"
            yield Fact(
                figure.id, "", year, basis, replace(q, unit=unit), evidence, "table", "pairs", (block, r, value.col)
            )


def _count_named(text: str, section: Sequence[str]) -> Figure | None:
    label = normalise(text).text
    if not 2 <= len(label) <= MAX_LABEL or any(char.isdigit() for char in label):
        return None
    figure = load_figures().match(label, tuple(section))
    return figure if figure is not None and figure.role == "count" else None
