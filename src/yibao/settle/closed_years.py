"""Closed benefit years: they take no settlement, no reversal and no new computation any more."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from yibao.errors import UserError
from yibao.store.workspace import Workspace


def refuse_closed(workspace: Workspace, year: int) -> None:
    """UserError for a benefit year that takes no more settlements."""
    if row := workspace.row("closed_years", [year]):
        raise UserError(
            f"{year} 年度已于 {row['year_closed_on']} 由{row['closed_by']}关闭（YEAR_CLOSED），不再结算和冲正；更正请在未关闭的年度入账。"
        )


def close_year(workspace: Workspace, year: int, by: str, on: date) -> None:
    """Close a benefit year; UserError where it is closed already."""
    with workspace.writing(f"关闭 {year} 年度"):
        refuse_closed(workspace, year)
        rows = workspace.query("SELECT c.* FROM closed_years AS c").read_all()
        new = pa.Table.from_pylist([*rows.to_pylist(), {"benefit_year": year, "closed_by": by, "year_closed_on": on}], schema=rows.schema)  # fmt: skip
        workspace.write("closed_years", new, workspace.produced("yibao settle close", year=year))
