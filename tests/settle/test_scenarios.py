"""Every scenario comes out as it says, and together they turn every knob."""

from __future__ import annotations

import pytest

from tests.oracle import Refused, settle
from tests.oracle.knobs import EVERY, turned
from tests.settle.kernel import Settler
from tests.settle.scenes import Run, Scene, result, runs, scenes

SCENES = scenes()


@pytest.mark.parametrize("scene", [pytest.param(scene, id=name) for name, scene in SCENES])
def test_scenario(settler: Settler, scene: Scene) -> None:
    for run in runs(scene):
        if run.refused:
            with pytest.raises(Refused, match=run.refused if settler is settle else None):  # the words are the oracle's
                settler(run.rules, run.visits)
        else:
            assert outcome(settler, run) == run.expect


def outcome(settler: Settler, run: Run) -> list[dict[str, int]]:
    """The fields that are expected, as they came out."""
    paid = settler(run.rules, run.visits)
    return [{name: result(one, name) for name in fields} for one, fields in zip(paid, run.expect, strict=True)]


@pytest.mark.parametrize("scene", [pytest.param(scene, id=name) for name, scene in SCENES if scene.turned])
def test_a_turned_rule_changes_what_is_expected(scene: Scene) -> None:
    first, *others = runs(scene)
    for other in others:
        shared = [(a, b) for a, b in zip(first.expect, other.expect, strict=False)]
        parted = any(a[name] != b[name] for a, b in shared for name in a.keys() & b.keys())
        assert parted or first.refused != other.refused


def test_names_are_unique() -> None:
    names = [name.split("/")[1] for name, _ in SCENES]
    assert len(names) == len(set(names)) >= 90


def test_every_knob_and_value_is_held_by_a_scenario() -> None:
    """Turn one thing of the rules: some scenario must then come out otherwise, or be settled though it says refused."""
    loose = set(EVERY)
    for _, scene in SCENES:
        for run in runs(scene):
            loose -= {feature for feature, rules in turned(run.rules) if feature in loose and _differs(run, rules)}
    assert sorted(loose) == []


def _differs(run: Run, rules: dict[str, object]) -> bool:
    try:
        found = outcome(settle, Run(rules, run.visits, run.expect, ""))
    except Refused:
        return False
    return bool(run.refused) or found != run.expect
