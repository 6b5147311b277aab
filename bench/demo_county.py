"""The demo county: seconds, rows and memory by scale, one year, without the export.

python -m bench.demo_county 0.05 0.2        # scales; 1 takes about a minute and a half of a free machine
"""

from __future__ import annotations

import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

from yibao.demo.generate import make_county
from yibao.demo.plants import SHIPPED, read_plants
from yibao.demo.settings import Plan

YEAR = 2025


def main() -> None:
    print("scale  wall s  cpu s  rows         fee lines    peak GB (of the process so far)")
    for scale in map(float, sys.argv[1:] or ["0.05", "0.2"]):
        folder = Path(tempfile.mkdtemp(prefix="county-"))
        start, used = time.perf_counter(), time.process_time()
        made = make_county(folder / "county", Plan(1, scale, (YEAR,), plants=read_plants(SHIPPED, YEAR)))
        wall, cpu = time.perf_counter() - start, time.process_time() - used
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(
            f"{scale:<6} {wall:6.1f} {cpu:6.1f}  {sum(made.rows.values()):<12,} {made.rows['fee_lines']:<12,} {peak:.2f}"
        )
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
