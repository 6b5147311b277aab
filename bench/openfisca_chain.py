"""The peer of bench/settle.py: one benefit chain as OpenFisca-core variables. Run by it, with the interpreter that has OpenFisca.

    python bench/openfisca_chain.py bills.npz result.npz

Reads level, in_scope and total (yuan, float) of people with one stay each; writes cash (yuan) and the seconds of the best of three.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

YEAR = "2025"
DEDUCTIBLE, RATIO, CAP = (200.0, 200.0, 500.0, 1000.0), (0.87, 0.87, 0.74, 0.62), 150_000.0
THRESHOLD, ENDS, RATES = 13_000.0, (30_000.0, 80_000.0, 200_000.0), (0.60, 0.65, 0.70, 0.75)
person = build_entity(key="person", plural="people", label="", is_person=True)


def _input(name: str) -> type[Variable]:
    fields = {"value_type": float, "entity": person, "definition_period": DateUnit.YEAR, "label": name}
    return type(name, (Variable,), fields)


class level(Variable):  # noqa: N801
    value_type = int
    entity = person
    definition_period = DateUnit.YEAR
    label = "hospital level"


class pool(Variable):  # noqa: N801
    value_type = float
    entity = person
    definition_period = DateUnit.YEAR
    label = "pool fund"

    def formula(people, period):  # noqa: N805
        at = people("level", period)
        scope = people("in_scope", period)
        base = np.maximum(scope - np.asarray(DEDUCTIBLE)[at], 0)
        return np.minimum(np.floor(base * np.asarray(RATIO)[at] * 100 + 0.5) / 100, CAP)


class critical(Variable):  # noqa: N801
    value_type = float
    entity = person
    definition_period = DateUnit.YEAR
    label = "critical illness fund"

    def formula(people, period):  # noqa: N805
        rest = people("in_scope", period) - people("pool", period)
        over = np.maximum(rest - THRESHOLD, 0)
        paid, low = 0.0, 0.0
        for end, rate in zip((*ENDS, np.inf), RATES, strict=True):
            paid = paid + np.maximum(np.minimum(over, end) - low, 0) * rate
            low = end
        return np.floor(paid * 100 + 0.5) / 100


class cash(Variable):  # noqa: N801
    value_type = float
    entity = person
    definition_period = DateUnit.YEAR
    label = "cash"

    def formula(people, period):  # noqa: N805
        return people("total", period) - people("pool", period) - people("critical", period)


def main() -> None:
    given = np.load(sys.argv[1])
    system = TaxBenefitSystem([person])
    system.add_variables(level, _input("in_scope"), _input("total"), pool, critical, cash)
    best, found = float("inf"), np.zeros(0)
    for _ in range(3):
        began = time.perf_counter()
        simulation = SimulationBuilder().build_default_simulation(system, count=len(given["level"]))
        for name in ("level", "in_scope", "total"):
            simulation.set_input(name, YEAR, given[name])
        found = simulation.calculate("cash", YEAR)
        best = min(best, time.perf_counter() - began)
    np.savez(sys.argv[2], cash=found, seconds=best)


if __name__ == "__main__":
    main()
