"""The cells of an old .xls as JSON on standard output, by python-calamine: run as a process of its own by `xls`.

A damaged file can make the reader ask for more memory than there is, which ends the process; so this one is not ours.
Imports nothing of the project: it starts fast.
"""

import datetime as dt
import json
import sys
from typing import Any

from python_calamine import CalamineWorkbook, SheetVisibleEnum

MAX_SHEETS = 200
MAX_CELLS = 200_000  #: cells with something in them, over all sheets
MAX_MERGES = 20_000


def cell(value: Any) -> list[Any] | None:
    """[kind, value] of a cell that is not blank."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return ["text", str(value).upper()]
    if isinstance(value, int | float):
        return ["number", value]
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return [
            "date",
            (dt.datetime.combine(dt.date(1900, 1, 1), value) if isinstance(value, dt.time) else value).isoformat(),
        ]
    return ["text", str(value)]


def main(path: str) -> None:
    """Print {"hidden": […], "sheets": [{"name", "cells": [[row, column, kind, value]], "merges", "cut"}]}."""
    book = CalamineWorkbook.from_path(path)
    shown = [m.name for m in book.sheets_metadata if m.visible == SheetVisibleEnum.Visible]
    hidden = [m.name for m in book.sheets_metadata if m.visible != SheetVisibleEnum.Visible]
    left = MAX_CELLS
    sheets: list[dict[str, Any]] = []
    for name in shown[:MAX_SHEETS]:
        sheet = book.get_sheet_by_name(name)
        top, first = sheet.start or (0, 0)
        cells: list[list[Any]] = []
        cut = None
        for r, row in enumerate(sheet.to_python(skip_empty_area=True), top):
            if left < 0:
                cut = r
                break
            found = [[r, c, *kept] for c, value in enumerate(row, first) if (kept := cell(value)) is not None]
            left -= len(found)
            cells += found
        merges = [[*start, *end] for start, end in (sheet.merged_cell_ranges or [])[:MAX_MERGES]]
        sheets.append({"name": name, "cells": cells, "merges": merges, "cut": cut})
    json.dump({"hidden": hidden, "shown": len(shown), "sheets": sheets}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
