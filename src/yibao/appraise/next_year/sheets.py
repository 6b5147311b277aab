"""指标 of the new year: the rows with weights and targets as they were, results and scores left blank."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yibao.appraise.literal_yaml import BLANK_MARK
from yibao.appraise.next_year.yaml_text import flow, scalar
from yibao.appraise.sheet import Amounts, Funds, Indicator, Sheet
from yibao.appraise.typed import is_blank, points

_QUOTE = re.compile(r"\{[^{}]*\}")


def blank_sheet(sheet: Sheet, year: int) -> str:
    """The file of the form for `year`, from last year's."""
    head = {
        "名称": sheet.title.replace(str(year - 1), str(year)),
        "类型": sheet.kind,
        "项目": sheet.project,
        "计分": sheet.scoring,
    }
    lines = [f"# {year} 年度的自评表。指标、分值和目标沿用上年，请逐项核对；实际完成值和得分重新填写。"]
    lines += [f"{name}: {scalar(value)}" for name, value in head.items() if value]
    lines += ["资金:", *_funds(sheet.funds), "目标:"]
    lines += [f"  预期: {scalar(sheet.goals.expected or BLANK_MARK)}", f"  实际: {BLANK_MARK}"]
    lines += ["指标:", *(f"  - {_row(row)}" for row in sheet.indicators)]
    return "\n".join(lines) + "\n"


def _funds(funds: Funds) -> Iterator[str]:
    yield f"  单位: {funds.unit}"
    for name, value in _amounts(funds).items():
        yield f"  {name}: {scalar(value)}"
    yield f"  分值: {points(funds.weight)}"
    for name, parts in (("按收入性质", funds.by_income), ("按支出性质", funds.by_expense)):
        if parts:
            yield f"  {name}: {flow({part: kept(value) for part, value in parts.items()})}"
    if funds.sources:
        yield "  资金来源:"
        yield from (f"    {name}: {flow(_amounts(part))}" for name, part in funds.sources.items())
    yield f'  偏差原因及改进措施: {BLANK_MARK}  # 执行率得满分的写 ""'


def _amounts(part: Amounts) -> dict[str, str]:
    values = {"年初预算": part.initial, "全年预算": part.adjusted, "全年执行": part.executed}
    return {name: kept(value) for name, value in values.items() if value}


def kept(value: str) -> str:
    """A cell of last year's: what quotes figures and types no number stays, what is blank stays, the rest is asked for.

    >>> kept("{dept.balance}"), kept("—"), kept("652")
    ('{dept.balance}', '—', '【待填】')
    """
    quotes = _QUOTE.search(value) is not None and not any(c.isdigit() for c in _QUOTE.sub("", value))
    return value if quotes or is_blank(value) else BLANK_MARK


def _row(row: Indicator) -> str:
    values = {"一级": row.level1, "二级": row.level2}
    if row.idle:
        return flow({**values, "不适用": "是"})
    values |= {"三级": row.name, "方向": row.direction or "", "目标": row.target, "实际": kept(row.actual)}
    values |= {"单位": row.unit, "分值": points(row.weight) if row.weight is not None else ""}
    values |= {"公式": row.formula, "办法": row.method}
    if row.direction == "定性" or row.method:
        values["得分"] = BLANK_MARK
    return flow(values)
