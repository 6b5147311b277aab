"""Reading packs from their folders; a mistake is told with file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from yibao.errors import UserError
from yibao.periods import gaps, overlaps
from yibao.region.benefits.checks import problems
from yibao.region.located import LINE, read_located, without_lines
from yibao.region.notices import faults, settings
from yibao.region.pack import Pack
from yibao.region.rules import Dated, Rule, Status, Value

LISTS = ("parameters", "notices")  #: parameters by key, and by document
KINDS = ("formulas", "scoring", "bounds")  #: kinds of rules, each read by the module of that name
_MANIFEST = "pack.yaml"


class _Manifest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str = Field(pattern=r"^[a-z]{2}(-\d{2,6})?$")
    name: str
    parent: str | None = None
    status: Status
    places: tuple[str, ...] = ()


def load_packs(root: Path, *, above: Mapping[str, Pack] | None = None, checked: bool = True) -> dict[str, Pack]:
    """The packs of a folder (or the one that it is) by code, linked to their parents, which may be among those `above`.

    UserError names file and line of a mistake. Not `checked`: benefit parameters are taken as they stand, for whoever
    lists all that is wrong with them.
    """
    paths = [root / _MANIFEST] if (root / _MANIFEST).is_file() else sorted(root.glob(f"*/{_MANIFEST}"))
    manifests = {m.code: (m, path.parent) for path in paths for m in [_manifest(path)]}
    packs: dict[str, Pack] = {code: pack for code, pack in (above or {}).items() if code not in manifests}

    def build(code: str, below: tuple[str, ...]) -> Pack:
        if code in packs:
            return packs[code]
        manifest, folder = manifests[code]
        if manifest.parent in (*below, code):
            raise UserError(f"地区包文件 {folder / _MANIFEST} 的上级 {manifest.parent} 绕了一圈，请改正 parent。")
        if manifest.parent is not None and manifest.parent not in {*manifests, *packs}:
            raise UserError(
                f"地区包文件 {folder / _MANIFEST} 的上级 {manifest.parent} 没有地区包，请补上或改正 parent。"
            )
        parent = build(manifest.parent, (*below, code)) if manifest.parent else None
        packs[code] = _pack(folder, manifest, parent, checked)
        return packs[code]

    for code in manifests:
        build(code, ())
    return packs


def _pack(folder: Path, manifest: _Manifest, parent: Pack | None, checked: bool) -> Pack:
    parameters, rules = _contents(folder, manifest.code)
    pack = Pack(manifest.code, manifest.name, manifest.status, manifest.places, parent, parameters, rules)
    for problem in problems(pack) if checked else ():
        raise problem
    return pack


def _manifest(path: Path) -> _Manifest:
    data = read_located(path)
    if not isinstance(data, dict):
        raise UserError(f"地区包文件 {path} 是空的，至少要有 code、name、status。")
    return _checked(_Manifest, data, path, data[LINE])


def _contents(folder: Path, code: str) -> tuple[dict[str, tuple[Value, ...]], tuple[Rule, ...]]:
    written: dict[str, tuple[Value, ...]] = {}
    noticed: dict[str, list[Value]] = {}
    rules: list[Rule] = []
    for path, kind, entry in _all_entries(folder):
        if kind == "parameters":
            key, values = _parameter(entry, path)
            if key in written:
                raise UserError(f"地区包文件 {path} 第 {entry[LINE]} 行的参数 {key} 已经写过，请合并。")
            written[key] = values
        elif kind == "notices":
            for key, value in _notice(entry, path):
                noticed.setdefault(key, []).append(value)
        else:
            rules.append(_rule(entry, kind, path, code))
    for rule in rules:
        if clash := _clash([r for r in rules if (r.kind, r.id) == (rule.kind, rule.id)]):
            raise rule.error(f"{clash} 有两条同名规则，请改正起止日期")
    parameters = {key: (*written.get(key, ()), *noticed.get(key, ())) for key in [*written, *noticed]}
    for key, told in noticed.items():
        for value, fault in faults(told, parameters[key]):
            raise value.error(key, fault)
    return parameters, tuple(rules)


def _all_entries(folder: Path) -> Iterator[tuple[Path, str, dict[str, Any]]]:
    """Every entry of every list in a pack's files, with the file and the kind of the list."""
    for path in sorted(folder.glob("*.yaml")):
        data = read_located(path) if path.name != _MANIFEST else None
        if data is None:
            continue
        if not isinstance(data, dict):
            raise UserError(f"地区包文件 {path} 第 1 行应是 parameters 或规则种类，请照其他地区包的写法改正。")
        for kind, entries in _kinds(data, path).items():
            yield from ((path, kind, entry) for entry in _entries(entries, path, kind))


def _kinds(data: dict[str, Any], path: Path) -> dict[str, Any]:
    """The lists of a file by kind; a kind that nobody reads is a slip of the pen."""
    for kind in data:
        if kind not in (LINE, *LISTS, *KINDS):
            known = "、".join((*LISTS, *KINDS))
            raise UserError(f"地区包文件 {path} 里的“{kind}”不是规则种类，应是 {known} 之一，请改正。")
    return {key: value for key, value in data.items() if key != LINE}


def _entries(entries: Any, path: Path, kind: str) -> Sequence[dict[str, Any]]:
    """The entries of one list of a file."""
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UserError(f"地区包文件 {path} 的 {kind} 应是一个列表，每项一条，请照其他地区包的写法改正。")
    return entries


def _parameter(entry: dict[str, Any], path: Path) -> tuple[str, tuple[Value, ...]]:
    line = entry[LINE]
    extra = set(entry) - {"key", "label", "values", LINE}
    if "key" not in entry or "values" not in entry or extra:
        raise UserError(f"地区包文件 {path} 第 {line} 行的参数要有 key、label、values，且只有这几项，请改正。")
    values = tuple(_value(v, path) for v in _entries(entry["values"], path, str(entry["key"])))
    where = f"地区包文件 {path} 第 {line} 行的参数 {entry['key']}"
    if clash := _clash(values):
        raise UserError(f"{where} 在 {clash} 有两个值，请改正起止日期。")
    if holes := gaps([v.span for v in values]):
        raise UserError(f"{where} 在 {holes[0].start} 至 {holes[0].end} 没有值，请补上。")
    return str(entry["key"]), values


def _notice(entry: dict[str, Any], path: Path) -> Iterator[tuple[str, Value]]:
    """The values that one document sets."""
    try:
        found = list(settings(entry))
    except ValueError as error:
        raise UserError(f"地区包文件 {path} {error}，请改正后再运行。") from None
    for key, data in found:
        yield key, _value(data, path)


def _value(data: dict[str, Any], path: Path) -> Value:
    return _checked(Value, {**data, "file": str(path), "line": data[LINE]}, path, data[LINE])


def _clash(dated: Sequence[Dated]) -> date | None:
    """The first day on which two of them hold that became known together; a later notice may reach back."""
    for known in {item.known_from for item in dated}:
        if found := overlaps([item.span for item in dated if item.known_from == known]):
            return found[0][1].start
    return None


_HEAD = ("from", "to", "known_from", "source", "clause", "grade", "status", "id")


def _rule(entry: dict[str, Any], kind: str, path: Path, code: str) -> Rule:
    head = {key: entry[key] for key in _HEAD if key in entry}
    body = without_lines({key: value for key, value in entry.items() if key not in _HEAD})
    place = {"kind": kind, "body": body, "pack": code, "file": str(path), "line": entry[LINE]}
    return _checked(Rule, {**head, **place}, path, entry[LINE])


_M = TypeVar("_M", bound=BaseModel)

_COMPLAINTS = {
    "missing": "没有填写",
    "extra_forbidden": "不认识这一项",
    "literal_error": "不在允许的取值之内",
    "date_from_datetime_parsing": "不是日期",
    "date_type": "不是日期",
    "string_too_short": "不能是空的",
}


def _checked(model: type[_M], data: dict[str, Any], path: Path, line: int) -> _M:
    """The data as a model; UserError with file, line and the item at fault."""
    try:
        found = model.model_validate(without_lines(data))
        if isinstance(found, Dated):
            _ = found.span
    except ValidationError as error:
        first = error.errors()[0]
        item = ".".join(map(str, first["loc"])) or "本条"
        said = _COMPLAINTS.get(first["type"], first["msg"])
        raise UserError(f"地区包文件 {path} 第 {line} 行的“{item}”{said}，请改正后再运行。") from error
    except ValueError as error:
        raise UserError(f"地区包文件 {path} 第 {line} 行的起止日期颠倒，请改正后再运行。") from error
    return found
