"""A catalogue as a pack: the tables that the grouper reads, and what the bureau pays by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from yibao.dip.auxiliary.rules import Rules
from yibao.dip.build.catalogue import Catalogue
from yibao.dip.build.groups import CELL, PRIMARY, Group, component_score, point_cost, rounded
from yibao.dip.build.stays import Known
from yibao.dip.pack import Manifest
from yibao.dip.packing import write_pack
from yibao.dip.settings import KINDS
from yibao.errors import UserError

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Given:
    """Tables that the user gave, as a pack holds them, and the hashes of what everything was made from."""

    tables: Mapping[str, Rows] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


def refuse_other(out: Path) -> None:
    """UserError where a folder holds something that is no pack."""
    if out.exists() and not (out.is_dir() and ((out / "pack.yaml").is_file() or not any(out.iterdir()))):
        raise UserError(f"“{out}”已经有别的内容，没有写入。请换一个文件夹。")


def write_catalogue(folder: Path, made: Catalogue, known: Known, given: Given) -> None:
    """The pack's files into an empty folder."""
    names = _Layers(known.main_apart)
    local = [row for row in made.rows if not row.national]
    tables: dict[str, Rows] = {
        "groups": [*given.tables.get("groups", ()), *(_group(row, names, made) for row in local)],
        "scores": [_score(row, made) for row in made.rows],
        "institution_coefficients": [
            (one.group, str(one.level), str(one.coefficient), str(one.stays), _yuan(one.mean)) for one in made.coefficients
        ],
    }  # fmt: skip
    if known.main_apart:
        tables["primary_care"] = [
            *given.tables.get("primary_care", ()),
            *((row.code, row.key, "+".join(row.operations[:1])) for row in local if row.layer == PRIMARY),
        ]
    additions = [(row.code, "local") for row in local if row.layer != CELL] if known.national is not None else []
    if marks := additions + [
        (code, mark) for mark in ("tcm", "bed_day") for code in sorted(getattr(made.marked, mark))
    ]:
        tables["marks"] = marks
    rules = known.rules if any(not one.why_not for one in made.splits) else None
    if rules is not None:
        tables["auxiliary"] = [
            (one.group, one.kind, one.level, str(one.coefficient), str(one.stays))
            for one in made.splits
            if not one.why_not
        ]
        if "comorbidities" in given.tables:
            tables["comorbidities"] = given.tables["comorbidities"]
        if "severity" in given.tables:
            tables["severity"] = given.tables["severity"]
    own = ("comorbidities", "severity", "groups", "primary_care")
    tables |= {name: rows for name, rows in given.tables.items() if name not in own}
    write_pack(folder, _manifest(made, known, given, rules), tables)


@dataclass(frozen=True)
class _Layers:
    """What layers are called: the 3.0 walk knows no 基层 layer, it asks its list after grouping."""

    main_apart: bool

    def of(self, row: Group) -> str:
        return row.layer if not self.main_apart or row.layer == CELL or row.national else "JC"


def _manifest(made: Catalogue, known: Known, given: Given, rules: Rules | None) -> Manifest:
    terms = made.terms
    names = _Layers(known.main_apart)
    said: dict[str, Any] = {
        "name": f"{terms.region.name}{terms.year}年病种目录",
        "edition": terms.edition,
        "region": terms.region.code,
        "from": date(terms.year, 1, 1),
        "to": date(terms.year, 12, 31),
        "source": f"yibao dip build {terms.year}：{terms.years[0]}–{terms.years[-1]} 年出院 {len(made.stays):,} 例",
        "files": dict(given.files),
        "status": "example" if terms.region.status == "example" else "inferred",
        "counts": dict(Counter(names.of(row) for row in made.rows)),
        "region_mean_cost": rounded(made.region.mean / 100, 2),
        "score_scale": terms.scale,
        "scale_cost": None
        if terms.score["method"] == "mean"
        else rounded(point_cost(made.rows, made.region, terms) * terms.scale / 100, 6),
        "score_digits": terms.digits,
        "auxiliary": rules,
        "settings": known.settings,
    }
    return Manifest.model_validate(said)


def _group(row: Group, names: _Layers, made: Catalogue) -> tuple[str, ...]:
    operations, related = row.operations, ""
    if names.main_apart and len(operations) > 1:
        operations, related = operations[:1], "+".join(operations[1:])
    return (
        row.code,
        names.of(row),
        row.key,
        "",
        "+".join(operations),
        related,
        "",
        row.name,
        KINDS[row.kind],
        str(row.surgery_level or ""),
    )


def _score(row: Group, made: Catalogue) -> tuple[str, ...]:
    """The columns of scores, with those of pack.MORE."""
    drug = component_score(row.mean_drug, made.region.drug, made.terms)
    material = component_score(row.mean_material, made.region.material, made.terms)
    return (
        row.code, str(row.score), _yuan(row.mean), str(row.measure.stays), str(round(row.measure.cv, 4)),
        "" if row.mean_los is None else str(rounded(row.mean_los, 2)), _yuan(row.mean_drug), _yuan(row.mean_material),
        "" if drug is None else str(drug), "" if material is None else str(material),
    )  # fmt: skip


def _yuan(fen: Fraction | None) -> str:
    """Yuan to the fen, half-up; empty where it is not known."""
    return "" if fen is None else str(rounded(fen / 100, 2))
