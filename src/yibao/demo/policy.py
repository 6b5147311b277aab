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
            return pack.value(f"benefit.{name}", on=on)

        aid = read("medical_aid")
        return cls(
            resident_inpatient=_by_level(read("resident.inpatient")),
            resident_before=_by_level(read("resident.inpatient", date(year - 1, 12, 31))),
            employee_inpatient=_by_level(read("employee.inpatient")),
            away=read("away"),
            resident_outpatient=_by_level(read("resident.outpatient")),
            employee_outpatient=_by_level(read("employee.outpatient")),
            chronic=read("chronic"),
            critical=read("critical_illness"),
            large=read("large_amount"),
            civil=Decimal(read("civil_servant")),
            aid=tuple(_aid(aid[name]) if name in aid else None for name in NAMES),
        )


def _by_level(value: Mapping[str, Any]) -> dict[str, Any]:
    """The lists by hospital level as tuples: level 0 first."""
    found = dict(value)
    for key in ("deductible", "ratio"):
        if isinstance(found.get(key), Mapping):
            convert = fen if key == "deductible" else Decimal
            found[key] = tuple(convert(found[key][str(level)]) for level in range(4))
    if "bands" in found:
        found["bands"] = [
            (
                fen(band["to"]) if "to" in band else None,
                tuple(Decimal(band["ratio"][str(level)]) for level in range(4)),
            )
            for band in found["bands"]
        ]
    return {key: value for key, value in found.items() if key != LINE}


def _aid(value: Mapping[str, Any]) -> tuple[int, Decimal, int]:
    return fen(value["deductible"]), Decimal(value["ratio"]), fen(value["cap"])
