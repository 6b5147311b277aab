"""A grouping in sentences, for a clerk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yibao.dip.auxiliary.rules import KIND_NAMES as SUBTYPE_NAMES
from yibao.dip.codes import Code
from yibao.dip.expressions import narrow
from yibao.dip.grouping.cases import Case
from yibao.dip.grouping.group import FLAGS, Grouper, Grouping
from yibao.dip.grouping.way import way
from yibao.dip.grouping.what_if import HOW, Change, what_if
from yibao.dip.settings import KIND_NAMES, LAYER_NAMES

RESULTS = ("NOT_GROUPABLE", "UNGROUPED")  #: told as the result
STATUS = {
    "REPAIRED_CODE": "已按唯一的可能修复",
    "UNMAPPED_CODE": "对照表里没有，没有用它分组",
    "AMBIGUOUS_CODE": "可能是几个编码之一，没有用它分组",
    "UNKNOWN_CODE": "编码库里没有或写法不对",
}


def explain(grouper: Grouper, case: Case) -> Iterator[str]:
    """The lines that tell a stay's group, the way to it, and what would change it."""
    found = grouper.group(case)
    yield f"病例 {case.id}　分组方案：{grouper.pack.title}"
    yield ""
    yield f"结果：{result(found)}"
    if found.subtype is not None and found.subtype.said:
        kind, _, level = found.subtype.said.partition(":")
        yield f"  辅助分型：{SUBTYPE_NAMES[kind]} {level}，系数 {found.subtype.coefficient}"
    for kind, _, level in (said.partition(":") for said in found.undecided):
        yield f"  辅助分型：{SUBTYPE_NAMES[kind]} {level} 没有判断，缺少总费用或其中的治疗费、药品费"
    yield from (f"  提示：{FLAGS[flag]}" for flag in found.flags if flag not in RESULTS)
    yield ""
    yield "编码："
    yield from _codes(grouper, case, found.codes)
    yield from _facts(case)
    yield ""
    yield "经过："
    yield from (f"  {said}" for said in way(found.decision))
    yield ""
    yield from _changes(what_if(grouper, case))


def result(found: Grouping) -> str:
    """Group, layer, kind and score in words."""
    row = found.row
    if row is None:
        return "不纳入分组" if "NOT_GROUPABLE" in found.flags else "没有入组"
    parts = [f"{row.group}{f' {row.name}' if row.name else ''}", LAYER_NAMES.get(row.layer, row.layer)]
    if row.kind:
        parts.append(KIND_NAMES[row.kind])
    parts.append(f"分值 {row.score}" if row.score is not None else "分值：方案里没有")
    return "，".join(parts)


_ROLES = {"principal_dx": "主要诊断", "principal_proc": "主要手术操作", "related_procs": "其他手术操作", "other_dx": "其他诊断"}  # fmt: skip


def _codes(grouper: Grouper, case: Case, codes: Sequence[tuple[str, Code]]) -> Iterator[str]:
    maps = {**grouper.pack.diagnoses.maps, **grouper.pack.operations.maps}
    if case.code_system and narrow(case.code_system) not in maps and any(c.status == "UNMAPPED_CODE" for _, c in codes):
        have = f"方案里的对照表：{'、'.join(maps)}" if maps else "方案里没有对照表"
        yield f"  编码体系写的是“{case.code_system}”，没有这个名称的对照表（{have}）"
    for role, code in codes:
        if not code.raw:
            continue
        said = f"（原写 {code.raw}）" if code.raw != code.code else ""
        if code.status != "OK":
            said += f"：{STATUS[code.status]}"
        if code.status == "UNKNOWN_CODE":
            said += f"，按 {code.keys[-2]} 分组" if code.counts else "，没有用它分组"
        if code.candidates:
            said += f"，如 {'、'.join(code.candidates[:5])}"
        yield f"  {_ROLES[role]} {code.code}{said}"


def _facts(case: Case) -> Iterator[str]:
    """What was said beside codes and can matter."""
    said = {
        "天龄": (case.age_day, "天"),
        "出生体重": (case.birth_weight_g, "克"),
        "呼吸机使用": (case.vent_hours, "小时"),
        "费用": (case.cost, "元"),
    }
    yield from (f"  {name} {value} {unit}" for name, (value, unit) in said.items() if value is not None)


def _changes(changes: Sequence[Change]) -> Iterator[str]:
    if not changes:
        yield "去掉主要诊断以外的任何一个编码，或者由其他诊断、其他手术操作作为主要的，分组都不变。"
        return
    yield "如果（只用于核对病历依据）："
    yield from (f"  {changed(change)}" for change in changes)


def changed(change: Change) -> str:
    """What would change, in words."""
    verb = HOW[change.how]
    said = f"{verb} {change.code}" if change.how == "without" else f"把 {change.code} {verb}"
    return f"{said} → {result(change.found)}"


def what_ifs(grouper: Grouper, case: Case) -> list[dict[str, str | None]]:
    """The single changes that lead to another group, as objects of a trace: in the order of the record, without what they pay."""
    return [
        {"how": change.how, "code": change.code, "group": change.found.group, "said": changed(change)}
        for change in what_if(grouper, case)
    ]
