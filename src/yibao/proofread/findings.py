"""Verdicts, checks and findings: what the proofreader says, before anything prints it.

A *check* is one relation evaluated, also when it holds. A *finding* is one root cause: one or more checks that did not
hold, merged (`proofread.roots`). "Not run" is a third thing and never a pass.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from yibao.proofread.document import Place


class Verdict(StrEnum):
    CONSISTENT = "consistent"
    ROUNDING = "rounding"
    INCONSISTENT = "inconsistent"
    SUSPICIOUS = "suspicious"
    UNCHECKABLE = "uncheckable"


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


DEFAULT_SEVERITY = {
    Verdict.INCONSISTENT: Severity.ERROR,
    Verdict.SUSPICIOUS: Severity.WARNING,
    Verdict.ROUNDING: Severity.INFO,
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A literal piece of the document and where it stands."""

    quote: str
    place: Place


@dataclass(frozen=True, slots=True)
class Operand:
    """A printed number that takes part in a check: its identity (`key`: block, row, column or start) and its value.

    `value` and `half` (half a unit of the last printed place; 0 for exact numbers) are in base units.
    """

    key: tuple[int, ...]
    value: Decimal
    evidence: Evidence
    half: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Check:
    """One relation evaluated at one place.

    `stated` and `expected` are printed as in the document's own unit ("12.09%", "1997.21万元"). `message` is one
    Chinese sentence with the operands. `severity` is only given when it differs from the verdict's default.
    `target` and `operands` are the numbers compared: the root-cause merger looks for one value that explains many.
    """

    kind: str
    verdict: Verdict
    evidence: Evidence
    stated: str = ""
    expected: str | None = None
    message: str = ""
    cause: str = ""
    related: tuple[Evidence, ...] = ()
    severity: Severity | None = None
    target: Operand | None = None
    operands: tuple[Operand, ...] = ()
    group: str = ""  #: checks of one group that fail are one finding (a row shift, a rounding cluster)
    asks: str = ""  #: the item that a printed explanation would have to name, "" where none would do (`explained`)

    @property
    def weight(self) -> Severity | None:
        """How loud the check is as a finding; None where it is no finding (consistent, uncheckable)."""
        return self.severity or DEFAULT_SEVERITY.get(self.verdict)

    def doubted(self, reason: str) -> Check:
        """The check, uncheckable for a `reason` where it failed; as it is where it holds."""
        if self.verdict is not Verdict.INCONSISTENT:
            return self
        message = f"{self.message}（{reason}，不作结论）"
        return replace(self, verdict=Verdict.UNCHECKABLE, severity=None, cause="", message=message)

    def as_dict(self) -> dict[str, Any]:
        place = self.evidence.place.as_dict()
        out: dict[str, Any] = {
            "kind": self.kind,
            "verdict": str(self.verdict),
            "quote": self.evidence.quote,
            "location": place,
        }
        if self.stated:
            out["stated"] = self.stated
        if self.expected is not None:
            out["expected"] = self.expected
        return out


@dataclass(frozen=True, slots=True)
class Finding:
    """One root cause as the user reads it."""

    kind: str
    severity: Severity
    verdict: Verdict
    evidence: Evidence
    stated: str
    expected: str | None
    message: str
    cause: str = ""
    related: tuple[Evidence, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "severity": str(self.severity),
            "verdict": str(self.verdict),
            "quote": self.evidence.quote,
            "stated": self.stated,
            "expected": self.expected,
            "location": self.evidence.place.as_dict(),
            "related": [{"quote": e.quote, "location": e.place.as_dict()} for e in self.related],
            "message": self.message,
            "cause": self.cause,
        }


@dataclass(frozen=True, slots=True)
class NotRun:
    """A check that could not be made, with the reason in Chinese."""

    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything said about one file."""

    path: str
    title: str
    kind: str
    year: int | None
    bureau: str
    findings: tuple[Finding, ...] = ()
    checks: tuple[Check, ...] = ()
    not_run: tuple[NotRun, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """The JSON contract of `yibao check --format json`."""
        return {
            "document": {
                "path": self.path,
                "title": self.title,
                "kind": self.kind,
                "year": self.year,
                "bureau": self.bureau,
            },
            "findings": [f.as_dict() for f in self.findings],
            "checks": [c.as_dict() for c in self.checks],
            "not_run": [{"kind": n.kind, "reason": n.reason} for n in self.not_run],
        }
