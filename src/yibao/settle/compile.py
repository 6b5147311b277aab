"""Plans into the kernel's arrays: every rule a number, every accumulator a place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np

from yibao.region.benefits.plan import Cap, Component, Layer, Per, Plan
from yibao.settle.arrays import BAND, CAP, LAYER, MAX_LAYERS, NO_END, NO_LIMIT, PLAN, Ints, Rules

PLACES = {Per.MONTH: 12, Per.QUARTER: 4}  #: an accumulator has one place, or one for each of these
DEDUCTIBLE_PLACES = 17  #: that of a deductible: twelve, four, and the year


class Compiled:
    """Plans numbered as they are met. `add` gives the row of a situation's first plan; `rules` the arrays of all so far."""

    def __init__(self) -> None:
        self.plans: list[Plan] = []
        self.codes: list[str] = []  #: of each plan, the same in every run
        self._rows: dict[tuple[Plan, ...], int] = {}
        self.slots = 0  #: how many places the accumulators take
        self._slots: dict[tuple[str, Per | None], int] = {}
        self._layers: dict[tuple[Layer, ...], int] = {}
        self._records: dict[str, list[tuple[int, ...]]] = {"plan": [], "layer": [], "band": [], "cap": []}

    def add(self, plans: Sequence[Plan]) -> int:
        """The row of the plan for the first admission; those for further admissions follow it."""
        known = tuple(plans)
        if known not in self._rows:
            self._rows[known] = len(self.plans)
            for place, plan in enumerate(known):
                self._records["plan"].append(self._plan(plan, len(known) - place - 1))
                self.plans.append(plan)
                self.codes.append(code_of(plan))
        return self._rows[known]

    def always(self, rows: Ints, nth: int) -> Ints:
        """For rows that `add` gave: rows under which every admission counts as the nth."""
        known, inverse = np.unique(rows, return_inverse=True)
        found = []
        for row in known.tolist():
            further = self._records["plan"][row][0]
            found.append(self.add((self.plans[row + min(nth - 1, further)],)))
        return np.array(found, np.int64)[inverse]

    def rules(self) -> Rules:
        return Rules(
            _array(PLAN, self._records["plan"]),
            _array(LAYER, self._records["layer"]),
            _array(BAND, self._records["band"]),
            _array(CAP, self._records["cap"]),
        )

    def _plan(self, plan: Plan, further: int) -> tuple[int, ...]:
        layers = (plan.pool, *plan.layers)
        if len(layers) > MAX_LAYERS:
            raise ValueError(f"{plan.scheme}.{plan.care} has more than {MAX_LAYERS} layers")
        return (
            further, plan.first_pay, plan.deductible, plan.deductible_per, self._slot(plan.deductible_slot, None),
            plan.merge, plan.continuous, plan.counts, self._slot(f"{plan.scheme}.admissions", Per.YEAR),
            self._stack(layers), len(layers), _mask(plan.account), _optional(plan.joint_rate), plan.joint_of_total,
            plan.rounding, plan.round_each_band,
        )  # fmt: skip

    def _stack(self, layers: tuple[Layer, ...]) -> int:
        """Where the layers of a plan begin; equal stacks stand once."""
        if layers not in self._layers:
            self._layers[layers] = len(self._records["layer"])
            self._records["layer"].extend([self._layer(layer) for layer in layers])
        return self._layers[layers]

    def _layer(self, layer: Layer) -> tuple[int, ...]:
        bands, caps = self._records["band"], self._records["cap"]
        band, cap = len(bands), len(caps)
        bands.extend((NO_END if b.upto is None else b.upto, b.rate) for b in layer.bands)
        counted: set[tuple[str, Per]] = set()
        for c in layer.caps:
            caps.append(self._cap(c, (c.slot, c.per) not in counted))
            counted.add((c.slot, c.per))
        return (
            layer.fund, _mask(layer.base), layer.yearly, self._slot(f"{layer.slot} base", Per.YEAR), layer.threshold,
            band, len(layer.bands), layer.from_zero, cap, len(layer.caps), _optional(layer.cap_raise),
        )  # fmt: skip

    def _cap(self, cap: Cap, counts: bool) -> tuple[int, ...]:
        """A cap; several of one layer against one accumulator count in it once."""
        return self._slot(f"{cap.slot} paid", cap.per), cap.per, _optional(cap.amount), counts

    def _slot(self, name: str, per: Per | None) -> int:
        """Where an accumulator's places begin; without a period it is that of a deductible."""
        if (name, per) not in self._slots:
            self._slots[name, per] = self.slots
            self.slots += PLACES.get(per, 1) if per is not None else DEDUCTIBLE_PLACES
        return self._slots[name, per]


def code_of(plan: Plan) -> str:
    """A fingerprint of a plan's rules and their sources."""
    return hashlib.sha256(repr(plan).encode()).hexdigest()[:12]


def _array(kind: np.dtype[np.void], records: list[tuple[int, ...]]) -> np.recarray:
    return np.array(records, dtype=kind).view(np.recarray)


def _mask(components: Iterable[Component]) -> int:
    return sum(1 << component for component in components)


def _optional(number: int | None) -> int:
    return NO_LIMIT if number is None else number
