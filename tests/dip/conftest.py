"""Packs for the tests: the ones that ship, and the national excerpt read in place where the reference files are."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from yibao.dip.grouping.group import Grouper
from yibao.dip.importing.catalogue import import_pack
from yibao.dip.importing.rows import Wanted
from yibao.dip.packing import load_pack
from yibao.dip.packs import opened


@pytest.fixture(scope="session")
def reference(shared: Path) -> Path:
    return shared / "reference"


@pytest.fixture(scope="session")
def worked(reference: Path) -> dict[str, dict[str, Any]]:
    """The worked examples of the guide (§15.2) by their number: inputs, and what is expected."""
    lines = (reference / "dip_worked_examples.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["id"]: row for row in (json.loads(line, parse_float=Decimal) for line in lines)}


@pytest.fixture(scope="session")
def national_folder(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack of the command in the manual, made from the excerpt."""
    out = tmp_path_factory.mktemp("packs") / "national"
    lists = {
        "primary_care": reference / "dip30_primary_care.tsv",
        "excluded_procedures": reference / "dip30_excluded_proc_sample.tsv",
    }
    import_pack(Wanted(reference / "dip30_excerpt.tsv", "3.0", lists), out)
    return out


@pytest.fixture(scope="session")
def national(national_folder: Path) -> Grouper:
    return Grouper(load_pack(national_folder))


@pytest.fixture(scope="session")
def first() -> Grouper:
    return Grouper(opened("example-1.0"))


@pytest.fixture(scope="session")
def second() -> Grouper:
    return Grouper(opened("example-2.0"))


@pytest.fixture(scope="session")
def third() -> Grouper:
    return Grouper(opened("example-3.0"))
