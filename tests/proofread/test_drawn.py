"""Drawn documents: clean ones show no error, mistakes made in them are found. The full measurement: bench/proofread.py."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from bench.drawn import LAYOUTS, draw, encoding
from bench.mutated import KINDS, mutate
from bench.proofread import Outcome, failures, identity, is_caught, missed_line, proofread
from bench.written import write
from yibao.proofread.findings import Severity

CLEAN = 19  #: documents of each layout: more than 200 in all
SEED = 700
MADE = 10  #: mutations of each kind
BAR = 0.6  #: the benchmark's own; it measures the rates


@pytest.mark.parametrize("layout", LAYOUTS)
def test_clean_documents_show_no_error(layout: str, tmp_path: Path) -> None:
    """The identities hold: an error would be false."""
    alarms = []
    for seed in range(SEED, SEED + CLEAN):
        findings = proofread(write(draw(layout, seed), encoding(layout, seed), tmp_path))
        errors = [f for f in findings if f.severity is Severity.ERROR]
        alarms += [f"{layout} {seed} {encoding(layout, seed)}: {f.kind} {f.evidence.quote} {f.message}" for f in errors]
    assert not alarms, "\n".join(alarms)


@pytest.mark.parametrize("kind", KINDS)
def test_mistakes_are_found(kind: str, tmp_path: Path) -> None:
    """Some of each kind, spread over the layouts."""
    rng, names, caught, missed, seed = random.Random(kind), sorted(LAYOUTS), 0, [], SEED
    while caught + len(missed) < MADE:
        seed += 1
        layout = names[(seed * 3) % len(names)]
        doc, how = draw(layout, seed), encoding(layout, seed)
        mutation = mutate(doc, kind, rng)
        if mutation is None:
            continue
        known = {identity(f) for f in proofread(write(doc, how, tmp_path))}
        written = write(doc, how, tmp_path, mutation.changed)
        new = [f for f in proofread(written) if identity(f) not in known]
        if is_caught(new, written, mutation):
            caught += 1
        else:
            missed.append(missed_line(doc, written, mutation, f"{layout}/{how}/{seed}", new))
    assert caught / MADE >= BAR, "\n".join(missed)


def test_the_same_seed_draws_the_same_document(tmp_path: Path) -> None:
    texts = [write(draw(layout, 3), "tabs", tmp_path).text for layout in LAYOUTS]
    assert texts == [write(draw(layout, 3), "tabs", tmp_path).text for layout in LAYOUTS]
    assert len(set(texts)) == len(LAYOUTS)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_drawn_documents_keep_their_own_relations(layout: str) -> None:
    """The generator's own arithmetic finds nothing broken, and has something to break."""
    for seed in range(12):
        doc = draw(layout, seed)
        assert not doc.broken({m.char: m.text for m in doc.marks.values()})
        assert len(doc.ties) > 10


def test_a_mutation_changes_the_file_where_it_says(tmp_path: Path) -> None:
    doc = draw("hunan_report", 5)
    mutation = mutate(doc, "digit_changed", random.Random(1))
    assert mutation is not None
    clean, wrong = write(doc, "tabs", tmp_path), write(doc, "tabs", tmp_path, mutation.changed)
    ((mark, text),) = mutation.changed.items()
    start, end = wrong.places[mark]
    assert wrong.text[start:end] == text
    assert clean.text[: clean.places[mark][0]] == wrong.text[:start]
    assert mutation.broken


def test_a_rate_below_its_bar_is_a_failure() -> None:
    outcome = Outcome()
    outcome.kinds["digit_changed"].add(False)
    outcome.errors["forms"] += 1
    assert failures(outcome) == ["clean documents show 1 errors", "kind digit_changed 0.00"]


def test_another_run_makes_the_same_mistakes() -> None:
    """Texts hash differently in every process: nothing that is drawn may hang on it."""
    script = (
        "import random; from bench.drawn import draw; from bench.mutated import KINDS, mutate\n"
        "print([mutate(draw('funds', 5), kind, random.Random(3)) for kind in KINDS])"
    )
    root = Path(__file__).resolve().parents[2]
    runs = [
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] != b""
