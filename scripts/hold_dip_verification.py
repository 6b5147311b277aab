"""Holds what `yibao dip verify` wrote against what the demo county planted in the city's sheets: every row with its cause, nothing else.

`hold_dip_verification.py WORKSPACE COUNTY`
"""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow.parquet as pq

from yibao.store.workspace import Workspace

#: kind of deviation in truth/dip_deviations → dip_cause
CAUSES = {
    "wrong_code_map": "code_map", "old_pack": "pack", "tie_broken_otherwise": "tie", "band_misread": "band",
    "coefficient_of_last_year": "coefficient", "point_value_rounded": "point_value", "deduction_twice": "deduction",
    "deposit_missing": "deposit",
}  # fmt: skip
FOUND = "SELECT d.dip_sheet, d.sheet_row_key, d.dip_cause FROM dip_differences AS d"


def main(words: list[str]) -> int:
    truth = pq.read_table(Path(words[1]) / "truth" / "dip_deviations.parquet").to_pylist()
    planted = {(row["table_name"], row["row_key"], CAUSES.get(row["deviation"], "")) for row in truth}
    with Workspace.open(words[0]) as workspace:
        found = {tuple(row.values()) for row in workspace.query(FOUND).read_all().to_pylist()}
    print(
        f"统筹区表里的错误，县里埋设 {len(planted)} 处，连同原因找到 {len(found & planted)} 处，误报 {len(found - planted)} 处。"
    )
    for one in sorted(planted ^ found):
        print(f"  {'没有找到' if one in planted else '误报'}：{' '.join(one)}")
    return 0 if found == planted else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
