"""The whole way: a workspace, a region's terms and the user's lists → a pack with its report, put in place whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from yibao.dip.build.again import grouped_again, told_again
from yibao.dip.build.catalogue import Catalogue, Marked, build
from yibao.dip.build.given import CODES, LISTS, Files, read_files
from yibao.dip.build.limits import auxiliary_of
from yibao.dip.build.packed import Given, refuse_other, write_catalogue
from yibao.dip.build.read import READ, code_names, counted
from yibao.dip.build.report import listings
from yibao.dip.build.stays import Known
from yibao.dip.build.terms import Asked, Terms, terms_of
from yibao.dip.pack import Pack as RulePack
from yibao.dip.packing import load_pack, pack_tables, put_whole
from yibao.dip.settings import Settings, choice_said, edition_defaults
from yibao.errors import UserError
from yibao.region.pack import Pack
from yibao.region.packs import workspace_pack
from yibao.store.listing import Listing
from yibao.store.sheets import write_workbook
from yibao.store.workspace import Workspace


@dataclass(frozen=True)
class Wanted:
    """`files`: kinds, excluded_diagnoses, excluded_procedures, comorbidities, severity, tcm, bed_day, diagnoses, operations."""

    year: int
    out: Path | None = None
    asked: Asked = field(default_factory=Asked)
    national: Path | None = None  #: a pack whose groups go before local ones
    files: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class Built:
    """A catalogue, its report, and where the pack stands."""

    catalogue: Catalogue
    listings: list[Listing]
    out: Path | None


def build_year(workspace: Workspace, wanted: Wanted) -> Built:
    """UserError names a parameter or a file that is missing; nothing is written then."""
    place = workspace_pack(workspace.path, workspace.settings.region)
    national = load_pack(wanted.national) if wanted.national is not None else None
    terms = terms_of(place, wanted.year, _edition(wanted.asked, national))
    if wanted.out is not None:
        refuse_other(wanted.out)
    settings = settings_of(place, terms) if national is None else national.settings
    files = read_files(wanted.files, terms.edition, settings)
    if wanted.national is not None:
        files.tables = {
            **pack_tables(wanted.national, (*LISTS, *CODES, "groups", "primary_care", "tb_resistant")),
            **files.tables,
        }
    has_fees = workspace.manifest("fee_lines") is not None
    rules, limits, left = auxiliary_of(
        place, wanted.year, frozenset(files.lists.severity), bool(files.lists.comorbidities), has_fees
    )
    mode = settings.dagger_key_mode
    known = Known(
        settings, files.code_list("diagnoses", mode), files.code_list("operations", mode), files.kinds,
        frozenset(row[0] for row in files.tables.get("excluded_diagnoses", ())) | set(settings.excluded_diagnoses),
        files.excluded_operations, files.lists, rules, national,
    )  # fmt: skip
    stays = counted(workspace, known, terms)
    made = build(stays, known, terms, limits, Marked(files.tcm, files.bed_day), code_names(workspace, terms))
    made.notes += [*left, *files.refused]
    said = listings(made)
    if wanted.out is not None:
        _publish(wanted.out, made, known, _given(workspace, files), said, workspace)
    return Built(made, said, wanted.out)


def _edition(asked: Asked, national: RulePack | None) -> Asked:
    """The edition of the national library is that of the catalogue; UserError where another one was asked for."""
    if national is None:
        return asked
    edition = national.manifest.edition
    if asked.edition not in (None, edition):
        raise UserError(f"国家目录“{national.title}”是 {edition} 版，不能建 {asked.edition} 版的目录。")
    return replace(asked, edition=edition)


def settings_of(place: Pack, terms: Terms) -> Settings:
    """The edition's defaults under what the region declares (dip.choice: what decides between several groups)."""
    values: dict[str, Any] = dict(edition_defaults(terms.edition))
    found = place.find("dip.choice", on=date(terms.year, 6, 30))
    if found is not None and "core" in values["layers"]:
        choose = [*choice_said(found), "table_order"]
        layers = {name: {**values["layers"][name], "choose": choose} for name in ("core", "primary")}
        values = {**values, "layers": {**values["layers"], **layers}}
    return Settings.model_validate(values)


def _given(workspace: Workspace, files: Files) -> Given:
    tables = {name: workspace.manifest(name) for name in READ}
    hashes = {f"表 {name}": manifest.content for name, manifest in tables.items() if manifest is not None}
    return Given(files.tables, {**hashes, **files.hashes})


def _publish(out: Path, made: Catalogue, known: Known, given: Given, said: list[Listing], workspace: Workspace) -> None:
    """Written beside, read back, tried on the stays that it was made from, and put in place whole."""
    with put_whole(out) as work:
        write_catalogue(work, made, known, given)
        said.append(told_again(grouped_again(workspace, load_pack(work), made, known), made))
        write_workbook(work / "report.xlsx", said)
