"""Same seed, same bytes: whatever the order of work; and a scale changes people, not structure."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.demo.conftest import small_plan
from yibao.demo import people
from yibao.demo.generate import make_county
from yibao.demo.lives import live
from yibao.demo.records import Shelf
from yibao.demo.streams import stream
from yibao.demo.world import build_world


def hashes(root: Path) -> dict[str, str]:
    """Of every file but the manifests, which say when they were made."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*.*"))
        if path.is_file() and path.parent.name != "manifests"
    }


def test_a_stream_is_known_by_its_name() -> None:
    same = [stream(5, "beds", 2025, 3).integers(0, 10**9, 4).tolist() for _ in range(2)]
    assert same[0] == same[1]
    others = [stream(5, "beds", 2025, 4), stream(6, "beds", 2025, 3), stream(5, "bed", 2025, 3)]
    assert all(other.integers(0, 10**9, 4).tolist() != same[0] for other in others)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    plan = small_plan(scale=0.01, years=(2025,))
    for name in ("one", "two"):
        make_county(tmp_path / name, plan)
    assert hashes(tmp_path / "one") == hashes(tmp_path / "two")
    assert len(hashes(tmp_path / "one")) > 60


def test_another_seed_is_another_county(tmp_path: Path) -> None:
    for seed in (1, 2):
        make_county(tmp_path / str(seed), small_plan(scale=0.01, years=(2025,), seed=seed))
    one, two = hashes(tmp_path / "1"), hashes(tmp_path / "2")
    assert not {name for name in one if name.startswith("tables/persons/")} & set(two)


def test_blocks_may_be_lived_in_any_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "BLOCK", 2_000)
    world = build_world(small_plan(scale=0.01, years=(2025,)))
    blocks = range(len(world.people.blocks))
    assert len(blocks) > 2
    for name, order in (("up", blocks), ("down", reversed(blocks))):
        shelf = Shelf(tmp_path / name)
        for block in order:
            live(world, shelf, block)
    assert hashes(tmp_path / "up") == hashes(tmp_path / "down")


def test_noise_draws_on_streams_of_its_own() -> None:
    with_noise, without = (build_world(small_plan(scale=0.01, years=(2025,), noise=noise)) for noise in (True, False))
    assert (with_noise.stays[2025].person == without.stays[2025].person).all()
    assert with_noise.unmapped.any()
    assert not without.unmapped.any()
