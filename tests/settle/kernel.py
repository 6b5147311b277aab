"""The one place that knows how the tests reach the kernel."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from tests.oracle import Paid, Refused, Visit, settle
from tests.oracle.paid import AMOUNTS, Layered
from yibao.errors import UserError
from yibao.region.benefits.plan import Fund, Plan, Situation
from yibao.region.benefits.resolve import Benefits
from yibao.region.pack import Pack
from yibao.region.rules import Value
from yibao.settle import arrays as a
from yibao.settle import kernel
from yibao.settle.arrays import Ints, State, Visits
from yibao.settle.compile import Compiled
from yibao.settle.year_end import BUCKETS, split_by_days

Settler = Callable[[Mapping[str, Any], Sequence[Visit]], list[Paid]]


def settle_by_kernel(rules: Mapping[str, Any], visits: Sequence[Visit]) -> list[Paid]:
    """What the kernel pays, in the oracle's words; `Refused` where the rules or a row are refused."""
    try:
        return settle_under(Benefits(pack_of(rules)), visits)
    except UserError as error:
        raise Refused(error.sentence) from error


def pack_of(rules: Mapping[str, Any]) -> Pack:
    """Rules that hold at any time."""
    said = {"from": date(2000, 1, 1), "source": "试算", "grade": "proposal", "status": "example"}
    values = {key: (Value.model_validate({**said, "value": _typed(value)}),) for key, value in rules.items()}
    return Pack("xx", "试算市", "example", (), None, values, ())


def _typed(value: Any) -> Any:
    """Numbers as a pack's YAML gives them, however a test writes them."""
    if isinstance(value, dict):
        return {key: _typed(held) for key, held in value.items()}
    if isinstance(value, list):
        return [_typed(held) for held in value]
    if isinstance(value, float):
        return Decimal(repr(value))
    return Decimal(value) if isinstance(value, str) and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value) else value


@dataclass
class _Row:
    """A row of the kernel: a bill, a part of one, or a reversal of either."""

    number: int  #: of the visit that it is of
    visit: Visit
    reverses: _Row | None = None
    place: int = -1


def settle_under(benefits: Benefits, visits: Sequence[Visit]) -> list[Paid]:
    """The visits under rules that are resolved already."""
    rows = _rows(benefits, visits)
    rows.sort(key=lambda row: row.visit.person_no)
    for place, row in enumerate(rows):
        row.place = place
    compiled = Compiled()
    plans = [0 if row.reverses else compiled.add(benefits.plans(_situation(benefits, row.visit))) for row in rows]
    out = run(compiled, _arrays(rows, plans))
    found: list[list[Paid]] = [[] for _ in visits]
    for row, amounts in zip(rows, out, strict=True):
        sign = -1 if row.reverses else 1
        paid = _paid(amounts * sign, compiled.plans[abs(int(amounts[a.PLAN_USED]))])
        found[row.number].append(paid.negated() if row.reverses else paid)
    return [_together(parts) for parts in found]


def run(compiled: Compiled, visits: Visits) -> Ints:
    """The kernel over whole persons."""
    out = np.zeros((visits.person.size, a.WIDTH), np.int64)
    state = State.fresh(compiled.slots, visits.person.size)
    kernel.settle(visits, compiled.rules(), state, out, a.empty_trace(), -1)
    return out


def _rows(benefits: Benefits, visits: Sequence[Visit]) -> list[_Row]:
    rows: list[_Row] = []
    standing: dict[tuple[str, str], list[_Row]] = {}
    for number, visit in enumerate(visits):
        if visit.reverses:
            taken = standing.pop((visit.person_no, visit.reverses), None)
            if taken is None:
                raise Refused(f"{visit.reverses} does not stand")
            rows += [_Row(number, row.visit, row) for row in taken]
            continue
        if (visit.person_no, visit.id) in standing or visit.total != sum(getattr(visit, name) for name in BUCKETS):
            raise Refused(visit.id)
        parts = [_Row(number, part) for part in _parts(benefits, visit)]
        standing[visit.person_no, visit.id] = parts
        rows += parts
    return rows


def _situation(benefits: Benefits, visit: Visit) -> Situation:
    return Situation(
        scheme=visit.scheme, care=visit.care, on=visit.discharge, level=visit.level, area=visit.area, person=visit.person,
        identity=benefits.counted(visit.identities, visit.discharge), civil=visit.civil, enterprise=visit.enterprise, age=visit.age,
        disease=visit.disease, provider=visit.provider, maternity=visit.maternity, fetus=visit.fetus, bill=visit.total,
        signed=visit.signed, transfer=visit.transfer, mid_stay=visit.mid_stay, epidemic=visit.epidemic, across=visit.across,
    )  # fmt: skip


def _parts(benefits: Benefits, visit: Visit) -> list[Visit]:
    """The bill, or one for each calendar year of a stay that the rules split."""
    if visit.start is None or visit.start.year == visit.discharge.year:
        return [visit]
    situation = _situation(benefits, visit)
    how = benefits.year_end(situation)
    if how == "whole_at_discharge":
        return [visit]
    if how == "two_settlements":
        raise Refused(f"{visit.id}: {visit.care}.year_end asks for two settlements")
    buckets = {name: getattr(visit, name) for name in BUCKETS}
    parts: list[Visit] = []
    for end, share in split_by_days(buckets, visit.start, visit.discharge, benefits.plans(situation)[0].rounding):
        amounts: dict[str, Any] = {**share, "total": sum(share.values())}
        year = visit.year - visit.discharge.year + end.year
        continues = a.MID_STAY if parts else visit.continues
        parts.append(replace(visit, **amounts, start=None, discharge=end, year=year, continues=continues))
    return parts


def _arrays(rows: list[_Row], plans: list[int]) -> Visits:
    visits = [row.visit for row in rows]
    people = {name: place for place, name in enumerate(dict.fromkeys(visit.person_no for visit in visits))}
    providers = {name: place for place, name in enumerate(dict.fromkeys(visit.provider for visit in visits))}
    plain = (
        "continues",
        "total",
        "full_selfpay",
        "over_cap",
        "pre_selfpay",
        "in_scope",
        "credited",
        "uses_account",
        "family",
        "cap_raise",
    )
    columns = {name: [getattr(visit, name) for visit in visits] for name in plain}
    columns |= {
        "person": [people[visit.person_no] for visit in visits],
        "year": [visit.year for visit in visits],
        "month": [visit.discharge.year * 100 + visit.discharge.month for visit in visits],
        "plan": plans,
        "provider": [providers[visit.provider] for visit in visits],
        "reverses": [row.reverses.place if row.reverses else -1 for row in rows],
    }
    return Visits(**{name: np.array(values, np.int64) for name, values in columns.items()})


def _paid(row: Ints, plan: Plan) -> Paid:
    layers = tuple(
        Layered(
            layer.name, Fund(layer.fund).name.lower(), int(row[a.BASE + k]), int(row[a.OWED + k]), int(row[a.PAY + k])
        )
        for k, layer in enumerate(plan.layers, 1)
    )
    return Paid(
        int(row[a.NTH]), int(row[a.STANDARD]), int(row[a.DUE]), int(row[a.DEDUCTIBLE]), int(row[a.FIRST]), int(row[a.OWED]),
        int(row[a.PAY]), layers, int(row[a.ACCOUNT] + row[a.FAMILY]), int(row[a.FAMILY]), int(row[a.CASH]), Fund(plan.pool.fund).name.lower(),
    )  # fmt: skip


def _together(parts: list[Paid]) -> Paid:
    """The parts of a bill as one: amounts summed, the rest as in the last part."""
    amounts = {name: sum(getattr(part, name) for part in parts) for name in AMOUNTS}
    layers = tuple(
        replace(row[-1], **{name: sum(getattr(one, name) for one in row) for name in ("base", "due", "pay")})
        for row in zip(*(part.layers for part in parts), strict=True)
    )
    return replace(parts[-1], **amounts, layers=layers)


SETTLERS: dict[str, Settler] = {"oracle": settle, "kernel": settle_by_kernel}
