"""Cells of a workbook that say nothing although something stands there."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import openpyxl

from yibao.store.importing.formulas import silent_cells


def test_it_names_what_has_no_value(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "甲&乙"
    book.worksheets[0].append([1, "=A1*2", "#DIV/0!", "=1"])
    book.create_sheet("无").append(["=不是公式" * 0, "x"])
    book.save(tmp_path / "a.xlsx")
    found = silent_cells(tmp_path / "a.xlsx")
    assert [(name, [(c.row, c.place, c.cell, c.error) for c in cells]) for name, cells in found.items()] == [
        ("甲&乙", [(1, 1, "B1", ""), (1, 2, "C1", "#DIV/0!"), (1, 3, "D1", "")])
    ]


def test_saved_values_are_values_even_the_empty_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append([1])
    book.save(tmp_path / "a.xlsx")
    cells = (
        '<c r="A1"><f>B1</f><v>7</v></c><c r="B1" t="str"><f>""</f><v></v></c>'
        '<c r="C1" t="str"><f>""</f></c><c r="D1"><f t="shared" si="0"/><v>1</v></c>'
    )
    with ZipFile(tmp_path / "a.xlsx") as given, ZipFile(tmp_path / "b.xlsx", "w") as out:
        for entry in given.infolist():
            content = given.read(entry)
            if "worksheets/sheet" in entry.filename:
                content = content.replace(b'<c r="A1" t="n"><v>1</v></c>', cells.encode())
                assert b"si=" in content
            out.writestr(entry, content)
    assert [cell.cell for cell in silent_cells(tmp_path / "b.xlsx")["Sheet"]] == ["C1"]
