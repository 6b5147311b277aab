"""Which rules may pay: verified ones, and examples in the region that is an example itself. Inferred ones check, and never pay."""

from __future__ import annotations

from yibao.errors import UserError
from yibao.region.benefits.knobs import key
from yibao.region.benefits.plan import Plan
from yibao.region.pack import Pack


def refuse_unpayable(plan: Plan, pack: Pack) -> None:
    """UserError for a plan that rests on a value which may not pay, naming the value and where it is written."""
    for name, value in plan.sources.items():
        if value.status == "inferred":
            raise UserError(
                f"{value.place}的 {name}（{key(name).label}）是推断的（inferred），只能用来核对和测算，不能用来结算。"
                "请对照文件核实，写明文号，把 status 改为 verified。"
            )
        if value.status == "example" and pack.status != "example":
            raise UserError(
                f"{value.place}的 {name}（{key(name).label}）是示例（example），只能用于示例地区，不能用来结算“{pack.name}”。"
                "请换成有文件依据的值。"
            )
