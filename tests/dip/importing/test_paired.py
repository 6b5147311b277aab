"""Lists of codes and maps between systems, in the shapes in which offices hand them on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from tests.dip.making import case, catalogue, row
from yibao.dip.grouping.group import Grouper
from yibao.dip.importing.catalogue import import_pack
from yibao.dip.importing.paired import pairs
from yibao.dip.importing.rows import Imported, Wanted
from yibao.dip.packing import load_pack


def read(path: Path, system: str | None = None) -> list[tuple[str, str]]:
    return [(line.code, line.other) for line in pairs(path, system) if not (line.is_heading or line.fault)]


def workbook(path: Path, *rows: Sequence[object]) -> Path:
    book = openpyxl.Workbook()
    for cells in rows:
        book.worksheets[0].append(cells)
    book.save(path)
    return path


@pytest.mark.parametrize("name", ["a.dat", "a.txt", "a.tsv"])
def test_lines_of_code_and_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("D34.x00 甲状腺良性肿瘤, 其他\nI10.x00\t高血压\n\n", encoding="utf-8")
    assert read(tmp_path / name) == [("D34.x00", "甲状腺良性肿瘤, 其他"), ("I10.x00", "高血压")]


def test_a_list_with_numbers_in_front(tmp_path: Path) -> None:
    rows = [[1, "D34.x00", "甲状腺"], [2, "06.1101", "活检"]]
    expected = [("D34.x00", "甲状腺"), ("06.1101", "活检")]
    assert read(workbook(tmp_path / "a.xlsx", ["序号", "编码", "名称"], *rows)) == expected
    assert read(workbook(tmp_path / "b.xlsx", *rows)) == expected
    (tmp_path / "c.tsv").write_text("序号\t版本\t诊断代码\t诊断名称\n1\t2.0\tD34.x00\t甲状腺\n", encoding="utf-8")
    assert read(tmp_path / "c.tsv") == expected[:1]


def test_the_columns_of_a_map_are_found_by_their_headings(tmp_path: Path) -> None:
    forth = workbook(
        tmp_path / "a.xlsx",
        ["临床版编码", "临床版名称", "医保版编码", "医保版名称"],
        ["K35.301", "阑尾炎", "K35.300", "阑尾炎"],
    )
    back = workbook(tmp_path / "b.xlsx", ["医保版编码", "名称", "国家临床版编码"], ["K35.300", "阑尾炎", "K35.301"])
    bare = workbook(tmp_path / "c.xlsx", ["K35.301", "阑尾炎", "K35.300", "阑尾炎"])
    for path in (forth, back, bare):
        assert read(path, "临床版") == [("K35.301", "K35.300")]


def imported(tmp_path: Path, path: Path) -> tuple[Grouper, Imported]:
    rows = catalogue(tmp_path / "groups.tsv", [row("JC-1", "JC", "D34")])
    done = import_pack(Wanted(rows, "3.0", maps=(("diagnosis", "临床版", path),)), tmp_path / "pack")
    return Grouper(load_pack(tmp_path / "pack")), done


def test_what_a_map_cannot_say_is_told_by_line(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "对照.xlsx", ["临床版编码", "临床版名称", "医保版编码"], ["D34.x01", "甲", "D34.x00"], ["D34.x01", "甲", "D34.x00"],
        ["D34.x02", "乙", None], ["D34.x03", "丙", "=A1"], ["临床版编码", "临床版名称", "医保版编码"],
    )  # fmt: skip
    grouper, done = imported(tmp_path, path)
    assert [(fault.row, fault.reason.split("；")[0]) for fault in done.faults] == [
        (3, "“D34.x01”重复"),
        (4, "“D34.x02”没有对应的编码"),
        (5, "C5 单元格是公式，没有保存的值"),
        (6, "“临床版编码”不是编码（表头？）"),
    ]
    assert grouper.group(case("D34.x01", code_system="临床版")).group == "JC-1"
    assert grouper.group(case("D34.x02", code_system="临床版")).flags == ("UNGROUPED", "UNMAPPED_CODE")
