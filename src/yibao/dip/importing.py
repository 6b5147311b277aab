"""`yibao dip pack import`: files of a catalogue → a pack. Every row is taken in, or refused with its place and the reason."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from yibao.dip.codes import CodeList, Side
from yibao.dip.expressions import cased, narrow
from yibao.dip.headings import columns, table_of
from yibao.dip.judged import LABELS, Judge, Refused
from yibao.dip.pack import COLUMNS, Manifest, load_pack, write_pack
from yibao.dip.settings import Settings, edition_defaults
from yibao.dip.sheets import Sheet, file_hash, pairs, read_sheets
from yibao.errors import UserError

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
    row: int
    column: str
    reason: str

    @property
    def sentence(self) -> str:
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


def import_pack(wanted: Wanted, out: Path) -> Imported:
    """Write the pack; UserError where nothing of the catalogue could be taken in, or `out` holds something else."""
    if out.exists() and not (out.is_dir() and ((out / "pack.yaml").is_file() or not any(out.iterdir()))):
        raise UserError(f"“{out}”已经有别的内容，没有写入。请换一个文件夹。")
    settings = _settings(wanted)
    done = Imported()
    tables: dict[str, list[tuple[str, ...]]] = {}
    _code_lists(wanted, tables, done)
    judge = Judge(wanted.edition, settings, _known(tables, "diagnosis"), _known(tables, "operation"))
    _Rows(wanted, judge, tables, done).read()
    if not tables.get("groups"):
        first = f"例如：{done.faults[0].sentence}。" if done.faults else "请确认表头。"
        raise UserError(f"“{wanted.catalogue.name}”里没有一行能用的病种，没有建立分组方案包。{first}")
    _publish(out, _manifest(wanted, settings, done), tables, done)
    return done


def _settings(wanted: Wanted) -> Settings:
    """The edition's defaults under what the city declares."""
    values: dict[str, Any] = dict(edition_defaults(wanted.edition))
    given: dict[str, Any] = {}
    if wanted.settings:
        try:
            given = yaml.safe_load(wanted.settings.read_text(encoding="utf-8")) or {}
        except (OSError, UnicodeDecodeError, yaml.YAMLError):
            raise UserError(f"设置文件“{wanted.settings}”读不出来，应是 YAML。") from None
    if not isinstance(given, dict):
        raise UserError(f"设置文件“{wanted.settings}”应是 名称: 值 的 YAML。")
    layers = {**values["layers"], **given.pop("layers", {})}
    try:
        return Settings.model_validate({**values, **given, "layers": layers})
    except ValidationError as error:
        first = error.errors()[0]
        raise UserError(
            f"设置文件“{wanted.settings}”的 {'.'.join(map(str, first['loc']))} 写法不对（{first['msg']}）。"
        ) from None


def _code_lists(wanted: Wanted, tables: dict[str, list[tuple[str, ...]]], done: Imported) -> None:
    for table in ("diagnoses", "operations"):
        if table in wanted.lists:
            tables[table] = list(_pairs(wanted.lists[table], table, done))
    for side, system, path in wanted.maps:
        name = f"map_{'diagnoses' if side == 'diagnosis' else 'operations'}_{narrow(system)}"
        tables[name] = list(_pairs(path, name, done))


def _pairs(path: Path, table: str, done: Imported) -> Iterator[tuple[str, str]]:
    is_map = table.startswith("map_")
    seen: set[tuple[str, str]] = set()
    for number, code, other in pairs(path):
        done.read[table] += 1
        text = cased(narrow(code))
        pair = (text, cased(narrow(other)) if is_map else other)
        reason = ""
        if not any(char.isdigit() for char in text):
            reason = "不是编码（表头？）"
        elif (text, pair[1] if is_map else "") in seen:
            reason = "重复"
        elif is_map and not other:
            reason = "没有对应的编码"
        if reason:
            done.faults.append(Fault(table, f"“{path.name}”", number, "code", f"“{code}”{reason}"))
            continue
        seen.add((text, pair[1] if is_map else ""))
        done.taken[table] += 1
        yield pair


def _known(tables: Mapping[str, list[tuple[str, ...]]], side: Side) -> CodeList:
    table = "diagnoses" if side == "diagnosis" else "operations"
    return CodeList(side, frozenset(row[0] for row in tables.get(table, ())))


class _Rows:
    """The rows of all files, judged one after the other."""

    def __init__(self, wanted: Wanted, judge: Judge, tables: dict[str, list[tuple[str, ...]]], done: Imported) -> None:
        self.wanted, self.judge, self.tables, self.done = wanted, judge, tables, done
        self.scores: dict[str, tuple[str, str]] = {}
        self.by_codes: dict[tuple[str, str], list[str]] = {}
        self.seen: dict[tuple[str, ...], int] = {}

    def read(self) -> None:
        for sheet in read_sheets(self.wanted.catalogue):
            self._sheet(sheet, table_of(sheet.name, self.wanted.edition))
        for table, path in self.wanted.lists.items():
            if table not in ("diagnoses", "operations"):
                for sheet in read_sheets(path):
                    self._sheet(sheet, table)
        if self.scores:
            self.tables["scores"] = [(group, *score) for group, score in self.scores.items()]

    def _sheet(self, sheet: Sheet, table: str) -> None:
        """Below the first row of headings every row counts; further headings are refused as rows and read as headings."""
        places: dict[str, int] | None = None
        for number, cells in sheet.rows:
            headings = columns(table, cells)
            if places is None:
                places = headings
                continue
            self.done.read[table] += 1
            if headings is not None:
                places = headings
                self._refuse(table, sheet, number, "", "夹在数据中的表头")
                continue
            named = {name: cells[place] for name, place in places.items() if place < len(cells)}
            try:
                self._row(table, named, sheet, number)
            except Refused as refused:
                self._refuse(table, sheet, number, refused.column, refused.reason)
        if places is None and sheet.rows:
            self.done.left.append(f"{sheet.where}没有“{TABLES[table]}”的表头，{len(sheet.rows)} 行没有读")

    def _refuse(self, table: str, sheet: Sheet, number: int, column: str, reason: str) -> None:
        self.done.faults.append(Fault(table, sheet.where, number, column, reason))

    def _row(self, table: str, cells: Mapping[str, str], sheet: Sheet, number: int) -> None:
        self.judge.repairs.clear()
        if table == "scores":
            self._score(cells)
        else:
            found = self.judge.group(cells, sheet.name) if table == "groups" else self.judge.listed(table, cells)
            row = tuple(found.get(name, "") for name in COLUMNS[table])
            score = self.judge.score(cells) if table == "groups" else ("", "")
            self._once(table, found, number)
            self.tables.setdefault(table, []).append(row)
            if table == "groups":
                self._taken(found, score)
        self.done.taken[table] += 1
        for column, said in self.judge.repairs:
            self.done.repairs.append(Fault(table, sheet.where, number, column, said))

    def _once(self, table: str, found: Mapping[str, str], number: int) -> None:
        """Refused for a row that is there already."""
        if table == "groups":
            keys = [("seq", found["seq"]), ("row", *(found[n] for n in COLUMNS["groups"] if n not in ("seq", "name")))]
        elif table == "primary_care":
            keys = [("primary", found["principal_dx"], found["proc_expr"])]
        else:
            keys = [(table, found["code"])]
        for key in keys:
            if key in self.seen:
                what = (
                    f"序号“{found['seq']}”" if key[0] == "seq" else "诊断和手术操作" if len(key) > 2 else f"“{key[1]}”"
                )
                raise Refused("seq" if key[0] == "seq" else "", f"{what}与第 {self.seen[key]} 行重复")
        for key in keys:
            self.seen[key] = number

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


def _manifest(wanted: Wanted, settings: Settings, done: Imported) -> Manifest:
    used = [wanted.catalogue, *wanted.lists.values(), *(path for _, _, path in wanted.maps)]
    used += [wanted.settings] if wanted.settings else []
    return Manifest.model_validate(
        {
            "name": wanted.name or wanted.catalogue.stem,
            "edition": wanted.edition,
            "region": wanted.region,
            "from": wanted.valid_from,
            "to": wanted.valid_to,
            "source": wanted.catalogue.name,
            "files": {path.name: file_hash(path) for path in used},
            "status": wanted.status,
            "counts": dict(done.layers),
            "settings": settings,
        }
    )


def _publish(out: Path, manifest: Manifest, tables: Mapping[str, list[tuple[str, ...]]], done: Imported) -> None:
    """Written beside and put in place whole, after it was read back."""
    out.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".pack-", dir=out.parent))
    try:
        write_pack(work, manifest, tables)
        lines = [(f.table, f.where, str(f.row), LABELS.get(f.column, ""), f.reason) for f in done.faults]
        text = "".join("\t".join(line) + "\n" for line in (("表", "文件", "行", "列", "原因"), *lines))
        (work / "rejected.tsv").write_text(text, encoding="utf-8")
        load_pack(work)
        if out.exists():
            shutil.rmtree(out)
        work.chmod(0o755)
        work.rename(out)
    finally:
        shutil.rmtree(work, ignore_errors=True)
