"""A workspace of the small vocabulary, empty or with its rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.small import BY_HAND, VOCABULARY, lines, visits
from yibao.store.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "county", "cn", vocabulary=VOCABULARY) as made:
        yield made


@pytest.fixture
def county(workspace: Workspace) -> Workspace:
    workspace.write("visits", visits(), BY_HAND)
    workspace.write("lines", lines(), BY_HAND)
    return workspace
