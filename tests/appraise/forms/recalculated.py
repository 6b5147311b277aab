"""What an office program shows for a workbook: formulas computed with binary floats, as such programs do."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

_CELL = re.compile(r"\b[A-Z]+\d+\b")


def shown(sheet: Worksheet, address: str) -> float:
    """The number in a cell, its formula and all that it rests on recalculated."""
    value = sheet[address].value
    if not (isinstance(value, str) and value.startswith("=")):
        return value  # type: ignore[return-value]
    names = {name: shown(sheet, name) for name in _CELL.findall(value)}
    return float(eval(value[1:], {"SUM": _sum, "MIN": min, "ROUND": _round, "__builtins__": {}}, names))


def _sum(*values: Any) -> float:
    return sum(value for value in values if isinstance(value, (int, float)))


def _round(value: float, places: int) -> float:
    """Half up on the fifteen digits that a workbook keeps."""
    return float(Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP))
