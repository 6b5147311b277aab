"""Scenarios that a clerk can add to: `cases/*.yaml` (its README says how). One passage, what is checked in it, and what is said.

A case whose expectations all hold is silent: no error and no warning may be said about it, unless it says `silent: false`.
`wrong` repeats the passage with one thing changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

from tests.proofread.documents import together
from yibao.proofread import check_package
from yibao.proofread.findings import Check, Finding, Severity
from yibao.proofread.kinds import load_kinds

CASES = Path(__file__).parent / "cases"
ARROW = " -> "
WRONG = ("inconsistent", "suspicious")
Words = Annotated[str, StringConstraints(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Expected(_Part):
    """One check that must be made. `quote` is a piece of its place's literal text; `expected` the value computed.

    The verdict "wrong" is inconsistent or suspicious: that it is said matters, not how loudly.
    """

    kind: Words
    verdict: Literal["consistent", "rounding", "inconsistent", "suspicious", "uncheckable", "wrong"]
    quote: Annotated[str, BeforeValidator(str)] = ""
    expected: Annotated[str, BeforeValidator(str)] | None = None
    severity: Severity | None = None
    cause: str = ""


class Wrong(_Part):
    """The passage with a change: "甲 -> 乙", several divided by ";;"."""

    change: Words
    expect: tuple[Expected, ...] = ()
    silent: bool | None = None


class Case(_Part):
    name: Words
    text: Words
    also: tuple[str, ...] = ()  #: other files of the package
    year: int | None = None
    region: str | None = None
    expect: tuple[Expected, ...] = ()
    absent: tuple[str, ...] = ()  #: kinds that must not be checked at all
    silent: bool | None = None
    wrong: tuple[Wrong, ...] = ()


def load() -> Iterator[tuple[str, Case]]:
    for file in sorted(CASES.glob("*.yaml")):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8")):
            yield from _variants(file.stem, Case.model_validate(entry))


def _variants(stem: str, case: Case) -> Iterator[tuple[str, Case]]:
    yield f"{stem}: {case.name}", case
    for wrong in case.wrong:
        values: dict[str, Any] = {"expect": wrong.expect, "silent": wrong.silent, "wrong": (), "absent": ()}
        yield (
            f"{stem}: {case.name}（{wrong.change}）",
            case.model_copy(update=values | {"text": changed(case.text, wrong.change)}),
        )


def changed(text: str, change: str) -> str:
    for one in change.split(";;"):
        old, arrow, new = one.partition(ARROW)
        if not arrow or text.count(old) != 1:
            raise ValueError(f"{old!r} must stand once in the passage")
        text = text.replace(old, new)
    return text


ALL = list(load())


def proofread(case: Case) -> tuple[list[Check], list[Finding]]:
    package = together((case.text, *case.also))
    reports = check_package(package, year=case.year, region=case.region)
    return [c for r in reports for c in r.checks], [f for r in reports for f in r.findings]


def fits(check: Check, wanted: Expected) -> bool:
    return (
        check.kind == wanted.kind
        and (check.verdict == wanted.verdict or (wanted.verdict == "wrong" and check.verdict in WRONG))
        and wanted.quote in check.evidence.quote
        and wanted.expected in (None, check.expected)
        and wanted.cause in check.cause
        and wanted.severity in (None, check.weight)
    )


def shown(checks: Sequence[Check]) -> str:
    return "\n".join(
        f"{c.kind} {c.verdict} {c.evidence.quote!r} expected={c.expected} {c.weight} {c.message} {c.cause}"
        for c in checks
    )


def loud(findings: Sequence[Finding]) -> list[str]:
    return [
        f"{f.severity} {f.kind}: {f.message} ({f.evidence.quote})" for f in findings if f.severity is not Severity.INFO
    ]


@pytest.mark.parametrize("case", [case for _, case in ALL], ids=[name for name, _ in ALL])
def test_case(case: Case) -> None:
    checks, findings = proofread(case)
    for wanted in case.expect:
        assert any(fits(c, wanted) for c in checks), f"no check fits {wanted}\n{shown(checks)}"
    assert not [c.kind for c in checks if c.kind in case.absent]
    silent = case.silent if case.silent is not None else not any(e.verdict in (*WRONG, "wrong") for e in case.expect)
    if silent:
        assert loud(findings) == []
    else:
        assert loud(findings), f"nothing is said\n{shown(checks)}"


def test_every_case_says_what_it_expects() -> None:
    assert [name for name, case in ALL if not (case.expect or case.absent or case.silent)] == []


def test_names_are_unique() -> None:
    names = [name for name, _ in ALL]
    assert len(set(names)) == len(names)


def test_kinds_are_known() -> None:
    assert {e.kind for _, case in ALL for e in case.expect} - set(load_kinds()) == set()


def test_there_are_enough() -> None:
    assert len(ALL) >= 200
