"""Cells of a pack's tables → values; ValueError (Chinese) says what is wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from yibao.dip.expressions import diagnosis_keys, expression
from yibao.dip.pack import HANDLINGS, Exclusion, Row, condition
from yibao.dip.settings import KINDS


def read_row(order: int, cells: Mapping[str, str], score: Mapping[str, str]) -> Row:
    """A row of groups.tsv; ValueError (Chinese) says what is wrong with it."""
    kind = cells["kind"]
    return Row(
        order=order,
        group=cells["seq"],
        layer=cells["layer"],
        diagnoses=diagnosis_keys(cells["principal_dx"]),
        others=diagnosis_keys(cells["other_dx"]),
        operations=expression(cells["proc_expr"]),
        related=expression(cells["related_proc"]),
        condition=condition(cells["condition"]),
        name=cells["name"],
        kind=KINDS[rank(kind)] if kind else None,
        level=whole(cells["level"]) if cells["level"] else None,
        score=_if_said(score.get("score", "")),
        mean_cost=_if_said(score.get("mean_cost", "")),
    )


def primary_row(order: int, cells: Mapping[str, str]) -> Row:
    return Row(
        order, cells["seq"], "primary", diagnosis_keys(cells["principal_dx"]), (), expression(cells["proc_expr"])
    )


def exclusion(cells: Mapping[str, str]) -> Exclusion:
    if cells["rule"] not in HANDLINGS:
        raise ValueError(f"处理方式“{cells['rule']}”应是 {'、'.join(HANDLINGS)} 之一")
    return Exclusion(HANDLINGS[cells["rule"]], diagnosis_keys(cells["dx_range"]))


def rank(kind: str) -> int:
    if kind not in KINDS:
        raise ValueError(f"治疗方式“{kind}”应是 {'、'.join(KINDS)} 之一")
    return KINDS.index(kind)


def whole(text: str) -> int:
    if not text.isdecimal():
        raise ValueError(f"“{text}”不是整数")
    return int(text)


def number(text: str) -> Decimal:
    if not text:
        raise ValueError("少一个数")
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"“{text}”不是数") from None
    if not found.is_finite():
        raise ValueError(f"“{text}”不是数")
    return found


def _if_said(text: str) -> Decimal | None:
    return number(text) if text else None
