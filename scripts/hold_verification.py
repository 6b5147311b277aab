"""Holds what `yibao settle verify` wrote against what the demo county planted: every deviation found, nothing else.

`hold_verification.py WORKSPACE COUNTY` compares; `--one WORKSPACE` prints a settlement worth explaining.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow.parquet as pq

from yibao.store.workspace import Workspace

FOUND = (
    "SELECT d.settlement_id, d.benefit_year, d.difference_step, d.difference_amount FROM settlement_differences AS d"
)
OF_YEAR = "SELECT s.settlement_id FROM settlements AS s WHERE s.benefit_year = $year"
ONE = """SELECT c.bill_id, c.resident_critical_illness_pay + c.medical_aid_pay AS others FROM computed_settlements AS c
WHERE c.resident_critical_illness_pay > 0 AND c.medical_aid_pay > 0 ORDER BY others DESC NULLS LAST, c.bill_id NULLS LAST LIMIT 1"""


def main(words: list[str]) -> int:
    if words[0] == "--one":
        with Workspace.open(words[1]) as workspace:
            print("结算", workspace.query(ONE).read_all()["bill_id"][0].as_py())
        return 0
    truth = pq.read_table(Path(words[1]) / "truth" / "platform_deviations.parquet")["settlement_id"].to_pylist()
    with Workspace.open(words[0]) as workspace:
        rows = workspace.query(FOUND).read_all().to_pylist()
        year = {row["benefit_year"] for row in rows}.pop()
        settled = set(workspace.query(OF_YEAR, year=year).read_all()["settlement_id"].to_pylist())
    found, planted = {row["settlement_id"] for row in rows}, set(truth) & settled
    print(
        f"{year} 年平台算错的结算，县里埋设 {len(planted)} 笔，找到 {len(found & planted)} 笔，误报 {len(found - planted)} 笔。"
    )
    return 0 if found == planted else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
