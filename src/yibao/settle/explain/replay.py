"""A person's year through the kernel, one bill of it traced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from yibao.region.benefits.plan import Layer, Plan
from yibao.settle import arrays as a
from yibao.settle.arrays import Ints, State
from yibao.settle.batches import Settler, result, visits_of
from yibao.settle.kernel import settle


class Step(NamedTuple):
    """A row of the trace (`arrays.T_…`)."""

    kind: int
    layer: int
    one: int
    two: int
    three: int
    result: int


@dataclass(frozen=True)
class Replayed:
    """One bill of a person's year: what came in, what the kernel gave, and how it came there."""

    bills: pa.Table  #: the person's whole benefit year, in order of settlement
    place: int  #: of the bill in it
    out: Ints  #: the kernel's result, a row a bill
    plans: tuple[Plan | None, ...]  #: by bill; None for a reversal
    steps: tuple[Step, ...]  #: of the bill; none for a reversal
    codes: Sequence[str]  #: fingerprints of the compiled plans

    @cached_property
    def bill(self) -> dict[str, Any]:
        return dict(self.bills.slice(self.place, 1).to_pylist()[0])

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The year's rows of computed_settlements."""
        return list(result(self.bills, self.out, self.codes).to_pylist())

    @property
    def row(self) -> dict[str, Any]:
        return self.rows[self.place]

    @property
    def plan(self) -> Plan:
        """The rules of the bill; ValueError for a reversal, which has none of its own."""
        if (plan := self.plans[self.place]) is None:
            raise ValueError("a reversal has no plan")
        return plan

    @property
    def layers(self) -> tuple[Layer, ...]:
        return (self.plan.pool, *self.plan.layers)

    @property
    def is_linked(self) -> bool:
        """Does the deductible continue that of the visit before?"""
        return bool(self.out[self.place, a.LINKED])

    def of(self, kind: int, layer: int = 0) -> tuple[Step, ...]:
        """The steps of a kind, of a layer."""
        return tuple(step for step in self.steps if (step.kind, step.layer) == (kind, layer))


def replay(settler: Settler, bills: pa.Table, place: int) -> Replayed:
    """The year computed, the bill at `place` traced. UserError names a key that the pack lacks."""
    visits = visits_of(bills, settler.situations.numbers(bills))
    rules, compiled = settler.situations.rules(), settler.situations.compiled
    out, trace = np.zeros((len(bills), a.WIDTH), np.int64), a.empty_trace()
    told = settle(visits, rules, State.fresh(compiled.slots, len(bills)), out, trace, place)
    taken_back = visits.reverses >= 0
    used = zip(out[:, a.PLAN_USED].tolist(), taken_back.tolist(), strict=True)
    return Replayed(
        bills=bills,
        place=place,
        out=out,
        plans=tuple(None if back else compiled.plans[plan] for plan, back in used),
        steps=tuple(Step(*row) for row in trace[:told].tolist()),
        codes=compiled.codes,
    )
