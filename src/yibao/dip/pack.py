"""A rule pack: a folder with pack.yaml (what it is, when and where it holds, how its rows are read) and tables as TSV.

groups.tsv is required; excluded_diagnoses, excluded_procedures, primary_care, tb_resistant, kinds, scores, diagnoses, operations
(the code lists) and map_*.tsv (other systems → 医保版) are there where the user gave them; auxiliary, comorbidities, severity,
marks and institution_coefficients where `yibao dip build` made the pack.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from yibao.dip.auxiliary.rules import Rules
from yibao.dip.codes import CodeList
from yibao.dip.expressions import Expression, Range, codes_of
from yibao.dip.settings import Kind, Settings, Strict

Handling = Literal["conservative", "not_main", "main_in_range"]
HANDLINGS: dict[str, Handling] = {
    "按保守治疗入组": "conservative",
    "不可作为主要手术操作": "not_main",
    "限范围可作主要手术操作": "main_in_range",
}
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "groups": ("seq", "layer", "principal_dx", "other_dx", "proc_expr", "related_proc", "condition", "name", "kind", "level"),
    "excluded_diagnoses": ("code",),
    "excluded_procedures": ("code", "rule", "dx_range"),
    "primary_care": ("seq", "principal_dx", "proc_expr"),
    "tb_resistant": ("code",),
    "kinds": ("code", "kind", "level"),
    "scores": ("seq", "score", "mean_cost"),
    "diagnoses": ("code", "name"),
    "operations": ("code", "name"),
    "auxiliary": ("seq", "kind", "level", "coefficient", "count"),
    "comorbidities": ("code", "condition", "weight"),
    "severity": ("code", "list"),
    "marks": ("seq", "mark"),
    "institution_coefficients": ("seq", "level", "coefficient", "count", "mean_cost"),
}  # fmt: skip
#: columns that a table may have behind those, all or none: money in yuan, LOS in days
MORE: Mapping[str, tuple[str, ...]] = {
    "scores": ("count", "cv", "mean_los", "mean_drug", "mean_material", "drug_score", "material_score")
}
MARKS: Mapping[str, str] = {"tcm": "中医优势病种", "bed_day": "床日付费", "local": "本地增加"}
_CONDITION = re.compile(r"(ANY_PROC)|(ANY_DX)|age_day(<=|<)(\d+)|weight=(\d+)-(\d+)|TB_RESIST=([YN])")


class Manifest(Strict):
    """What pack.yaml says."""

    name: str
    edition: Literal["1.0", "2.0", "3.0"]
    region: str = ""
    valid_from: date | None = Field(default=None, alias="from")
    valid_to: date | None = Field(default=None, alias="to")
    source: str
    files: dict[str, str] = Field(default_factory=dict)  #: what it was made from, with sha256
    status: Literal["verified", "inferred", "example"]
    counts: dict[str, int] = Field(default_factory=dict)
    region_mean_cost: Decimal | None = Field(default=None, gt=0)  #: yuan: what the scores are measured by
    score_scale: int | None = Field(default=None, gt=0)
    scale_cost: Decimal | None = Field(
        default=None, gt=0
    )  #: yuan of a stay that scores the scale, where it is not the region's mean
    score_digits: int | None = Field(default=None, ge=0)
    auxiliary: Rules | None = None
    settings: Settings

    @property
    def measured_by(self) -> Decimal | None:
        """Yuan of a stay that scores the scale."""
        return self.scale_cost if self.scale_cost is not None else self.region_mean_cost


@dataclass(frozen=True, slots=True)
class Condition:
    """What a row asks beside codes; bounds are read as written."""

    any_operation: bool = False  #: the operations need not be the main one
    any_diagnosis: bool = False  #: the diagnosis may stand anywhere
    age_below: int | None = None  #: days, not included
    weight: tuple[int, int] | None = None  #: g, both included
    resistant: bool | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the catalogue."""

    order: int
    group: str
    layer: str
    diagnoses: tuple[str | Range, ...]
    others: tuple[str | Range, ...] = ()
    operations: Expression = ()
    related: Expression = ()
    condition: Condition = Condition()
    name: str = ""
    kind: Kind | None = None
    level: int | None = None
    score: Decimal | None = None
    mean_cost: Decimal | None = None
    codes: frozenset[str] = field(init=False)  #: every operation that it names

    def __post_init__(self) -> None:
        object.__setattr__(self, "codes", codes_of(self.operations) | codes_of(self.related))


@dataclass(frozen=True, slots=True)
class Exclusion:
    """How an operation that may not lead to a group is handled; `ranges`: main diagnoses for which it may."""

    handling: Handling
    ranges: tuple[str | Range, ...] = ()


@dataclass(frozen=True)
class Pack:
    """A pack in memory."""

    manifest: Manifest
    rows: tuple[Row, ...]
    excluded_diagnoses: frozenset[str] = frozenset()
    excluded_operations: Mapping[str, Exclusion] = field(default_factory=dict)
    primary_care: tuple[Row, ...] = ()
    resistant: frozenset[str] = frozenset()
    kinds: Mapping[str, tuple[int, int]] = field(default_factory=dict)  #: operation → rank of its kind, level
    diagnoses: CodeList = field(default_factory=lambda: CodeList("diagnosis"))
    operations: CodeList = field(default_factory=lambda: CodeList("operation"))
    auxiliary: Mapping[tuple[str, str, str], Decimal] = field(default_factory=dict)  #: group, kind, level → coefficient
    comorbidities: Mapping[str, tuple[str, int]] = field(
        default_factory=dict
    )  #: key of a diagnosis → condition, weight
    severity: Mapping[str, frozenset[str]] = field(default_factory=dict)  #: list → keys of diagnoses
    marks: Mapping[str, frozenset[str]] = field(default_factory=dict)  #: group → MARKS
    institutions: Mapping[tuple[str, str], Decimal] = field(
        default_factory=dict
    )  #: group (empty: all), level → coefficient
    version: str = ""  #: hash of everything in it

    @property
    def settings(self) -> Settings:
        return self.manifest.settings

    @property
    def title(self) -> str:
        return f"{self.manifest.name}（DIP {self.manifest.edition}）"


def condition(text: str) -> Condition:
    """
    >>> condition("ANY_DX;age_day<29;weight=0-999").weight
    (0, 999)
    """
    values: dict[str, Any] = {}
    for part in filter(None, text.replace(" ", "").split(";")):
        found = _CONDITION.fullmatch(part)
        if found is None:
            raise ValueError(f"看不懂的条件“{part}”")
        any_proc, any_dx, sign, days, low, high, resist = found.groups()
        if any_proc:
            values["any_operation"] = True
        elif any_dx:
            values["any_diagnosis"] = True
        elif days:
            values["age_below"] = int(days) + (sign == "<=")
        elif low:
            values["weight"] = (int(low), int(high))
        else:
            values["resistant"] = resist == "Y"
    return Condition(**values)
