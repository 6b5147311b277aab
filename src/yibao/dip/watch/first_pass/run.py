"""The rules over a year: faults a rule and a hospital, and the share of stays that pass every rule that was run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from yibao.dip.watch.stays import Stays
from yibao.dip.watch.texts import TEXTS, has_rows, rows
from yibao.store.workspace import Workspace


class Rule(BaseModel):
    """A rule as rules.yaml declares it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    label: str
    needs: tuple[str, ...]
    source: str
    says: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fault:
    """A stay that a rule found."""

    rule: Rule
    visit_id: str
    hospital: str
    found: str


@dataclass(frozen=True)
class FirstPass:
    """Stays looked at by hospital, their faults, and the rules that could not be run with the labels of the tables they lack."""

    stays: Mapping[str, int]
    faults: tuple[Fault, ...]
    run: tuple[Rule, ...]
    not_run: tuple[tuple[Rule, tuple[str, ...]], ...]

    def failed(self, hospital: str | None = None) -> int:
        """Stays with any fault, of one hospital or of all."""
        return len({f.visit_id for f in self.faults if hospital in (None, f.hospital)})

    def by_rule(self, hospital: str | None = None) -> Mapping[str, int]:
        counts: dict[str, int] = defaultdict(int)
        for fault in self.faults:
            if hospital in (None, fault.hospital):
                counts[fault.rule.id] += 1
        return counts


@lru_cache(maxsize=1)
def load_rules() -> tuple[Rule, ...]:
    """The rules as shipped; ValueError where one has neither a text nor flags, or both."""
    said = yaml.safe_load(files("yibao.dip.watch.first_pass").joinpath("rules.yaml").read_text(encoding="utf-8"))
    rules = tuple(Rule.model_validate({"id": name, **rule}) for name, rule in said.items())
    if wrong := [rule.id for rule in rules if (rule.id in TEXTS) == bool(rule.flags)]:
        raise ValueError(f"{wrong[0]} needs a text or flags")
    return rules


def first_pass(workspace: Workspace, stays: Stays, year: int) -> FirstPass:
    """Every rule over the stays discharged in a year, also those without a bill."""
    hospital = dict(stays.visits)
    counts: dict[str, int] = defaultdict(int)
    for code in hospital.values():
        counts[code] += 1
    faults: list[Fault] = []
    done, left = [], []
    for rule in load_rules():
        if missing := tuple(workspace.table(n).label for n in rule.needs if not _is_there(workspace, stays, n)):
            left.append((rule, missing))
            continue
        done.append(rule)
        found = _flagged(stays, rule) if rule.flags else _asked(workspace, rule, year)
        faults += [Fault(rule, v, hospital[v], said) for v, said in sorted(found.items()) if v in hospital]
    return FirstPass(counts, tuple(faults), tuple(done), tuple(left))


def _is_there(workspace: Workspace, stays: Stays, table: str) -> bool:
    return stays.groups_of == "own" if table == "dip_groupings" else has_rows(workspace, table)


def _asked(workspace: Workspace, rule: Rule, year: int) -> dict[str, str]:
    found = rows(workspace, rule.id, first_day=date(year, 1, 1), last_day=date(year, 12, 31))
    return {row["visit_id"]: row["found"] or "" for row in found}


def _flagged(stays: Stays, rule: Rule) -> dict[str, str]:
    """Stays whose grouping has one of the rule's flags."""
    found: dict[str, str] = {}
    columns: Any = stays.rows.select(["visit_id", "grouping_flags"]).to_pylist()
    for row in columns:
        if hit := [flag for flag in (row["grouping_flags"] or "").split() if flag in rule.flags]:
            found[row["visit_id"]] = " ".join(hit)
    return found
