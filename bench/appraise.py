"""The appraisal benchmark: `python bench/appraise.py [--n 200] [--seed 1] [--alter] [--saved] [--far]`.

Years are drawn (`years.drawn`), `yibao appraise` makes their packages, the proofreader reads each as a whole: every error,
every warning that the package does not explain, every refusal of a year that is in order is a defect. `--alter` then
changes one printed figure in each package: one new finding at that place is what is wanted. Ends with 1 on a defect.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import traceback
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.labelled import wilson
from bench.years.altered import Spot, alter, slip, spots
from bench.years.drawn import LAYOUTS, draw_year
from bench.years.made import Made, make, proofread
from yibao.proofread.findings import Finding, Severity
from yibao.vocabulary.figures import load_figures

TALES = 40  #: defects told one by one
OUTCOMES = ("one, there", "one, elsewhere", "none", "several, one there", "several, elsewhere")


@dataclass
class Outcome:
    """Everything counted."""

    made: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    crashed: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    checking: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    printed: set[str] = field(default_factory=set)
    typed: set[str] = field(default_factory=set)
    altered: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    tales: list[str] = field(default_factory=list)

    @property
    def defects(self) -> int:
        return sum(sum(counter.values()) for counter in (self.errors, self.warnings, self.refused, self.crashed))


def told(finding: Finding) -> str:
    return f"{finding.severity} {finding.kind} | {finding.evidence.quote[:60]} | {finding.message[:160]}".replace(
        "\n", " "
    )


def count(outcome: Outcome, made: Made) -> None:
    """One package."""
    layout, name = made.year.layout, f"{made.year.layout}/{made.year.seed}"
    outcome.made[layout] += 1
    outcome.typed |= {place.figure for place in made.year.ledger.typed}
    outcome.printed |= made.printed
    if made.refused:
        outcome.refused[layout] += 1
        outcome.tales.append(f"{name} refused: {made.refused[:300]}")
        return
    outcome.seconds[layout].append(made.seconds)
    outcome.checking[layout].append(made.checking)
    for finding in made.findings:
        if finding.severity is not Severity.INFO:
            (outcome.errors if finding.severity is Severity.ERROR else outcome.warnings)[layout] += 1
            outcome.tales.append(f"{name} {told(finding)}")


def identity(finding: Finding) -> tuple[str, str, str]:
    return finding.kind, finding.evidence.place.file.rpartition("/")[2], finding.evidence.quote


def stands_at(finding: Finding, spot: Spot, new: str) -> bool:
    """The finding stands in the altered file, in its cell, or in Word quotes the altered number."""
    place = finding.evidence.place
    if Path(place.file).name != spot.file:
        return False
    cell = spot.place.rpartition("!")[2]
    return place.address == cell or new in finding.evidence.quote.replace(",", "")


def judge(before: Sequence[Finding], after: Sequence[Finding], spot: Spot, new: str) -> str:
    """What an altered number brings to light: one of OUTCOMES."""
    known = Counter(identity(f) for f in before)
    found = [f for f in after if f.severity is not Severity.INFO and not known[identity(f)]]
    there = any(stands_at(f, spot, new) for f in found)
    if not found:
        return "none"
    if len(found) == 1:
        return "one, there" if there else "one, elsewhere"
    return "several, one there" if there else "several, elsewhere"


def altered(outcome: Outcome, made: Made, rng: random.Random, saved: bool, verbose: bool) -> None:
    """One number of the package changed at random, the file first, then the number in it."""
    by_file: dict[str, list[Spot]] = defaultdict(list)
    for spot in spots(made.out):
        by_file[spot.file].append(spot)
    spot = rng.choice(by_file[rng.choice(sorted(by_file))])
    new = slip(spot.text, rng)
    target = made.out.parent / "altered"
    alter(made.out, target, spot, new, saved=saved)
    after = proofread(target)
    result = judge(made.findings, after, spot, new)
    kind = Path(spot.file).suffix
    outcome.altered[kind][result] += 1
    if verbose and result != "one, there":
        outcome.tales.append(f"{made.year.layout}/{made.year.seed} {spot} → {new}: {result}")


@lru_cache(maxsize=1)
def printable() -> frozenset[str]:
    """Figures that a layout or a form names."""
    texts = []
    for room in ("report/layouts", "forms", "forms/shapes"):
        folder = files("yibao.appraise").joinpath(room)
        texts += [item.read_text(encoding="utf-8") for item in folder.iterdir() if item.name.endswith(".yaml")]
    every = "\n".join(texts)
    return frozenset(figure.id for figure in load_figures() if _named(figure.id, every))


def _named(figure: str, text: str) -> bool:
    at = text.find(figure)
    while at >= 0:
        after = text[at + len(figure) : at + len(figure) + 1]
        if not (after.isalnum() or after in ("_", ".")):
            return True
        at = text.find(figure, at + 1)
    return False


def run(n: int, seed: int, far: bool, alter_too: bool, saved: bool, verbose: bool, layouts: Sequence[str]) -> Outcome:
    outcome, rng = Outcome(), random.Random(f"alter-{seed}")
    for i in range(n):
        layout = layouts[i % len(layouts)]
        year = draw_year(layout, seed * 10_000 + i, far and i % 2 == 1)
        with tempfile.TemporaryDirectory() as folder:
            try:
                made = make(year, Path(folder))
                count(outcome, made)
                if alter_too and not made.refused:
                    altered(outcome, made, rng, saved, verbose)
            except Exception:
                outcome.crashed[layout] += 1
                outcome.tales.append(f"{layout}/{year.seed} crashed: {traceback.format_exc(limit=-2)}")
    return outcome


def report(outcome: Outcome) -> None:
    print(
        f"{'layout':<8}{'packages':>9}{'errors':>8}{'warnings':>9}{'refused':>8}{'crashed':>8}{'median s':>9}{'worst s':>8}{'check s':>8}"
    )
    for layout, made in outcome.made.items():
        times, checks = outcome.seconds[layout] or [0.0], outcome.checking[layout] or [0.0]
        print(
            f"{layout:<8}{made:>7}{outcome.errors[layout]:>8}{outcome.warnings[layout]:>9}{outcome.refused[layout]:>8}"
            f"{outcome.crashed[layout]:>8}{statistics.median(times):>9.2f}{max(times):>8.2f}{statistics.median(checks):>8.2f}"
        )
    missing = sorted(printable() - outcome.printed)
    print(
        f"\nfigures that layouts and forms name: {len(printable())}, printed here: {len(printable() & outcome.printed)}"
    )
    if missing:
        print("  never printed: " + ", ".join(missing))
    for kind, counted in outcome.altered.items():
        total = sum(counted.values())
        print(f"\naltered in {kind}: one finding at that place {wilson(counted['one, there'], total)}")
        print("  " + ", ".join(f"{name}: {counted[name]}" for name in OUTCOMES))
    for tale in outcome.tales[:TALES]:
        print("  ·", tale)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=200, help="packages, the layouts in turn")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--far", action="store_true", help="every other year has results far from budget, with reasons")
    parser.add_argument("--alter", action="store_true", help="one printed figure changed in each package")
    parser.add_argument("--saved", action="store_true", help="changed by python-docx and openpyxl, which save the file")
    parser.add_argument("--layout", action="append", choices=LAYOUTS)
    parser.add_argument("-v", "--verbose", action="store_true", help="tell each altered number that was not told once")
    args = parser.parse_args()
    outcome = run(args.n, args.seed, args.far, args.alter, args.saved, args.verbose, args.layout or LAYOUTS)
    report(outcome)
    return 1 if outcome.defects else 0


if __name__ == "__main__":
    sys.exit(main())
