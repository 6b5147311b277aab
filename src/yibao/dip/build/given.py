"""The files that a user gives a build: kinds of operations, lists, the table of comorbidities, code lists, 中医优势病种."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yibao.dip.auxiliary.facts import Lists
from yibao.dip.codes import CodeList, Side
from yibao.dip.expressions import cased, diagnosis_key, narrow
from yibao.dip.importing.judged import Judge
from yibao.dip.importing.paired import pairs
from yibao.dip.importing.rows import Imported, Rows, Wanted
from yibao.dip.importing.sheets import file_hash, read_sheets
from yibao.dip.pack import HANDLINGS, Exclusion
from yibao.dip.settings import KINDS, Settings
from yibao.errors import UserError

LISTS = ("kinds", "excluded_diagnoses", "excluded_procedures")  #: read as `yibao dip pack import` reads them
CODES: Mapping[str, Side] = {"diagnoses": "diagnosis", "operations": "operation"}
OWN = ("comorbidities", "severity", "tcm", "bed_day")


@dataclass
class Files:
    """What was read: pack tables by name, hashes by file, and rows that were refused, in Chinese."""

    tables: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    tcm: frozenset[str] = frozenset()
    bed_day: frozenset[str] = frozenset()

    def code_list(self, table: str, mode: Any) -> CodeList:
        return CodeList(CODES[table], frozenset(row[0] for row in self.tables.get(table, ())), {}, mode)

    @property
    def kinds(self) -> dict[str, tuple[int, int]]:
        return {code: (KINDS.index(kind), int(level or 0)) for code, kind, level in self.tables.get("kinds", ())}

    @property
    def excluded_operations(self) -> dict[str, Exclusion]:
        return {code: Exclusion(HANDLINGS[rule]) for code, rule, _ in self.tables.get("excluded_procedures", ())}

    @property
    def lists(self) -> Lists:
        severity: dict[str, frozenset[str]] = {}
        for code, name in self.tables.get("severity", ()):
            severity[name] = severity.get(name, frozenset()) | {code}
        conditions = {code: (name, int(weight)) for code, name, weight in self.tables.get("comorbidities", ())}
        return Lists(conditions, severity)


def read_files(paths: Mapping[str, Path], edition: str, settings: Settings) -> Files:
    """UserError where a file cannot be read, or nothing in it can be used."""
    found = Files()
    for table in CODES:
        if table in paths:
            found.tables[table] = [(code, said) for _, code, said in _codes(paths[table])]
    judge = Judge(edition, settings, found.code_list("diagnoses", "both"), found.code_list("operations", "both"))
    lists = {table: paths[table] for table in LISTS if table in paths}
    _import(lists, edition, judge, found)
    if "comorbidities" in paths:
        found.tables["comorbidities"] = _keyed(paths["comorbidities"], 3, "编码、合并症、权重")
    if "severity" in paths:
        found.tables["severity"] = _keyed(paths["severity"], 2, "编码、名单", own=2)
    found.tcm, found.bed_day = (
        _first_cells(paths[name]) if name in paths else frozenset() for name in ("tcm", "bed_day")
    )
    found.hashes = {path.name: file_hash(path) for path in paths.values()}
    return found


def _import(lists: Mapping[str, Path], edition: str, judge: Judge, found: Files) -> None:
    """The lists of a pack, as an import takes them; there is no catalogue file."""
    done = Imported()
    for table, path in lists.items():
        rows: dict[str, list[tuple[str, ...]]] = {}
        Rows(Wanted(path, edition, {table: path}), judge, rows, done).read_lists()
        if not rows.get(table):
            first = f"例如：{done.faults[0].sentence}。" if done.faults else "请确认表头。"
            raise UserError(f"“{path.name}”里没有一行能用。{first}")
        found.tables[table] = rows[table]
    found.refused += [fault.sentence for fault in done.faults]


def _codes(path: Path) -> list[tuple[int, str, str]]:
    found = [(line.row, cased(narrow(line.code)), line.other) for line in pairs(path) if not line.fault]
    kept = [one for one in found if any(char.isdigit() for char in one[1])]
    if not kept:
        raise UserError(f"“{path.name}”里没有一行能用；各列应是 编码、名称。")
    return kept


def _keyed(path: Path, width: int, heading: str, own: int = 1) -> list[tuple[str, ...]]:
    """Rows whose first cell is a key of a diagnosis, one for each first `own` cells; a heading may stand first.

    UserError names the row that is not so.
    """
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for sheet in read_sheets(path):
        for place, (number, cells) in enumerate(sheet.rows):
            fault = _fault(cells, width)
            if fault and place == 0:
                continue
            if fault:
                raise UserError(f"{sheet.where}第 {number} 行{fault}；各列应是 {heading}。")
            row = (str(diagnosis_key(cells[0])), *cells[1:width])
            if found.setdefault(row[:own], row) != row:
                raise UserError(f"{sheet.where}第 {number} 行的 {row[0]} 前面已有，内容不同，请改正。")
    if not found:
        raise UserError(f"“{path.name}”里没有一行能用；各列应是 {heading}。")
    return [found[key] for key in sorted(found)]


def _fault(cells: Sequence[str], width: int) -> str:
    if len(cells) < width or not all(cells[:width]):
        return f"少于 {width} 列"
    try:
        diagnosis_key(cells[0])
    except ValueError as error:
        return f"：{error}"
    return f"的权重“{cells[2]}”应是整数" if width == 3 and not cells[2].isdigit() else ""


def _first_cells(path: Path) -> frozenset[str]:
    """A list of groups, one a line."""
    found = {cells[0] for sheet in read_sheets(path) for _, cells in sheet.rows if cells and "-" in cells[0]}
    if not found:
        raise UserError(f"“{path.name}”里没有病种编码，应一行一个，如 J18.9-0。")
    return frozenset(found)
