"""A pack's folder: read with file and line of a mistake, and written."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Literal, TypeVar

import yaml
from pydantic import ValidationError

from yibao.dip.codes import CodeList
from yibao.dip.complaints import complaint
from yibao.dip.expressions import narrow
from yibao.dip.pack import COLUMNS, MARKS, MORE, Manifest, Pack, Row
from yibao.dip.pack_rows import exclusion, number, primary_row, rank, read_row, whole
from yibao.dip.settings import Settings
from yibao.errors import UserError

T = TypeVar("T")
#: of the manifest: written only where they are said
OPTIONAL = ("region_mean_cost", "score_scale", "scale_cost", "score_digits", "auxiliary")


def load_pack(folder: Path) -> Pack:
    """The pack of a folder; UserError names file and line of a mistake."""
    if not (folder / "pack.yaml").is_file():
        raise UserError(f"“{folder}”不是分组方案包（没有 pack.yaml）。请用 yibao dip pack import 建立。")
    if not (folder / "groups.tsv").is_file():
        raise UserError(f"分组方案包“{folder}”不完整：没有 groups.tsv（病种）。请重新建立或导入。")
    manifest = _manifest(folder / "pack.yaml")
    settings = manifest.settings
    scores = {row["seq"]: row for row in _table(folder, "scores")}
    severity = _by(_table(folder, "severity"), "list", "code")
    _listed(folder, manifest, severity)
    _measured(folder, manifest, scores)
    order = count()
    rows = tuple(_read(folder, "groups", _row_of(scores, settings)))
    if not rows:
        raise UserError(f"分组方案包的“{folder / 'groups.tsv'}”里没有病种。请重新建立或导入这个方案包。")
    return Pack(
        manifest=manifest,
        rows=rows,
        excluded_diagnoses=frozenset(row["code"] for row in _table(folder, "excluded_diagnoses"))
        | set(settings.excluded_diagnoses),
        excluded_operations=dict(_read(folder, "excluded_procedures", lambda row: (row["code"], exclusion(row)))),
        primary_care=tuple(_read(folder, "primary_care", lambda row: primary_row(next(order), row))),
        resistant=frozenset(row["code"] for row in _table(folder, "tb_resistant")) | set(settings.tb_resistant),
        kinds=dict(_read(folder, "kinds", lambda row: (row["code"], (rank(row["kind"]), whole(row["level"] or "0"))))),
        diagnoses=_codes(folder, "diagnosis", settings),
        operations=_codes(folder, "operation", settings),
        auxiliary=dict(
            _read(
                folder, "auxiliary", lambda row: ((row["seq"], row["kind"], row["level"]), number(row["coefficient"]))
            )
        ),
        comorbidities=dict(
            _read(folder, "comorbidities", lambda row: (row["code"], (row["condition"], whole(row["weight"]))))
        ),
        severity=severity,
        marks=_marks(folder),
        institutions=dict(
            _read(
                folder, "institution_coefficients", lambda row: ((row["seq"], row["level"]), number(row["coefficient"]))
            )
        ),
        version=_version(folder),
    )


def _named(folder: Path, side: Literal["diagnosis", "operation"]) -> frozenset[str]:
    """Whole codes that the catalogue itself names: they exist, whatever an older code list says."""
    tables = ("groups", "primary_care", "excluded_procedures", "kinds")
    columns = ("principal_dx", "other_dx") if side == "diagnosis" else ("proc_expr", "related_proc")
    cells = [row[c] for table in tables for row in _table(folder, table) for c in columns if c in row]
    found = {code for cell in cells for part in cell.split("|") for code in part.split("+")}
    if side == "operation":
        found |= {row["code"] for table in tables[2:] for row in _table(folder, table)}
    return frozenset(code for code in found if len(code) > 5)


def _manifest(path: Path) -> Manifest:
    try:
        return Manifest.model_validate(yaml.safe_load(_text(path)))
    except ValidationError as error:
        raise UserError(f"分组方案包“{path}”写法不对：{complaint(error)}，请改正。") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"第 {mark.line + 1} 行" if mark else "有一处"
        raise UserError(f"分组方案包“{path}”{where}不是 YAML 的写法，请改正。") from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UserError(f"分组方案包的“{path}”读不出来，应是 UTF-8 文本。请重新建立或导入这个方案包。") from None


def _table(folder: Path, name: str) -> list[dict[str, str]]:
    path = folder / f"{name}.tsv"
    if not path.exists():
        return []
    rows = list(csv.reader(io.StringIO(_text(path)), delimiter="\t", quoting=csv.QUOTE_NONE))
    heading = tuple(rows[0]) if rows else ()
    if heading not in (COLUMNS[name], COLUMNS[name] + MORE.get(name, ())):
        raise UserError(f"分组方案包的“{path}”第 1 行应是 {'、'.join(COLUMNS[name])}。")
    for line, row in enumerate(rows[1:], 2):
        if len(row) != len(heading):
            raise UserError(f"分组方案包的“{path}”第 {line} 行有 {len(row)} 列，应是 {len(heading)} 列。")
    return [dict(zip(heading, row, strict=True)) for row in rows[1:]]


def _read(folder: Path, name: str, take: Callable[[Mapping[str, str]], T]) -> Iterator[T]:
    """The rows of a table as `take` understands them; UserError names the line that it does not (ValueError, Chinese)."""
    for line, row in enumerate(_table(folder, name), 2):
        try:
            yield take(row)
        except ValueError as error:
            raise UserError(f"分组方案包的“{folder / name}.tsv”第 {line} 行：{error}。") from None


def pack_tables(folder: Path, names: Iterable[str]) -> dict[str, list[tuple[str, ...]]]:
    """Tables of a pack as its files have them; those that it has not are left out."""
    found = {name: [tuple(row.values()) for row in _table(folder, name)] for name in names}
    return {name: rows for name, rows in found.items() if rows}


def _by(rows: Iterable[Mapping[str, str]], name: str, value: str) -> dict[str, frozenset[str]]:
    """The values under each name."""
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row[name], set()).add(row[value])
    return {key: frozenset(values) for key, values in found.items()}


def _marks(folder: Path) -> dict[str, frozenset[str]]:
    marks = _by(_table(folder, "marks"), "seq", "mark")
    if strange := sorted(frozenset().union(*marks.values()) - MARKS.keys()):
        raise UserError(f"分组方案包的“{folder / 'marks.tsv'}”里的标记“{strange[0]}”应是 {'、'.join(MARKS)} 之一。")
    return marks


def _listed(folder: Path, manifest: Manifest, severity: Mapping[str, frozenset[str]]) -> None:
    """The lists that the auxiliary rules name must be there."""
    if manifest.auxiliary is None:
        return
    if absent := sorted(manifest.auxiliary.lists - severity.keys()):
        raise UserError(f"分组方案包“{folder}”的辅助分型要用诊断名单“{absent[0]}”，severity.tsv 里没有。")
    if manifest.auxiliary.uses_comorbidity and not (folder / "comorbidities.tsv").is_file():
        raise UserError(f"分组方案包“{folder}”的辅助分型要用合并症指数，没有 comorbidities.tsv。")


def _measured(folder: Path, manifest: Manifest, scores: Mapping[str, Mapping[str, str]]) -> None:
    """Groups that are split must have the standard that a level takes multiples of."""
    rules = manifest.auxiliary
    if rules is None or not rules.uses_standard:
        return
    column, said = ("score", "分值") if rules.standard == "score" else ("mean_cost", "次均费用")
    split = dict.fromkeys(row["seq"] for row in _table(folder, "auxiliary"))
    if absent := [group for group in split if not scores.get(group, {}).get(column)]:
        raise UserError(f"分组方案包“{folder}”的辅助分型要用病种“{absent[0]}”的{said}作费用标准，scores.tsv 里没有。")


def _row_of(scores: Mapping[str, Mapping[str, str]], settings: Settings) -> Callable[[Mapping[str, str]], Row]:
    """Rows of groups.tsv in their order; ValueError also for a layer that the settings do not have."""
    order = count()

    def take(cells: Mapping[str, str]) -> Row:
        if cells["layer"] not in settings.layers:
            raise ValueError(f"层“{cells['layer']}”在 pack.yaml 的 settings.layers 里没有")
        return read_row(next(order), cells, scores.get(cells["seq"], {}))

    return take


def _codes(folder: Path, side: Literal["diagnosis", "operation"], settings: Settings) -> CodeList:
    table = "diagnoses" if side == "diagnosis" else "operations"
    maps: dict[str, dict[str, tuple[str, ...]]] = {}
    for path in sorted(folder.glob(f"map_{table}_*.tsv")):
        found = maps.setdefault(path.stem.removeprefix(f"map_{table}_"), {})
        for line in _text(path).splitlines():
            source, _, target = line.partition("\t")
            found[source] = (*found.get(source, ()), target)
    known = frozenset(row["code"] for row in _table(folder, table))
    exist = known | _named(folder, side) if known else known
    return CodeList(side, exist, maps, settings.dagger_key_mode, narrow(settings.code_system) if maps else "")


def _version(folder: Path) -> str:
    """One hash for everything that can change a group."""
    total = hashlib.sha256()
    for path in sorted((folder / "pack.yaml", *folder.glob("*.tsv"))):
        if path.name != "rejected.tsv" and path.is_file():
            total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def write_pack(folder: Path, manifest: Manifest, tables: Mapping[str, Iterable[Sequence[str]]]) -> None:
    """The files of a pack into an empty folder; `map_…` tables have no heading."""
    absent = {name for name in OPTIONAL if getattr(manifest, name) is None}
    said = manifest.model_dump(by_alias=True, mode="json", exclude=absent)
    text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False)
    (folder / "pack.yaml").write_text(text, encoding="utf-8")
    for name, rows in tables.items():
        rows = list(rows)
        wide = bool(rows) and name in COLUMNS and len(rows[0]) > len(COLUMNS[name])
        heading = [COLUMNS[name] + (MORE[name] if wide else ())] if name in COLUMNS else []
        lines = ("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in row) for row in (*heading, *rows))
        (folder / f"{name}.tsv").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


@contextmanager
def put_whole(out: Path) -> Iterator[Path]:
    """A folder beside `out` to write in; it takes the place of `out` where nothing went wrong, else it is gone. UserError where none can be made."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".pack-", dir=out.parent))
    except OSError as error:
        raise UserError(f"“{out}”写不进去（{error.strerror}）。请换一个文件夹，或检查写入权限和磁盘空间。") from None
    try:
        yield work
        if out.exists():
            shutil.rmtree(out)
        work.chmod(0o755)
        work.rename(out)
    finally:
        shutil.rmtree(work, ignore_errors=True)
