"""The demo county, small, as the city's sheets; and the differences that a change makes beyond those that the county plants."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.demo.conftest import small_plan
from yibao.demo.generate import make_county
from yibao.dip.verify.found import Difference
from yibao.dip.verify.run import verify_sheets
from yibao.dip.verify.sheets import Sheets, read_sheets
from yibao.region.pack import Pack
from yibao.region.packs import region
from yibao.store.workspace import Workspace

REGION = "cn-990421"
Beyond = Callable[[Sheets], list[Difference]]


@pytest.fixture(scope="session")
def dip_county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("dip") / "county"
    make_county(root, small_plan(scale=0.02, years=(2025,)))
    return root


@pytest.fixture(scope="session")
def terms() -> Pack:
    return region(REGION)


@pytest.fixture(scope="session")
def sheets(dip_county: Path) -> Sheets:
    with Workspace.open(dip_county) as workspace:
        return read_sheets(workspace, 2025)


@pytest.fixture(scope="session")
def beyond(sheets: Sheets, terms: Pack) -> Beyond:
    """What is found in changed sheets beyond what is found in the county's own; nothing of that may be lost."""
    planted = _keys(verify_sheets(sheets, terms).found.differences)

    def found(changed: Sheets) -> list[Difference]:
        differences = verify_sheets(changed, terms).found.differences
        assert planted <= _keys(differences)
        return [one for one in differences if (one.sheet, one.key, one.step, one.cause) not in planted]

    return found


def _keys(differences: list[Difference]) -> set[tuple[str, ...]]:
    return {(one.sheet, one.key, one.step, one.cause) for one in differences}
