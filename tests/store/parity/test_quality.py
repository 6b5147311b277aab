"""The quality rules over what was planted for them: the same rows at fault on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.quality.conftest import planting
from tests.store.quality.test_rules import PLANTED, RULES, TODAY
from yibao.store.quality import evaluate
from yibao.store.workspace import Workspace

pytestmark = pytest.mark.xdist_group("spark")


def test_the_rules_find_the_same(spark: Workspace, tmp_path: Path) -> None:
    for name, (tables, _, wanted) in PLANTED.items():
        with Workspace.create(tmp_path / name, "cn") as workspace:
            for table, rows in tables.items():
                planting(workspace)(table, rows)
            theirs = Workspace.open(workspace.path, engine="spark")
            (ours,) = evaluate(workspace, TODAY, [RULES.rules[name]])
            assert list(evaluate(theirs, TODAY, [RULES.rules[name]])) == [ours]
            assert ours.found == len(wanted)
