"""数据/*.yaml: typed figures in blocks that share source, year, basis and unit.

数据:
  - 来源: {文件: 附件3-1, 表: 职工医疗保险基金预决算收支情况表}
    单位: 万元
    列: [2024年决算, 2025年预算, 2025年决算]
    数: {fund.employee.opening: [326637, 345485, 345485]}

A value is a number, a list with one number for each of 列, or a block of its own with 数值 and what differs from above.
Blank cells (empty or —) are no figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import Field

from yibao.appraise.declared import Cited, Declared, Year, declared
from yibao.appraise.literal_yaml import read_block
from yibao.appraise.naming import basis_named, figure_named, year_in
from yibao.appraise.typed import Key, Source, Typed, is_blank, number
from yibao.errors import UserError
from yibao.vocabulary.units import UNITS


@dataclass(frozen=True, slots=True)
class Row:
    """One number as the folder has it, before it is understood. `unit` is the row's own, `usual` that of its block."""

    figure: str
    scope: str
    year: int
    basis: str
    value: str
    unit: str
    usual: str
    source: Source
    context: tuple[str, ...] = ()


class _Cell(Declared):
    value: str = Field(alias="数值")
    unit: str = Field("", alias="单位")
    basis: str = Field("", alias="口径")
    year: Year | None = Field(None, alias="年度")
    scope: str | None = Field(None, alias="范围")
    place: str = Field("", alias="位置")


class _Group(Declared):
    source: Cited = Field(alias="来源")
    year: Year | None = Field(None, alias="年度")
    basis: str = Field("", alias="口径")
    unit: str = Field("", alias="单位")
    scope: str = Field("", alias="范围")
    subject: str = Field("", alias="所属")
    columns: tuple[str, ...] = Field((), alias="列")
    values: dict[str, str | tuple[str, ...] | _Cell] = Field(alias="数")


class _File(Declared):
    groups: tuple[_Group, ...] = Field(alias="数据", min_length=1)


def read_entries(path: Path, shown: str, year: int) -> Iterator[Typed]:
    """The figures of one file; `year` is the year of the folder. UserError with file and line."""
    block = read_block(path, shown)
    content = declared(_File, block, shown)
    for group, raw in zip(content.groups, block["数据"], strict=True):
        for name, value in group.values.items():
            at = f"第 {raw['数'].lines[name]} 行"
            source = replace(group.source, file=shown, at=at)
            for row in _rows(group, name, value, source, year):
                if not is_blank(row.value):
                    yield typed_from(row)


def _rows(group: _Group, name: str, value: Any, source: Source, year: int) -> Iterator[Row]:
    context = (group.subject,) if group.subject else ()
    row = Row(name, group.scope, group.year or year, group.basis, "", "", group.unit, source, context)
    if isinstance(value, _Cell):
        place = replace(source, place=value.place or source.place)
        scope = group.scope if value.scope is None else value.scope
        basis = value.basis or group.basis
        yield replace(
            row, value=value.value, unit=value.unit, basis=basis, year=value.year or row.year, scope=scope, source=place
        )
    elif isinstance(value, str):
        if group.columns:
            raise UserError(f"{_where(source)}的“{name}”只有一个数，这一组有 {len(group.columns)} 列，请写成列表。")
        yield replace(row, value=value)
    else:
        if len(value) != len(group.columns):
            raise UserError(f"{_where(source)}的“{name}”有 {len(value)} 个数，“列”有 {len(group.columns)} 列，请对齐。")
        for heading, text in zip(group.columns, value, strict=True):
            place = replace(source, place=f"{source.place} {heading}".strip())
            yield replace(row, value=text, basis=heading, year=year_in(heading) or row.year, source=place)


def typed_from(row: Row) -> Typed:
    """The figure that a row tells; UserError with its place for a name, basis, unit or number that is none."""
    try:
        figure = figure_named(row.figure, row.context)
        basis = basis_named(row.basis, figure)
        made = number(row.value, row.unit or _usual(row))
        if not figure.measured_in(made.unit.dimension):
            raise ValueError(f"“{figure.label}”的单位应是{figure.unit}一类，不能是“{made.unit.symbol}”")
        if figure.role == "count" and made.value < 0:
            raise ValueError(f"“{figure.label}”不能是负数")
    except ValueError as error:
        raise UserError(f"{_where(row.source)}：{error}，请改正。") from error
    return Typed(Key(figure.id, " ".join(row.scope.split()), row.year, basis), made, (row.source,))


def _usual(row: Row) -> str:
    """The unit of the block, for a value that brings none."""
    return "" if any(row.value.strip().endswith(symbol) for symbol in UNITS) else row.usual


def _where(source: Source) -> str:
    return f"“{source.file}”{source.at}"
