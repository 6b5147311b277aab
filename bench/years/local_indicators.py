"""Rows that a region scores in its own way: named rates with bands, 岳阳's 办法."""

from __future__ import annotations

from bench.years.indicators import REASONS, Indicators, Row


def three_public(rows: Indicators, region: str) -> Row | None:
    if not rows.ledger.has("dept.rate.three_public_control"):
        return None
    row: Row = {
        "一级": "成本指标",
        "二级": "经济成本指标",
        "三级": "“三公”经费控制率",
        "方向": "≤",
        "目标": "100",
        "单位": "%",
        "实际": "{dept.rate.three_public_control}",
    }
    if region == "cn-4306":
        row |= {"公式": "三公经费控制率", "分值": 6}
    return row


def control(rows: Indicators, region: str) -> Row | None:
    if not rows.ledger.has("dept.rate.control") or region not in ("cn-43", "cn-4306"):
        return None
    weight = 3 if region == "cn-4306" else 5
    row: Row = {
        "一级": "成本指标",
        "二级": "经济成本指标",
        "三级": "预算控制率",
        "方向": "≤",
        "目标": "0",
        "单位": "%",
        "实际": "{dept.rate.control}",
        "公式": "预算控制率",
        "分值": weight,
    }
    added = rows.ledger.yuan[rows.ledger.place("dept.funds.total", "added")]
    return row | ({"偏差原因及改进措施": "年中增加了上级专项和人员增支"} if added else {})


def carry(rows: Indicators, region: str) -> Row:
    left, last = rows.rng.randint(0, 30), rows.rng.randint(0, 30)
    row: Row = {
        "一级": "产出指标",
        "二级": "质量指标",
        "三级": "资金结余控制",
        "方向": "≤",
        "目标": str(last),
        "实际": str(left),
        "单位": "万元",
        "办法": "资金结余",
        "分值": 3,
    }
    return row | ({"偏差原因及改进措施": REASONS[1]} if left else {})


def progress(rows: Indicators, region: str) -> Row:
    first, second = rows.rng.randint(40, 70), rows.rng.randint(90, 100)
    row: Row = {
        "一级": "产出指标",
        "二级": "时效指标",
        "三级": "专项资金支付进度",
        "方向": "≥",
        "目标": "50%、100%",
        "实际": f"{first}%、{second}%",
        "办法": "支付进度",
    }
    return row | ({"偏差原因及改进措施": REASONS[1]} if first < 50 or second < 100 else {})


def items(rows: Indicators, region: str) -> Row:
    wanted = rows.rng.randint(3, 5)
    met = rows.rng.choice([wanted, wanted, wanted - 1])
    row: Row = {
        "一级": "产出指标",
        "二级": "质量指标",
        "三级": "管理制度健全性",
        "方向": "=",
        "目标": str(wanted),
        "实际": str(met),
        "单位": "项",
        "办法": "逐项计分",
        "分值": wanted,
    }
    return row | ({"偏差原因及改进措施": "一项制度正在修订"} if met < wanted else {})
