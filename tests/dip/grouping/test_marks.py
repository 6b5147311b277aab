"""A group that the pack marks as 中医优势病种 is told in the flags, one by one and in bulk; payment counts its points apart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from tests.dip.making import case, made, row
from yibao.dip.grouping.bulk import STAYS, BulkGrouper
from yibao.dip.grouping.group import Grouper

ROWS = [
    row("A", "core", "I10", score="100", mean_cost="1000"),
    row("B", "core", "K35.3", score="200", mean_cost="2000"),
]


def test_a_marked_group_is_flagged(tmp_path: Path) -> None:
    pack = replace(made(tmp_path, "2.0", ROWS), marks={"A": frozenset({"tcm", "local"}), "B": frozenset({"bed_day"})})
    grouper = Grouper(pack)
    assert "TCM" in grouper.group(case("I10.x00")).flags
    assert "TCM" not in grouper.group(case("K35.300")).flags
    stays = [{"id": dx, "principal_dx": dx, "principal_proc": "", "related_procs": [], "other_dx": []} for dx in ("I10.x00", "K35.300")]  # fmt: skip
    found = BulkGrouper(grouper).group(pa.RecordBatch.from_pylist(stays, schema=STAYS)).to_pylist()
    assert ["TCM" in one["grouping_flags"].split() for one in found] == [True, False]
