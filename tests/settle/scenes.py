"""Scenarios that a clerk can add to: `scenarios/*.yaml` (its README says how), read into rules, visits and what is expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from tests.oracle import Paid, Visit
from tests.settle.words import BUCKETS, FIELDS, MONEY, RESULTS, VALUES

FOLDER = Path(__file__).parent / "scenarios"
Row = dict[str, Any]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Turned(_Part):
    """The same visits under changed rules: something else comes out."""

    rules: dict[str, Any]
    why: str = Field(min_length=1)
    expect: list[Row] = []
    refused: str = ""


class Scene(_Part):
    """One scenario; `base` is a file of scenarios/rules, `rules` change it (a value `~` takes a key away)."""

    title: str = Field(min_length=1)
    why: str = Field(min_length=1)
    source: str = ""
    base: str = ""
    rules: dict[str, Any] = {}
    visits: list[Row] = Field(min_length=1)
    refused: str = ""
    turned: list[Turned] = []


@dataclass(frozen=True, slots=True)
class Run:
    """One set of rules over the visits of a scenario: what must come out, visit by visit, or the words of the refusal."""

    rules: dict[str, Any]
    visits: list[Visit]
    expect: list[dict[str, int]]
    refused: str


def scenes() -> list[tuple[str, Scene]]:
    """(file and title, scenario)."""
    return [
        (f"{path.stem}/{row['title']}", Scene.model_validate(row))
        for path in sorted(FOLDER.glob("*.yaml"))
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def runs(scene: Scene) -> list[Run]:
    """The scenario itself, then each turn of it."""
    visits = [read_visit(at, row) for at, row in enumerate(scene.visits)]
    rules = changed(base_rules(scene.base), scene.rules)
    own = [expected(row.get("expect", {})) for row in scene.visits]
    found = [Run(rules, visits, own, scene.refused)]
    for turn in scene.turned:
        expect = [expected(row) for row in turn.expect]
        found.append(Run(changed(rules, turn.rules), visits, expect, turn.refused))
    return found


@cache
def base_rules(name: str) -> Mapping[str, Any]:
    """A file of scenarios/rules; `以` names another that it changes."""
    if not name:
        return {}
    rules: dict[str, Any] = yaml.safe_load((FOLDER / "rules" / f"{name}.yaml").read_text(encoding="utf-8"))
    below = rules.pop("以", "")
    return changed(base_rules(below), rules)


def changed(rules: Mapping[str, Any], by: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**rules, **by}.items() if value is not None}


def read_visit(at: int, row: Row) -> Visit:
    """A row in Chinese or English words, yuan; what it does not say is a resident adult's stay in a third-level hospital."""
    found: Row = {"id": str(at + 1)}
    for label, value in row.items():
        if label != "expect":
            name = FIELDS[label]
            found[name] = fen(value) if name in MONEY else _value(name, value)
    rest = sum(found.get(bucket, 0) for bucket in BUCKETS)
    if "total" in found and "in_scope" not in found:
        found["in_scope"] = found["total"] - rest
    found.setdefault("total", rest)
    if "discharge" in found:
        found.setdefault("year", found["discharge"].year)
    return Visit(**found)


def _value(name: str, value: Any) -> Any:
    if name == "identities":
        return tuple(VALUES.get(one, one) for one in (value if isinstance(value, list) else [value]))
    if isinstance(value, str) and name not in ("id", "reverses", "person_no", "disease", "provider", "maternity"):
        return VALUES.get(value, value)
    return value if isinstance(value, bool | int | date) else str(value)


def fen(yuan: Any) -> int:
    """YAML reads 97372.18 as a float; its shortest text is what was written."""
    amount = Decimal(str(yuan)) * 100
    assert amount == amount.to_integral_value(), f"{yuan} is finer than a fen"
    return int(amount)


def expected(row: Row) -> dict[str, int]:
    """Field of the result → fen, or a count."""
    names = {RESULTS.get(label, label): value for label, value in row.items()}
    return {name: value if name == "n" else fen(value) for name, value in names.items()}


def result(paid: Paid, name: str) -> int:
    """A field of the result; a fund or a layer by its name, `critical.base` for what a layer was measured on."""
    if name == "fund_pay_total":
        return sum(pay for fund, pay in paid.funds.items() if fund != "hospital")
    if name.startswith("fund."):
        return paid.funds.get(name.removeprefix("fund."), 0)
    if hasattr(paid, name):
        return int(getattr(paid, name))
    layer, _, field = name.partition(".")
    return sum(getattr(one, field or "pay") for one in paid.layers if one.name == layer)
