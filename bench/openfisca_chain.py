"""The peer of bench/settle.py: one benefit chain as OpenFisca-core variables. Run by it, with the interpreter that has OpenFisca.

    python bench/openfisca_chain.py bills.npz result.npz

Reads level, in_scope and total (yuan, float) of people with one stay each; writes cash (yuan) and the seconds of the best of three.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

YEAR = "2025"
person = build_entity(key="person", plural="people", label="", is_person=True)


def _dated(value: float) -> dict[str, object]:
    return {"values": {"2019-01-01": {"value": value}}}


def _levels(*values: float) -> dict[str, object]:
    return {f"level{at}": _dated(value) for at, value in enumerate(values)}


PARAMETERS = {
    "deductible": _levels(200, 200, 500, 1000),
    "ratio": _levels(0.87, 0.87, 0.74, 0.62),
    "cap": _levels(150_000, 150_000, 150_000, 150_000),
    "critical": {
        "threshold": _dated(13_000),
        "scale": {
            "brackets": [
                {"threshold": {"2019-01-01": {"value": start}}, "rate": {"2019-01-01": {"value": rate}}}
                for start, rate in ((0, 0.60), (30_000, 0.65), (80_000, 0.70), (200_000, 0.75))
            ]
        },
    },
}


class Level(Enum):
    level0 = "none"
    level1 = "first"
    level2 = "second"
    level3 = "third"


def _variable(name: str, **fields: object) -> type[Variable]:
    known = {"value_type": float, "entity": person, "definition_period": DateUnit.YEAR, "label": name}
    return type(name, (Variable,), {**known, **fields})


def _pool(people, period, parameters):
    at, rules = people("level", period), parameters(period)
    base = np.maximum(people("in_scope", period) - rules.deductible[at], 0)
    return np.minimum(np.floor(base * rules.ratio[at] * 100 + 0.5) / 100, rules.cap[at])


def _critical(people, period, parameters):
    rules = parameters(period).critical
    over = np.maximum(people("in_scope", period) - people("pool", period) - rules.threshold, 0)
    return np.floor(rules.scale.calc(over) * 100 + 0.5) / 100


def _cash(people, period):
    return people("total", period) - people("pool", period) - people("critical", period)


def main() -> None:
    given = np.load(sys.argv[1])
    system = TaxBenefitSystem([person])
    system.parameters = ParameterNode("", data=PARAMETERS)
    system.add_variables(
        _variable("level", value_type=Enum, possible_values=Level, default_value=Level.level0),
        _variable("in_scope"), _variable("total"),
        _variable("pool", formula=_pool), _variable("critical", formula=_critical), _variable("cash", formula=_cash),
    )  # fmt: skip
    levels = np.array([level.name for level in Level])[given["level"]]
    best, found = float("inf"), np.zeros(0)
    for _ in range(3):
        simulation = SimulationBuilder().build_default_simulation(system, count=len(levels))
        simulation.set_input("level", YEAR, levels)
        for name in ("in_scope", "total"):
            simulation.set_input(name, YEAR, given[name])
        began = time.perf_counter()
        found = simulation.calculate("cash", YEAR)
        best = min(best, time.perf_counter() - began)
    np.savez(sys.argv[2], cash=found, seconds=best)


if __name__ == "__main__":
    main()
