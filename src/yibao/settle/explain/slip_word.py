"""The 结算单 as a Word document: one page of A4, to be printed and handed over."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH

from yibao.paper.archive import document_bytes
from yibao.paper.grid import add_grid, fill_cell
from yibao.paper.plain import add_notes, add_signature, add_text, plain_document
from yibao.settle.explain.slip import Slip

MARGIN = 20  #: millimetres; the tables are as wide as the rest, 170
_ROOM = 2  #: points above and below the text of a cell
_SIGN = "经办人：　　　　　　　　　　　患者（家属）签字：　　　　　　　　　　　日期："
_RIGHT, _LEFT = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT


def write_word(slip: Slip, path: Path) -> None:
    """Write the statement to a file."""
    document = plain_document(slip.title, MARGIN)
    _pairs(document, slip.facts, _LEFT)
    add_text(document, "费用与政策（元）", bold=True)
    _pairs(document, (*slip.fees, *slip.policy), _RIGHT)
    add_text(document, "支付（元）", bold=True)
    _table(document, [("支付方", "本次", "本年累计（含本次）"), *slip.paid, *slip.patient])
    add_notes(document, slip.notes)
    add_signature(document, _SIGN)
    path.write_bytes(document_bytes(document))


def _pairs(document: Any, pairs: Sequence[tuple[str, str]], align: Any) -> None:
    """Two pairs of label and value a line."""
    made = add_grid(document, -(-len(pairs) // 2), (40, 47, 28, 55))
    for at, (label, value) in enumerate(pairs):
        cells = made.rows[at // 2].cells
        fill_cell(cells[at % 2 * 2], label, _LEFT, bold=True, room=_ROOM)
        fill_cell(cells[at % 2 * 2 + 1], value, align, room=_ROOM)


def _table(document: Any, rows: Sequence[tuple[str, str, str]]) -> None:
    made = add_grid(document, len(rows), (70, 50, 50))
    for at, row in enumerate(rows):
        total = at == 0 or "合计" in row[0]
        for cell, text, align in zip(made.rows[at].cells, row, (_LEFT, _RIGHT, _RIGHT), strict=True):
            fill_cell(cell, text, align, bold=total, room=_ROOM)
