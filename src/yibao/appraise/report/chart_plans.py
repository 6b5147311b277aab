"""Pictures of a layout as data: what is drawn, from how much on, under which title, after which sentence.

    employee_fund:
      kind: years
      panels:
        - {name: 收入与支出, series: {收入: fund.employee.income.total, 支出: fund.employee.expense.total}}
        - {name: 期末滚存结余, series: {期末滚存结余: fund.employee.closing}, opening: fund.employee.opening}
      title: "{首年}—{末年}年职工医保基金收支和期末滚存结余"
      lead: "职工医保基金的收支和期末滚存结余见{图}[，期末滚存结余{增减(fund.employee.closing)}]。"

`title` and `lead` are templates; what a kind puts in their places of its own stands at the kind.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Plan(BaseModel):
    """`{图}`: 图 and its number in the report."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    lead: str


class PanelPlan(BaseModel):
    """Figures by the names of their columns.

    `opening`: the figure that opens a year with the closing one of the year before, where that was not published itself;
    of a panel with one figure. `optional`: the picture stands without the panel.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    series: dict[str, str] = Field(min_length=1, max_length=3)
    opening: str = ""
    optional: bool = False

    @model_validator(mode="after")
    def _one_opening(self) -> PanelPlan:
        if self.opening and len(self.series) > 1:
            raise ValueError("an opening figure opens one figure")
        return self


class YearsPlan(_Plan):
    """Results of the year and of those before it. Needs `least` years, shows `most`.

    Places: {首年}, {末年} of the first panel.
    """

    kind: Literal["years"]
    panels: tuple[PanelPlan, ...] = Field(min_length=1)
    least: int = 2
    most: int = 5


class ItemsPlan(_Plan):
    """Results against their plans, the highest rate first; `items`: figures by name; or each project form.

    Places: {最高项}, {最高项计划}, {最高项结果}, {最高比率}, missing where two share the highest rate.
    """

    kind: Literal["items"]
    items: dict[str, str] = {}
    each_project: bool = False
    plan: str = "预算"
    result: str = "决算"
    least: int = 3


class ScoresPlan(_Plan):
    """The form at hand, score beside weight; only where points were lost. Places: {扣分项}, the most lost first."""

    kind: Literal["scores"]
    least: int = 4


ChartPlan = Annotated[YearsPlan | ItemsPlan | ScoresPlan, Field(discriminator="kind")]
