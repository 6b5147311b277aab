"""指标/*.yaml: a self-evaluation form as it is filled in: funds, goals, indicators with target, result and weight.

整体支出.yaml is the department's own, 项目-<name>.yaml one for each project. Cells hold numbers or quote figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from yibao.appraise.declared import Cited, Declared, Points, YesNo, declared
from yibao.appraise.literal_yaml import Block, read_block
from yibao.appraise.typed import Source

Direction = Literal["≥", ">", "≤", "<", "=", "区间", "定性", "期限"]


class Amounts(Declared):
    """Initial budget, whole-year budget and execution of one line of the funds block; blank where the form is."""

    initial: str = Field("", alias="年初预算")
    adjusted: str = Field("", alias="全年预算")
    executed: str = Field("", alias="全年执行")


class Funds(Amounts):
    """年度资金总额, its parts, and the weight of the execution rate."""

    unit: str = Field("万元", alias="单位")
    weight: Points = Field(alias="分值")
    rate: str = Field("", alias="执行率")
    score: Points | None = Field(None, alias="得分")
    by_income: dict[str, str] = Field({}, alias="按收入性质")
    by_expense: dict[str, str] = Field({}, alias="按支出性质")
    sources: dict[str, Amounts] = Field({}, alias="资金来源")
    standard: str = Field("", alias="评分标准")
    reason: str = Field("", alias="偏差原因及改进措施")


class Goals(Declared):
    expected: str = Field("", alias="预期")
    reached: str = Field("", alias="实际")


class Indicator(Declared):
    """One row. `score` is the bureau's own; `formula` names a rate whose points a region
    fixes, `method` another way of scoring that a region has, `tier` a 定性 result, `standard` the rule in words."""

    level1: str = Field(alias="一级", min_length=1)
    level2: str = Field(alias="二级", min_length=1)
    name: str = Field("", alias="三级")
    direction: Direction | None = Field(None, alias="方向")
    target: str = Field("", alias="目标")
    actual: str = Field("", alias="实际")
    unit: str = Field("", alias="单位")
    weight: Points | None = Field(None, alias="分值")
    score: Points | None = Field(None, alias="得分")
    formula: str = Field("", alias="公式")
    method: Literal["", "资金结余", "支付进度", "逐项计分"] = Field("", alias="办法")
    tier: str = Field("", alias="档次")
    lost: str = Field("", alias="扣分理由")
    standard: str = Field("", alias="评分标准")
    reason: str = Field("", alias="偏差原因及改进措施")
    idle: YesNo = Field(False, alias="不适用")

    @model_validator(mode="after")
    def _whole(self) -> Indicator:
        if self.idle:
            if self.weight is not None or self.score is not None:
                raise ValueError("不适用的行不能有分值和得分")
            return self
        needed = {"三级": self.name, "方向": self.direction, "目标": self.target, "实际": self.actual}
        missing = [item for item, value in needed.items() if not value]
        if self.weight is None or missing:
            raise ValueError(f"缺少{'、'.join(missing or ['分值'])}；没有内容的行请写“不适用: 是”")
        return self

    @property
    def why(self) -> str:
        """The reason given for what is lost or far from the target."""
        return "；".join(text for text in (self.lost, self.reason) if text)


class Heading(Declared):
    """Weight and score that a text prints for a level or an indicator."""

    name: str = Field(alias="指标", min_length=1)
    weight: Points = Field(alias="分值")
    score: Points | None = Field(None, alias="得分")
    source: Cited = Field(Source("报告正文"), alias="来源")


class Total(Declared):
    score: Points = Field(alias="得分")


class Sheet(Declared):
    """A form as filled in. `scoring`: 自评, the bureau's typed scores stand; 规则, they have to follow from the rule."""

    title: str = Field(alias="名称", min_length=1)
    kind: Literal["整体支出", "项目支出"] = Field(alias="类型")
    project: str = Field("", alias="项目")
    source: Cited = Field(Source(""), alias="来源")
    scoring: Literal["自评", "规则"] = Field("规则", alias="计分")
    funds: Funds = Field(alias="资金")
    goals: Goals = Field(Goals(), alias="目标")
    indicators: tuple[Indicator, ...] = Field(alias="指标", min_length=1)
    headings: tuple[Heading, ...] = Field((), alias="各级分值")
    total: Total | None = Field(None, alias="总分")

    @property
    def name(self) -> str:
        """Short name in messages and choices: 整体支出, or the project's."""
        return self.project or self.kind

    @model_validator(mode="after")
    def _named(self) -> Sheet:
        if (self.kind == "项目支出") != bool(self.project):
            raise ValueError("项目支出的表要写“项目”，整体支出的表不写")
        return self

    @property
    def rows(self) -> tuple[Indicator, ...]:
        """The rows that carry weight."""
        return tuple(row for row in self.indicators if not row.idle)


@dataclass(frozen=True, slots=True)
class Filed:
    """A sheet with the file that holds it."""

    sheet: Sheet
    shown: str
    block: Block

    def place(self, *path: int | str) -> str:
        """Where a part stands, for messages."""
        return f"“{self.shown}”第 {self.block.line_of(path)} 行"


def read_sheet(path: Path, shown: str) -> Filed:
    """One form; UserError with file and line for what it cannot hold."""
    block = read_block(path, shown)
    return Filed(declared(Sheet, block, shown), shown, block)
