"""Holds what `yibao dip watch` ranked against the hospital that the demo county made code too high: it must be first of its level.

`hold_upcoding.py WORKSPACE COUNTY`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow.parquet as pq

from yibao.store.workspace import Workspace

RANKED = """SELECT i.dip_indicator, i.peer_rank, i.peer_count FROM dip_indicators AS i
WHERE i.provider_code = $provider AND i.diagnosis_category = '' AND i.dip_indicator = 'high_score' AND i.peer_rank IS NOT NULL"""


def main(words: list[str]) -> int:
    truth = pq.read_table(Path(words[1]) / "truth" / "upcoding.parquet").to_pylist()
    [actor] = {row["provider_code"] for row in truth if row["label"] == "planted"}
    with Workspace.open(words[0]) as workspace:
        rows = workspace.query(RANKED, provider=actor).read_all().to_pylist()
    for row in rows:
        print(f"埋设高套的机构 {actor}：高套指标在 {row['peer_count']} 家同级医院中居第 {row['peer_rank']} 位。")
    return 0 if rows and rows[0]["peer_rank"] == 1 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
