"""Drawn years: their packages show no error and no warning that nobody explained. All 200: `python bench/appraise.py`."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from bench.appraise import judge, printable
from bench.years.altered import alter, numbers_in, slip, spots
from bench.years.drawn import LAYOUTS, draw_year
from bench.years.made import make, proofread
from yibao.proofread.findings import Severity

SEEDS = (701, 702)
DRAWN = 25  #: years of each layout looked at for what they hold
HELD = 0.95  #: of the figures that layouts and forms name


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_year_in_order_makes_a_clean_package(layout: str, seed: int, tmp_path: Path) -> None:
    made = make(draw_year(layout, seed), tmp_path)
    assert made.refused == ""
    loud = [f"{f.kind} {f.evidence.quote} {f.message}" for f in made.findings if f.severity is not Severity.INFO]
    assert loud == []
    assert len(made.printed) > 20


def test_the_years_hold_what_layouts_and_forms_print() -> None:
    drawn = (draw_year(layout, seed) for layout in LAYOUTS for seed in range(DRAWN))
    held = {place.figure for year in drawn for place in year.ledger.typed}
    assert len(held & printable()) >= HELD * len(printable()), sorted(printable() - held)


@pytest.mark.parametrize("saved", [False, True], ids=["in the file", "saved by an office"])
def test_altered_files_stay_readable(saved: bool, tmp_path: Path) -> None:
    """One number in a Word file and one in a workbook: the place reads otherwise, nothing else is an error."""
    year = make(draw_year("益阳", SEEDS[0]), tmp_path)
    rng = random.Random(5)
    for kind in (".docx", ".xlsx"):
        spot = rng.choice([s for s in spots(year.out) if s.file.endswith(kind) and len(s.text) > 3])
        new = slip(spot.text, rng)
        alter(year.out, tmp_path / "altered", spot, new, saved=saved)
        assert new in {s.text for s in spots(tmp_path / "altered") if (s.file, s.place) == (spot.file, spot.place)}
        assert judge(year.findings, proofread(tmp_path / "altered"), spot, new) in ("one, there", "several, one there")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1.医保信息系统：预算执行3.50万元，执行率98%", ["3.50", "98"]),
        ("本次自评于2026年4月14日至18日进行，2025年支出12.5万元", ["12.5"]),
        ("（2）数量指标（指标分值20分，得分19.5分）", ["20", "19.5"]),
        ("附件2", []),
        ("其中60岁以上11万人，按当年支出测算可支付6.5个月", ["11", "6.5"]),
    ],
)
def test_years_dates_and_serial_numbers_are_not_altered(text: str, numbers: list[str]) -> None:
    assert [m[0] for m in numbers_in(text)] == numbers


def test_the_same_seed_draws_the_same_year() -> None:
    for layout in LAYOUTS:
        assert draw_year(layout, 3).files.keys() == draw_year(layout, 3).files.keys()
        texts = [{n: c for n, c in draw_year(layout, 3).files.items() if isinstance(c, str)} for _ in range(2)]
        assert texts[0] == texts[1]


def test_another_run_draws_the_same_years() -> None:
    """Texts hash differently in every process: nothing that is drawn may hang on it."""
    script = (
        "from bench.years.drawn import LAYOUTS, draw_year\n"
        "print([[(n, c) for n, c in draw_year(layout, 5).files.items() if isinstance(c, str)] for layout in LAYOUTS])"
    )
    root = Path(__file__).resolve().parents[2]
    runs = [
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{root / 'src'}:{root}"},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] != b""
