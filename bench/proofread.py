"""The mutation benchmark of the proofreader: `python bench/proofread.py [--n 1500] [--seed 1] [--quick]`.

Clean documents are drawn (`drawn`), written in many encodings (`written`), read and proofread: every error in them is a
false alarm. Then one mistake is made in each at random (`mutated`), a thousand times and more: it is caught when a new
finding of severity error or warning stands at the place, or names the wrong number as what is stated or expected. Counts
come with 95 % Wilson intervals. Ends with 1 where a kind or a layout is caught less than 0.6 of the time, an arithmetic
relation less than 0.9, or a clean document shows an error.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.drawn import LAYOUTS, draw, encoding
from bench.labelled import bare, overlaps, spans, wilson
from bench.marked import NARROW, Drawn
from bench.mutated import KINDS, Mutation, mutate, mutate_relation
from bench.written import Written, write
from yibao.proofread import check_package
from yibao.proofread.document import Package
from yibao.proofread.findings import Finding, Severity
from yibao.proofread.read import read_file

ARITHMETIC = frozenset({
    "sum", "difference", "percent_of", "growth", "execution_rate", "completion_rate", "control_rate", "per_capita", "product",
    "ratio", "score_formula", "indicator_score", "score_sum", "weight_sum", "table_sum", "row_sum", "table_balance", "cross_table",
    "fund_income_sum", "fund_expense_sum", "fund_total=subtotal", "fund_balance", "fund_closing", "carry_forward", "months_payable",
})  # fmt: skip
NUMERIC = frozenset(
    {"digit_changed", "digits_swapped", "digit_dropped", "digit_doubled", "score_changed", "weight_changed"}
)
KIND_BAR, ARITHMETIC_BAR = 0.6, 0.9
LEAST = 30  #: wrong digits in each arithmetic relation


def proofread(written: Written) -> list[Finding]:
    """The findings that a reader must act on."""
    reports = check_package(Package(tuple(read_file(p) for p in written.paths)))
    return [f for r in reports for f in r.findings if f.severity is not Severity.INFO]


def identity(finding: Finding) -> tuple[str, str, str]:
    return finding.kind, bare(finding.evidence.quote), finding.message


def is_caught(new: Iterable[Finding], written: Written, mutation: Mutation) -> bool:
    """A finding stands at the place, or states or expects the wrong number."""
    place = [written.places[m] for m in mutation.place if m in written.places]
    place = [(a, max(b, a + 1)) for a, b in place]
    for finding in new:
        quotes = [finding.evidence.quote, *(e.quote for e in finding.related)]
        if any(overlaps(spans(q, written.text), place) for q in quotes):
            return True
        if names(finding, mutation.number):
            return True
    return False


def names(finding: Finding, number: str) -> bool:
    """Whether the finding's numbers or its computation name the wrong number (as it is printed, or without separators)."""
    plain = number.translate(NARROW).replace(",", "")
    if sum(c.isdigit() for c in plain) < 3:
        return False
    said = " ".join((finding.stated, finding.expected or "", finding.message)).translate(NARROW).replace(",", "")
    return re.search(rf"(?<![\d.]){re.escape(plain)}(?![\d])", said) is not None


@dataclass
class Rate:
    caught: int = 0
    made: int = 0

    def add(self, hit: bool) -> None:
        self.caught += hit
        self.made += 1

    @property
    def share(self) -> float:
        return self.caught / self.made if self.made else 1.0


@dataclass
class Outcome:
    """Everything counted."""

    kinds: dict[str, Rate] = field(default_factory=lambda: defaultdict(Rate))
    layouts: dict[str, Rate] = field(default_factory=lambda: defaultdict(Rate))
    encodings: dict[str, Rate] = field(default_factory=lambda: defaultdict(Rate))
    cells: dict[tuple[str, str], Rate] = field(default_factory=lambda: defaultdict(Rate))
    relations: dict[str, Rate] = field(default_factory=lambda: defaultdict(Rate))
    alone: dict[str, Rate] = field(default_factory=lambda: defaultdict(Rate))
    clean: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def count(self, layout: str, how: str, mutation: Mutation, hit: bool) -> None:
        for rate in (
            self.kinds[mutation.kind],
            self.layouts[layout],
            self.encodings[how],
            self.cells[mutation.kind, layout],
        ):
            rate.add(hit)
        if mutation.kind in NUMERIC:
            self.relate(mutation, hit)

    def relate(self, mutation: Mutation, hit: bool) -> None:
        for relation in mutation.broken:
            self.relations[relation].add(hit)
        if len(mutation.broken) == 1:
            self.alone[mutation.broken[0]].add(hit)


def clean_run(outcome: Outcome, layout: str, seed: int, folder: Path) -> list[Finding]:
    """Proofread a document as it was drawn: what is found is a false alarm."""
    how = encoding(layout, seed)
    written = write(draw(layout, seed), how, folder)
    start = time.perf_counter()
    findings = proofread(written)
    outcome.seconds.append(time.perf_counter() - start)
    outcome.clean[layout] += 1
    for f in findings:
        (outcome.errors if f.severity is Severity.ERROR else outcome.warnings)[layout] += 1
        outcome.alarms.append(
            f"{f.severity} {layout}/{how}/{seed} {f.kind} | {bare(f.evidence.quote)[:70]} | {f.message[:150]}"
        )
    return findings


def mutations(outcome: Outcome, layout: str, seed: int, folder: Path, kinds: Sequence[str], rng: random.Random) -> int:
    """One mutation of each kind in one document; returns how many could be made."""
    doc, how, made = draw(layout, seed), encoding(layout, seed), 0
    known = Counter(identity(f) for f in clean_run(outcome, layout, seed, folder))
    for kind in kinds:
        mutation = mutate(doc, kind, rng)
        if mutation is None:
            continue
        written = write(doc, how, folder, mutation.changed)
        new = [f for f in proofread(written) if identity(f) not in known]
        hit = is_caught(new, written, mutation)
        made += 1
        outcome.count(layout, how, mutation, hit)
        if not hit:
            outcome.missed.append(missed_line(doc, written, mutation, f"{layout}/{how}/{seed}", new))
    return made


def relations(outcome: Outcome, seed: int, folder: Path, rng: random.Random, names: Sequence[str]) -> None:
    """More wrong digits in each arithmetic relation that was hardly touched."""
    for relation in sorted(ARITHMETIC):
        for i in range(LEAST * len(names)):
            if outcome.relations[relation].made >= LEAST:
                break
            layout, number = names[i % len(names)], 100_000 * seed + 20_000 + i // len(names)
            doc, how = draw(layout, number), encoding(layout, number)
            mutation = mutate_relation(doc, relation, rng)
            if mutation is None:
                continue
            known = {identity(f) for f in proofread(write(doc, how, folder))}
            written = write(doc, how, folder, mutation.changed)
            new = [f for f in proofread(written) if identity(f) not in known]
            hit = is_caught(new, written, mutation)
            outcome.relate(mutation, hit)
            if not hit:
                outcome.missed.append(missed_line(doc, written, mutation, f"{layout}/{how}/{number}", new))


def missed_line(doc: Drawn, written: Written, mutation: Mutation, where: str, new: list[Finding]) -> str:
    mark, text = next(iter(mutation.changed.items()))
    a, b = written.places.get(mark, (0, 0))
    around = f"{written.text[max(0, a - 40) : a]}【{doc.marks[mark].text}→{text}】{written.text[b : b + 30]}"
    other = f" (elsewhere: {new[0].kind} {bare(new[0].evidence.quote)[:40]})" if new else ""
    return f"{mutation.kind} {where} breaks {', '.join(mutation.broken)} | {around}{other}"


def run(n: int, seed: int, clean: int, names: Sequence[str] = tuple(LAYOUTS)) -> Outcome:
    """Clean documents first, then mutations until there are n."""
    outcome, rng = Outcome(), random.Random(seed)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for i in range(clean):
            clean_run(outcome, names[i % len(names)], 100_000 * seed + 10_000 + i // len(names), folder)
        made = i = 0
        while made < n:
            made += mutations(
                outcome, names[i % len(names)], 100_000 * seed + i // len(names), folder, list(KINDS), rng
            )
            i += 1
            if i % 20 == 0:
                print(f"{made}/{n}", file=sys.stderr)
        if n >= LEAST * len(KINDS):
            relations(outcome, seed, folder, rng, names)
    return outcome


def table(title: str, rates: dict[str, Rate], bar: float) -> None:
    print(f"\n{title}")
    for name, rate in sorted(rates.items(), key=lambda x: x[1].share):
        print(f"  {name:24} {wilson(rate.caught, rate.made)}{'   BELOW ' + str(bar) if rate.share < bar else ''}")


def matrix(outcome: Outcome) -> None:
    print("\nkind × layout (caught/made)")
    names = list(LAYOUTS)
    print(f"  {'':20}" + "".join(f"{n[:11]:>12}" for n in names))
    for kind in KINDS:
        cells = [outcome.cells.get((kind, n)) for n in names]
        print(f"  {kind:20}" + "".join(f"{f'{c.caught}/{c.made}' if c else '-':>12}" for c in cells))


def show(outcome: Outcome, verbose: bool) -> None:
    documents = sum(outcome.clean.values())
    print(f"{documents} clean documents: {sum(outcome.errors.values())} errors, {sum(outcome.warnings.values())} warnings "
          f"({sum(outcome.warnings.values()) / documents:.2f} per document)")  # fmt: skip
    for layout in LAYOUTS:
        print(
            f"  {layout:20} {outcome.clean[layout]:4} documents, {outcome.errors[layout]:3} errors, {outcome.warnings[layout]:3} warnings"
        )
    ordered = sorted(outcome.seconds)
    print(f"seconds per document: median {ordered[len(ordered) // 2]:.3f}, worst {ordered[-1]:.3f}")
    table("caught per kind of mutation", outcome.kinds, KIND_BAR)
    table("caught per layout", outcome.layouts, KIND_BAR)
    table("caught per encoding", outcome.encodings, KIND_BAR)
    matrix(outcome)
    table("numbers changed, per relation that they break", outcome.relations, 0.0)
    table("of these, where it is the only kind of relation broken", outcome.alone, 0.0)
    if verbose:
        print("\nfalse alarms")
        print("\n".join("  " + line for line in sorted(outcome.alarms)))
        print("\nmissed")
        print("\n".join("  " + line for line in sorted(outcome.missed)))


def failures(outcome: Outcome) -> list[str]:
    """What is below its bar."""
    out = [f"clean documents show {sum(outcome.errors.values())} errors"] if sum(outcome.errors.values()) else []
    for title, rates in (("kind", outcome.kinds), ("layout", outcome.layouts)):
        out += [f"{title} {name} {rate.share:.2f}" for name, rate in rates.items() if rate.share < KIND_BAR]
    out += [
        f"relation {k} {r.share:.2f}"
        for k, r in outcome.relations.items()
        if k in ARITHMETIC and r.share < ARITHMETIC_BAR
    ]
    return out


def main() -> int:
    parser = argparse.ArgumentParser(description="mutation benchmark of the proofreader")
    parser.add_argument("--n", type=int, default=1500, help="mutations")
    parser.add_argument("--clean", type=int, default=220, help="clean documents beside those that are mutated")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="150 mutations, 22 clean documents")
    parser.add_argument("--layout", action="append", choices=list(LAYOUTS), help="only this layout (may be repeated)")
    parser.add_argument("-v", "--verbose", action="store_true", help="print every false alarm and every miss")
    options = parser.parse_args()
    n, clean = (150, 22) if options.quick else (options.n, options.clean)
    outcome = run(n, options.seed, clean, options.layout or tuple(LAYOUTS))
    show(outcome, options.verbose)
    bad = failures(outcome)
    print("\nbelow the bar: " + "; ".join(bad) if bad else "\nevery bar held")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
