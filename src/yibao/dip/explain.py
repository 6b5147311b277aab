"""A grouping in sentences, for a clerk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yibao.dip.auxiliary.rules import KIND_NAMES as SUBTYPE_NAMES
from yibao.dip.cases import Case
from yibao.dip.codes import Code
from yibao.dip.group import FLAGS, Grouper, Grouping
from yibao.dip.match import WHY, Miss
from yibao.dip.pack import HANDLINGS
from yibao.dip.settings import KIND_NAMES, LAYER_NAMES
from yibao.dip.trace import MOST_LACKING
from yibao.dip.what_if import HOW, Change, what_if

STATUS = {
    "REPAIRED_CODE": "已按唯一的可能修复",
    "UNMAPPED_CODE": "对照表里没有，没有用它分组",
    "AMBIGUOUS_CODE": "可能是几个编码之一，没有用它分组",
    "UNKNOWN_CODE": "编码库里没有或写法不对",
}
RULES = {
    "exact": "手术操作完全一致的优先",
    "matched": "符合的手术操作最多的优先",
    "related": "符合的相关手术操作最多的优先",
    "main": "含主要手术操作的优先",
    "full_code": "完整编码优先于前几位",
    "kind": "治疗方式级别高的优先",
    "surgery_score": "手术病种分值高的优先",
    "max_score": "分值高的优先",
    "closest_cost": "次均费用最接近的优先",
    "table_order": "按目录次序取第一个",
    "first": "按目录次序依次判断",
}
HANDLED: dict[str, str] = {handling: said for said, handling in HANDLINGS.items()}


def explain(grouper: Grouper, case: Case) -> Iterator[str]:
    """The lines that tell a stay's group, the way to it, and what would change it."""
    found = grouper.group(case)
    yield f"病例 {case.id}　分组方案：{grouper.pack.title}"
    yield ""
    yield f"结果：{result(found)}"
    if found.subtype is not None and found.subtype.said:
        kind, _, level = found.subtype.said.partition(":")
        yield f"  辅助分型：{SUBTYPE_NAMES[kind]} {level}，系数 {found.subtype.coefficient}"
    yield from (f"  提示：{FLAGS[flag]}" for flag in found.flags if flag in FLAGS)
    yield ""
    yield "编码："
    yield from _codes(found.codes)
    yield ""
    yield "经过："
    yield from _way(found)
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


def _codes(codes: Sequence[tuple[str, Code]]) -> Iterator[str]:
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


def _way(found: Grouping) -> Iterator[str]:
    decision = found.decision
    for code, handling in decision.excluded:
        yield f"  {code} 在不纳入分组的手术操作名单上：{HANDLED.get(handling, handling)}"
    for miss in decision.misses:
        yield f"  {miss.row.group}（{LAYER_NAMES.get(miss.row.layer, miss.row.layer)}）没有进：{_why(miss)}"
    if found.row is None:
        yield f"  {FLAGS[next((f for f in found.flags if f in ('NOT_GROUPABLE', 'UNGROUPED')), 'UNGROUPED')]}"
        return
    codes = "、".join((*decision.codes, *decision.related, *decision.others)) or "没有手术操作"
    by = "不限主要诊断" if decision.key == "*" else f"诊断按 {decision.key} 匹配"
    yield f"  {found.row.group} 符合：{LAYER_NAMES.get(decision.layer, decision.layer)}，{by}，{codes}"
    if decision.rule:
        yield f"  几个病种同时符合：{RULES[decision.rule]}"


def _why(miss: Miss) -> str:
    said = WHY[miss.why]
    if miss.lacks:
        more = "…" if len(miss.lacks) > MOST_LACKING else ""
        said += f" {'、'.join(miss.lacks[:MOST_LACKING])}{more}"
    if miss.codes:
        said += f"（现为 {'、'.join(miss.codes)}）"
    return said


def _changes(changes: Sequence[Change]) -> Iterator[str]:
    if not changes:
        yield "去掉主要诊断以外的任何一个编码，或者由其他诊断、其他手术操作作为主要的，分组都不变。"
        return
    yield "如果（只用于核对病历依据）："
    for change in changes:
        verb = HOW[change.how]
        said = f"{verb} {change.code}" if change.how == "without" else f"把 {change.code} {verb}"
        yield f"  {said} → {result(change.found)}"
