"""The rows of all files of a catalogue, judged one after the other: taken in, or refused with place and reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from yibao.dip.codes import Side
from yibao.dip.expressions import narrow
from yibao.dip.importing.headings import columns, is_code, table_of
from yibao.dip.importing.judged import Judge
from yibao.dip.importing.sheets import Sheet, read_sheets
from yibao.dip.importing.words import LABELS, Refused
from yibao.dip.pack import COLUMNS
from yibao.store.importing.formulas import Silent

TABLES: Mapping[str, str] = {
    "groups": "病种",
    "excluded_diagnoses": "不纳入分组的主要诊断",
    "excluded_procedures": "不纳入分组的手术操作",
    "primary_care": "基层病种",
    "tb_resistant": "结核耐药诊断",
    "kinds": "手术操作分类",
    "scores": "分值",
    "diagnoses": "诊断编码库",
    "operations": "手术操作编码库",
}


@dataclass(frozen=True)
class Wanted:
    """What a pack is to be made from, and what it is to be called."""

    catalogue: Path
    edition: str
    lists: Mapping[str, Path] = field(default_factory=dict)  #: table → file
    maps: tuple[tuple[Side, str, Path], ...] = ()  #: side, name of the system, file
    settings: Path | None = None
    name: str = ""
    region: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    status: str = "inferred"


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that was refused."""

    table: str
    where: str
    row: int  #: 0: the whole sheet
    column: str
    reason: str

    @property
    def sentence(self) -> str:
        if not self.row:
            return f"{self.where}{self.reason}"
        column = f"“{LABELS[self.column]}”" if self.column in LABELS else ""
        return f"{self.where}第 {self.row} 行{column}：{self.reason}"


@dataclass
class Imported:
    """What became of the rows."""

    read: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    layers: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    repairs: list[Fault] = field(default_factory=list)
    left: list[str] = field(default_factory=list)  #: sheets in which there is no heading
    notes: list[str] = field(default_factory=list)  #: columns that were not used, tables that are missing


class Rows:
    """The rows of all files, judged one after the other."""

    def __init__(self, wanted: Wanted, judge: Judge, tables: dict[str, list[tuple[str, ...]]], done: Imported) -> None:
        self.wanted, self.judge, self.tables, self.done = wanted, judge, tables, done
        self.scores: dict[str, tuple[str, str]] = {}
        self.by_codes: dict[tuple[str, str], list[str]] = {}
        self.seen: dict[tuple[str, ...], tuple[str, int]] = {}  #: where a row was met first

    def read(self) -> None:
        for sheet in read_sheets(self.wanted.catalogue):
            self._sheet(sheet, table_of(sheet.name, self.wanted.edition))
        self.read_lists()
        if self.scores:
            self.tables["scores"] = [(group, *score) for group, score in self.scores.items()]

    def read_lists(self) -> None:
        """The other files alone."""
        for table, path in self.wanted.lists.items():
            if table not in ("diagnoses", "operations"):
                sheets = read_sheets(path)
                named = [sheet for sheet in sheets if table_of(sheet.name, self.wanted.edition) == table]
                for sheet in named or sheets:  # of a workbook of many sheets those that are called so
                    self._sheet(sheet, table)

    def _sheet(self, sheet: Sheet, table: str) -> None:
        """Below the first row of headings every row counts; further headings are refused as rows and read as headings."""
        places: dict[str, int] | None = None
        above: tuple[str, ...] = ()
        merged = 0
        before: list[int] = []
        for number, cells in sheet.rows:
            headings = columns(table, cells)
            if places is None:
                places, above = headings or columns(table, cells, above), cells
                self._unused(sheet, cells, places)
                before += [number] if any(map(is_code, cells)) else []
                continue
            self.done.read[table] += 1
            merged += number in sheet.merged
            if headings is not None:
                places = headings
                self._refuse(table, sheet, number, "", "夹在数据中的表头")
                continue
            named = {name: cells[place] for name, place in places.items() if place < len(cells)}
            named["seq"] = named.get("group") or named.get("seq", "")  # the number of a group before that of a line
            try:
                _heard(places, sheet.silent.get(number, ()))
                self._row(table, named, sheet, number)
            except Refused as refused:
                self._refuse(table, sheet, number, refused.column, refused.reason)
        if places is not None:
            for number in before:
                self.done.read[table] += 1
                self._refuse(table, sheet, number, "", "在表头的上面，没有读")
        if sheet.hidden and places is not None:
            self.done.repairs.append(Fault(table, sheet.where, 0, "", "是隐藏的工作表，也读了"))
        if merged:
            said = f"有上下合并的单元格，{merged} 行按合并的值读"
            self.done.repairs.append(Fault(table, sheet.where, 0, "", said))
        if places is None and sheet.rows:
            self.done.left.append(f"{sheet.where}没有“{TABLES[table]}”的表头，{len(sheet.rows)} 行没有读")

    def _unused(self, sheet: Sheet, headings: Sequence[str], places: Mapping[str, int] | None) -> None:
        """Columns that the headings name and nobody reads: told, not passed over."""
        unused = [cell for i, cell in enumerate(headings) if cell and places and i not in places.values()]
        if unused:
            self.done.notes.append(f"{sheet.where}没有用的列：{'、'.join(unused)}")

    # one row

    def _refuse(self, table: str, sheet: Sheet, number: int, column: str, reason: str) -> None:
        self.done.faults.append(Fault(table, sheet.where, number, column, " ".join(reason.split())))

    def _row(self, table: str, cells: Mapping[str, str], sheet: Sheet, number: int) -> None:
        self.judge.repairs.clear()
        if table == "scores":
            self._score(cells)
        else:
            found = self.judge.group(cells, sheet.name) if table == "groups" else self.judge.listed(table, cells)
            row = tuple(found.get(name, "") for name in COLUMNS[table])
            score = self.judge.score(cells) if table == "groups" else ("", "")
            self._once(table, found, sheet.where, number)
            self.tables.setdefault(table, []).append(row)
            if table == "groups":
                self._taken(found, score)
        self.done.taken[table] += 1
        for column, said in self.judge.repairs:
            self.done.repairs.append(Fault(table, sheet.where, number, column, said))

    def _once(self, table: str, found: Mapping[str, str], where: str, number: int) -> None:
        """Refused for a row that is there already."""
        if table == "groups":
            told = found["proc_expr"] and found["layer"] != "comprehensive"  # then its kind is no part of what it is
            skipped = ("seq", "name", "kind", "level") if told else ("seq", "name")
            keys = [("seq", found["seq"]), ("row", *(_sorted(found[n]) for n in COLUMNS["groups"] if n not in skipped))]
        elif table == "primary_care":
            keys = [("primary", _sorted(found["principal_dx"]), _sorted(found["proc_expr"]))]
        else:
            keys = [(table, found["code"])]
        for key in keys:
            if key in self.seen:
                what = (
                    f"序号“{found['seq']}”" if key[0] == "seq" else "诊断和手术操作" if len(key) > 2 else f"“{key[1]}”"
                )
                first, line = self.seen[key]
                other = "" if first == where else first
                raise Refused("seq" if key[0] == "seq" else "", f"{what}与{other}第 {line} 行重复")
        for key in keys:
            self.seen[key] = where, number

    def _taken(self, found: Mapping[str, str], score: tuple[str, str]) -> None:
        self.done.layers[found["layer"]] += 1
        self.by_codes.setdefault((found["principal_dx"], found["proc_expr"]), []).append(found["seq"])
        if any(score):
            self.scores[found["seq"]] = score

    def _score(self, cells: Mapping[str, str]) -> None:
        """By number, or where there is none by the codes of the group."""
        groups = [narrow(cells.get("seq", ""))]
        if ("seq", groups[0]) not in self.seen:
            dx = self.judge._keys(cells.get("principal_dx", ""), "principal_dx")
            groups = self.by_codes.get((dx, self.judge.expression(cells.get("proc_expr", ""), "proc_expr")), [])
        if len(groups) != 1:
            raise Refused("seq", "目录里没有这个病种" if not groups else "诊断和手术操作相同的病种不止一个，请写序号")
        if groups[0] in self.scores:
            raise Refused("seq", f"“{groups[0]}”的分值已经有了")
        score = self.judge.score(cells)
        if not score[0]:
            raise Refused("score", "没有写分值")
        self.scores[groups[0]] = score


def _heard(places: Mapping[str, int], silent: Sequence[Silent]) -> None:
    """Refused where a cell that is asked for has no value that can be read."""
    for name, place in places.items():
        for cell in silent:
            if cell.place == place:
                raise Refused(name, cell.said)


def _sorted(alternatives: str) -> str:
    """The order of alternatives is no difference."""
    return "|".join(sorted(alternatives.split("|")))
