"""`yibao dip pack import`: files of a catalogue → a pack. Every row is taken in, or refused with its place and the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from yibao.dip.codes import CodeList, Side
from yibao.dip.complaints import complaint
from yibao.dip.expressions import cased, narrow
from yibao.dip.importing.judged import Judge
from yibao.dip.importing.paired import pairs
from yibao.dip.importing.rows import Fault, Imported, Rows, Wanted
from yibao.dip.importing.sheets import file_hash
from yibao.dip.importing.words import LABELS
from yibao.dip.pack import Manifest
from yibao.dip.packing import load_pack, put_whole, write_pack
from yibao.dip.settings import LAYER_NAMES, Settings, edition_defaults
from yibao.errors import UserError


def import_pack(wanted: Wanted, out: Path) -> Imported:
    """Write the pack; UserError where nothing of the catalogue could be taken in, or `out` holds something else."""
    if out.exists() and not (out.is_dir() and ((out / "pack.yaml").is_file() or not any(out.iterdir()))):
        raise UserError(f"“{out}”已经有别的内容，没有写入。请换一个文件夹。")
    settings = _settings(wanted)
    if (system := narrow(settings.code_system)) and system not in {narrow(name) for _, name, _ in wanted.maps}:
        raise UserError(
            f"设置里 code_system 是“{settings.code_system}”，没有这个名称的对照表，请用 --diagnosis-map、--operation-map 写明。"
        )
    done = Imported()
    tables: dict[str, list[tuple[str, ...]]] = {}
    _code_lists(wanted, tables, done)
    judge = Judge(wanted.edition, settings, _known(tables, "diagnosis"), _known(tables, "operation"))
    Rows(wanted, judge, tables, done).read()
    if not tables.get("groups"):
        first = f"例如：{done.faults[0].sentence}。" if done.faults else "请确认表头。"
        raise UserError(f"“{wanted.catalogue.name}”里没有一行能用的病种，没有建立分组方案包。{first}")
    _refuse_empty(wanted, done)
    done.notes += _missing(wanted, settings, tables)
    _publish(out, _manifest(wanted, settings, done), tables, done)
    return done


def _refuse_empty(wanted: Wanted, done: Imported) -> None:
    """UserError for a list or map that was named and of which no row could be taken in: it is another file."""
    maps = {_map_name(side, system): path for side, system, path in wanted.maps}
    for table, path in {**wanted.lists, **maps}.items():
        if not done.taken[table]:
            said = next(
                (f"例如：{fault.sentence}。" for fault in done.faults if fault.table == table),
                "请确认是不是这个文件，表头对不对。",
            )
            raise UserError(f"“{path.name}”里没有一行能用，没有建立分组方案包。{said}")


def _missing(wanted: Wanted, settings: Settings, tables: Mapping[str, list[tuple[str, ...]]]) -> Iterator[str]:
    """Lists without which the pack groups less than it could."""
    by_kind = any(row[1] in settings.layers and settings.layers[row[1]].by == "kind" for row in tables["groups"])
    if "kinds" not in tables and (by_kind or wanted.edition != "3.0"):
        yield "没有手术操作分类（--kinds）：综合病种、按保守治疗看待的手术操作都判断不了"
    unused = sorted({row[1] for row in tables["groups"]} - {layer for layer, _ in settings.steps()})
    if unused:
        yield f"设置的 order 里没有“{'、'.join(LAYER_NAMES.get(layer, layer) for layer in unused)}”，这些病种永远不会用到"
    if "excluded_diagnoses" not in tables and wanted.edition == "3.0":
        known = "、".join(settings.excluded_diagnoses) or "没有"
        yield f"没有不纳入分组的主要诊断名单（--excluded-diagnoses），只按设置里的：{known}"


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
    if isinstance(layers := given.get("layers"), dict):
        given["layers"] = {
            **values["layers"],
            **{name: _over(values["layers"].get(name), layers[name]) for name in layers},
        }
    try:
        return Settings.model_validate({**values, **given})
    except ValidationError as error:
        raise UserError(f"设置文件“{wanted.settings}”写法不对：{complaint(error)}。") from None


def _over(shipped: Any, said: Any) -> Any:
    """A layer of the edition with what the city says of it; what it does not say stays."""
    return {**shipped, **said} if isinstance(shipped, dict) and isinstance(said, dict) else said


def _code_lists(wanted: Wanted, tables: dict[str, list[tuple[str, ...]]], done: Imported) -> None:
    for table in ("diagnoses", "operations"):
        if table in wanted.lists:
            tables[table] = list(_pairs(wanted.lists[table], table, done))
    for side, system, path in wanted.maps:
        name = _map_name(side, system)
        tables[name] = list(_pairs(path, name, done, system))


def _map_name(side: Side, system: str) -> str:
    return f"map_{'diagnoses' if side == 'diagnosis' else 'operations'}_{narrow(system)}"


def _pairs(path: Path, table: str, done: Imported, system: str | None = None) -> Iterator[tuple[str, str]]:
    seen: set[tuple[str, str]] = set()
    for line in pairs(path, system):
        if line.is_heading and not done.read[table]:
            continue
        done.read[table] += 1
        code = cased(narrow(line.code))
        other = line.other if system is None else cased(narrow(line.other))
        key = (code, "" if system is None else other)
        if reason := line.fault or _refused(code, key in seen, bool(other) or system is None, line.code):
            done.faults.append(Fault(table, f"“{path.name}”", line.row, "code", reason))
            continue
        seen.add(key)
        done.taken[table] += 1
        yield code, other


def _refused(code: str, again: bool, leads: bool, said: str) -> str:
    if not any(char.isdigit() for char in code):
        return f"“{said}”不是编码（表头？）"
    if again:
        return f"“{said}”重复"
    return "" if leads else f"“{said}”没有对应的编码"


def _known(tables: Mapping[str, list[tuple[str, ...]]], side: Side) -> CodeList:
    table = "diagnoses" if side == "diagnosis" else "operations"
    return CodeList(side, frozenset(row[0] for row in tables.get(table, ())))


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
    with put_whole(out) as work:
        write_pack(work, manifest, tables)
        lines = [(f.table, f.where, str(f.row), LABELS.get(f.column, ""), f.reason) for f in done.faults]
        text = "".join("\t".join(line) + "\n" for line in (("表", "文件", "行", "列", "原因"), *lines))
        (work / "rejected.tsv").write_text(text, encoding="utf-8")
        load_pack(work)
