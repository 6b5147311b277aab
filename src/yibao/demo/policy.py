"""The example region's benefits on one day, as settlement.py reads them: amounts in fen, rates in Decimal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from yibao.demo.enrolment import NAMES
from yibao.region.located import LINE
from yibao.region.packs import Pack

AMOUNTS = ("deductible", "cap", "cap_retired", "threshold", "to", "limits")  #: keys of the pack that hold yuan
LEVELS = ("0", "1", "2", "3")


def fen(yuan: Decimal | int) -> int:
    """Yuan of the pack as fen."""
    return int(Decimal(yuan) * 100)


@dataclass(frozen=True)
class Policy:
    """The benefits on one day, in fen and Decimal."""

    resident_inpatient: Mapping[str, Any]
    resident_before: Mapping[str, Any]  #: last year's
    employee_inpatient: Mapping[str, Any]
    away: Mapping[str, Any]
    resident_outpatient: Mapping[str, Any]
    employee_outpatient: Mapping[str, Any]
    chronic: Mapping[str, Any]
    critical: Mapping[str, Any]
    large: Mapping[str, Any]
    civil: Decimal
    aid: tuple[tuple[int, Decimal, int] | None, ...]  #: by identity: deductible, ratio, cap

    @classmethod
    def of(cls, pack: Pack, year: int) -> Policy:
        def read(name: str, on: date = date(year, 6, 30)) -> Any:
            return _exact(pack.value(f"benefit.{name}", on=on))

        aid = read("medical_aid")
        return cls(
            resident_inpatient=read("resident.inpatient"),
            resident_before=read("resident.inpatient", date(year - 1, 12, 31)),
            employee_inpatient=read("employee.inpatient"),
            away=read("away"),
            resident_outpatient=read("resident.outpatient"),
            employee_outpatient=read("employee.outpatient"),
            chronic=read("chronic"),
            critical=read("critical_illness"),
            large=read("large_amount"),
            civil=read("civil_servant"),
            aid=tuple(
                (rule["deductible"], rule["ratio"], rule["cap"]) if (rule := aid.get(name)) else None for name in NAMES
            ),
        )


def _exact(value: Any, money: bool = False) -> Any:
    """Amounts as whole fen, everything else as Decimal; a mapping by hospital level as a tuple, level 0 first."""
    if isinstance(value, Mapping):
        inside = {key: held for key, held in value.items() if key != LINE}
        if set(inside) == set(LEVELS):
            return tuple(_exact(inside[level], money) for level in LEVELS)
        return {key: _exact(held, money or key in AMOUNTS) for key, held in inside.items()}
    if isinstance(value, list):
        return [_exact(held, money) for held in value]
    return fen(value) if money else Decimal(value)
