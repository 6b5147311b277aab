"""The way to a stay's group in sentences: what did not count, rows that came near, the row that was taken, or why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from yibao.dip.grouping.decision import Decision, Ungrouped
from yibao.dip.grouping.match import WHY, Miss
from yibao.dip.pack import HANDLINGS, Row
from yibao.dip.settings import KIND_NAMES, LAYER_NAMES

MOST_LACKING = 8  #: codes that a row lacks, of those that would do
MOST_ROWS = 6  #: rows that are named in one sentence
RULES: Mapping[str, str] = {
    "exact": "手术操作完全一致的优先",
    "matched": "符合的手术操作最多的优先",
    "related": "符合的相关手术操作最多的优先",
    "main": "含主要手术操作的优先",
    "full_code": "完整编码优先于前几位",
    "kind": "治疗方式级别高的优先",
    "surgery_score": "手术病种分值高的优先",
    "max_score": "分值高的优先",
    "closest_cost": "次均费用最接近的优先",
    "table_order": "条件同样，按目录次序取第一个",
    "first": "按目录次序依次判断",
    "later": "次序在后",
}
NO_GROUP: Mapping[Ungrouped, str] = {
    "NO_DIAGNOSIS": "没有主要诊断",
    "DIAGNOSIS_UNREAD": "主要诊断的编码不能用来分组",
    "OPERATION_UNREAD": "主要手术操作的编码不能用来分组，其他手术操作不代替它",
    "NO_ROW": "方案里没有这个主要诊断的病种",
    "NO_FIT": "方案里这个主要诊断的病种，手术操作、其他诊断或条件都不符合",
}
HANDLED: dict[str, str] = {handling: said for said, handling in HANDLINGS.items()}


def way(decision: Decision) -> Iterator[str]:
    """In the order in which it was decided."""
    for code, handling in decision.excluded:
        yield f"{code} 在不纳入分组的手术操作名单上：{HANDLED.get(handling, handling)}"
    for said, misses in groupby(decision.misses, key=lambda miss: (miss.row.layer, _missed(miss))):
        yield f"{_rows(miss.row for miss in misses)}没有进：{said[1]}"
    if decision.row is None:
        no_key = f"主要诊断在不纳入分组的名单上（{decision.key}）"
        yield f"没有入组：{NO_GROUP[decision.why]}" if decision.why else no_key
        return
    codes = "、".join((*decision.codes, *decision.related, *decision.others)) or _without(decision.row)
    by = "不限主要诊断" if decision.key == "*" else f"诊断按 {decision.key} 匹配"
    layer = LAYER_NAMES.get(decision.layer, decision.layer)
    yield f"{decision.row.group} 符合：{layer}，{by}，{codes}"
    for (_, rule), lost in groupby(decision.also, key=lambda one: (one[0].layer, one[1])):
        yield f"{_rows(row for row, _ in lost)}也符合，没有取：{RULES[rule]}"


def _without(row: Row) -> str:
    """What a row that names no operation asks for."""
    if row.kind and row.layer in ("comprehensive", "last"):
        level = f"，手术级别 {row.level}" if row.level is not None else ""
        return f"病种的治疗方式是{KIND_NAMES[row.kind]}{level}"
    return "这个病种不要求手术操作"


def _rows(rows: Iterable[Row]) -> str:
    """Rows of one layer by number, with the layer."""
    found = list(rows)
    names = "、".join(row.group for row in found[:MOST_ROWS])
    more = f"等 {len(found)} 个" if len(found) > MOST_ROWS else ""
    return f"{names}{more}（{LAYER_NAMES.get(found[0].layer, found[0].layer)}）"


def _missed(miss: Miss) -> str:
    said = WHY[miss.why]
    if miss.lacks:
        more = "…" if len(miss.lacks) > MOST_LACKING else ""
        said += f" {'、'.join(miss.lacks[:MOST_LACKING])}{more}"
    if miss.codes:
        said += f"（现为 {'、'.join(miss.codes)}）"
    return said
