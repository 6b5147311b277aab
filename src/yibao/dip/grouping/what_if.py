"""What would change if one code were removed, or another diagnosis or operation were the main one.

A check of the record's evidence, in the order of the record: never sorted by what it pays (guide dip §10).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from yibao.dip.grouping.cases import Case
from yibao.dip.grouping.group import Grouper, Grouping

How = Literal["without", "as_main_diagnosis", "as_main_operation"]
HOW: dict[How, str] = {"without": "去掉", "as_main_diagnosis": "改为主要诊断", "as_main_operation": "改为主要手术操作"}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a record that changes its group."""

    how: How
    code: str
    found: Grouping


def what_if(grouper: Grouper, case: Case) -> list[Change]:
    """The single changes of a record that lead to another group (or to none)."""
    group = grouper.group(case).group
    tried = ((how, code, grouper.group(changed)) for how, code, changed in _changed(case))
    return [Change(how, code, found) for how, code, found in tried if found.group != group]


def _changed(case: Case) -> Iterator[tuple[How, str, Case]]:
    if case.principal_proc:
        yield "without", case.principal_proc, _led_by(case, case.related_procs)
    for i, code in enumerate(case.related_procs):
        rest = (*case.related_procs[:i], *case.related_procs[i + 1 :])
        yield "without", code, replace(case, related_procs=rest)
    for i, code in enumerate(case.other_dx):
        rest = (*case.other_dx[:i], *case.other_dx[i + 1 :])
        yield "without", code, replace(case, other_dx=rest)
    for i, code in enumerate(case.other_dx):
        others = (*case.other_dx[:i], case.principal_dx, *case.other_dx[i + 1 :])
        yield "as_main_diagnosis", code, replace(case, principal_dx=code, other_dx=others)
    for i, code in enumerate(case.related_procs):
        beside = (*case.related_procs[:i], *filter(None, [case.principal_proc]), *case.related_procs[i + 1 :])
        yield "as_main_operation", code, replace(case, principal_proc=code, related_procs=beside)


def _led_by(case: Case, operations: tuple[str, ...]) -> Case:
    """The main operation gone: the next one leads."""
    return replace(case, principal_proc=operations[0] if operations else "", related_procs=operations[1:])
