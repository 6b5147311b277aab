"""What the fee lines of stays say of treatment, drugs and material: known only where the lines add up to what was settled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from importlib.resources import files

import pyarrow as pa
import pyarrow.compute as pc

from yibao.store.sql.text import load_text
from yibao.store.workspace import Workspace

COMPONENTS = load_text(files("yibao.dip").joinpath("components.sql"))
#: of a stay, fen
LINES = pa.schema([("visit_id", pa.string()), *((name, pa.int64()) for name in ("total", "treatment", "drug", "material"))])  # fmt: skip


def read_fees(workspace: Workspace, first: date, last: date) -> pa.Table:
    """LINES of the stays discharged between two days, both included; none where no fee lines were imported."""
    if workspace.manifest("fee_lines") is None:
        return LINES.empty_table()
    found = workspace.query(COMPONENTS, first_day=first, last_day=last)
    return found.read_all().select(LINES.names).cast(LINES)


def parts_of(
    lines: pa.Table, visits: pa.ChunkedArray, costs: pa.ChunkedArray, names: Sequence[str]
) -> Iterator[pa.Array]:
    """A column a name; null where lines are lacking, disagree with the cost (fen), or are less than nothing."""
    place = pc.index_in(visits, value_set=lines["visit_id"])
    agrees = pc.fill_null(pc.equal(lines["total"].take(place), costs), False)
    for name in names:
        values = lines[name].take(place)
        known = pc.and_(agrees, pc.greater_equal(values, 0))
        yield pc.if_else(known, values, pa.scalar(None, pa.int64())).combine_chunks()
