"""Every knob of ADR 0014 with every value, and how to turn each: what drawn cases and scenarios must reach.

A feature is `pool.deductible_mode=year`, `layer.base=coinsurance`, `word=level3`, `caps.each`, … `turned` changes one thing of a
set of rules at a time and says which feature it was; where a result changes, that feature was really in play.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from tests.oracle.cells import WORDS, split
from tests.oracle.draw_rules import CARES
from tests.oracle.read import COMPONENTS, FUNDS, MODES, PERIODS, ROUNDING

GONE = object()
WORD_KNOBS = {
    "deductible_mode": MODES,
    "deductible_merge": ("none", "mid_stay", "transfer", "both"),
    "bands_from": ("zero", "deductible"),
    "bands_over": ("visit", "year"),
    "over": ("visit", "year"),
    "year_end": ("whole_at_discharge", "split_by_days", "two_settlements"),
    "rounding": tuple(ROUNDING),
    "round_each_band": (0, 1),
    "fund": FUNDS[1:],
}
RANGES = tuple(f"{name}{sign}" for name in ("age", "nth", "bill", "fetus") for sign in (">=", "=", "<=", "<", ">"))
OF_POOL = (
    *("rate", "bands", "rate_plus", "selfpay_factor", "first_pay", "deductible", "deductible_shares", "referral=continuous"),
    *("counts_admission", "joint_ratio.of=total", "joint_ratio.of=in_scope", "layers"),
    *(f"fund={one}" for one in ("pool", "disabled_person", "other")),
    *(f"account={one}" for one in COMPONENTS),
    *(f"{knob}={value}" for knob in ("deductible_mode", "deductible_merge", "bands_from", "bands_over", "year_end") for value in WORD_KNOBS[knob]),
)  # fmt: skip
OF_LAYER = (
    *("rate", "bands", "rate_plus", "selfpay_factor", "threshold", "cap_raise"),
    *(f"base={one}" for one in COMPONENTS),
    *(f"{knob}={value}" for knob in ("bands_from", "over", "fund") for value in WORD_KNOBS[knob]),
)
EVERY = frozenset(
    {
        *(f"pool.{one}" for one in OF_POOL),
        *(f"layer.{one}" for one in OF_LAYER),
        *(f"{kind}.caps.{one}" for kind in ("pool", "layer") for one in (*PERIODS, "none", "shares", "each")),
        *(f"scheme.{knob}={value}" for knob in ("rounding", "round_each_band") for value in WORD_KNOBS[knob]),
        *("scheme.identity.order", "scheme.identity.groups"),
        *(
            f"word={one}"
            for one in (*sorted(WORDS), "identity", "group", "else", "disease:", "provider:", "maternity:")
        ),
    }
)


def features(rules: Mapping[str, Any]) -> set[str]:
    """What a set of rules says, whether or not it is in play."""
    return {feature for feature, _, _ in _changes(rules)}


def turned(rules: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The same rules with one thing changed, and the feature that it was."""
    for feature, key, value in _changes(rules):
        changed = {**rules, key: value}
        if value is GONE:
            del changed[key]
        yield feature, changed


def _changes(rules: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for key, value in rules.items():
        head, _, knob = key.rpartition(".")
        if head == "identity":
            yield (
                f"scheme.{key}",
                key,
                value[::-1] if knob == "order" else {name: members[1:] for name, members in value.items()},
            )
            continue
        kind = "scheme" if "." not in head else "pool" if head.split(".")[1] in CARES else "layer"
        for feature, changed in _of_knob(knob, value):
            named = feature if feature.startswith("word=") else f"{kind}.{feature}"
            yield _group(rules, named), key, changed


def _of_knob(knob: str, value: Any) -> Iterator[tuple[str, Any]]:
    if knob in WORD_KNOBS:
        first, second = WORD_KNOBS[knob][:2]
        yield f"{knob}={value}", second if value == first else first
    elif knob in ("base", "account"):
        for one in value:
            yield f"{knob}={one}", [other for other in value if other != one]
    elif knob == "layers":
        yield knob, value[:-1]
    elif knob == "caps":
        yield from _of_caps(value)
    elif knob == "bands":
        yield from _of_bands(value)
    elif knob == "rate_plus":
        for at, cell in enumerate(value):
            for feature, changed in _of_cell(knob, cell):
                yield feature, [*value[:at], changed, *value[at + 1 :]]
    elif knob == "joint_ratio":
        yield f"{knob}.of={value['of']}", {**value, "of": "total" if value["of"] == "in_scope" else "in_scope"}
    elif knob == "referral":
        yield "referral=continuous", GONE
    elif knob in ("deductible_shares", "cap_raise"):
        yield knob, GONE
    else:
        yield from _of_cell(knob, value)


def _of_cell(knob: str, cell: Any) -> Iterator[tuple[str, Any]]:
    """Each row changed by itself: the words of the row, and the knob."""
    if not isinstance(cell, Mapping):
        yield knob, _other(cell)
        return
    for conditions, value in cell.items():
        changed = {**cell, conditions: _other(value)}
        yield knob, changed
        for word in split(str(conditions)) or ("else",):
            yield f"word={re.split(r'(?<=[:<>=])(?=[^=])', word)[0]}", changed


def _other(value: Any) -> Any:
    """Another value that may stand in the same place."""
    if value in (None, "none"):
        return 0
    number = Decimal(str(value))
    if number == 0:
        return 1
    return number / 2 if number <= 1 else number + 1


def _of_bands(bands: list[dict[str, Any]]) -> Iterator[tuple[str, Any]]:
    for at, row in enumerate(bands):
        if "to" in row:
            yield "bands", [*bands[:at], {**row, "to": Decimal(str(row["to"])) + Decimal("0.5")}, *bands[at + 1 :]]
        for feature, changed in _of_cell("rate", row["rate"]):
            yield feature, [*bands[:at], {**row, "rate": changed}, *bands[at + 1 :]]


def _of_caps(caps: list[dict[str, Any]]) -> Iterator[tuple[str, Any]]:
    for at, row in enumerate(caps):
        before, after = caps[:at], caps[at + 1 :]
        yield f"caps.{row['per']}", [*before, *after]
        for word in ("shares", "each"):
            if word in row:
                yield f"caps.{word}", [*before, {name: one for name, one in row.items() if name != word}, *after]
        amounts = row["amount"].values() if isinstance(row["amount"], Mapping) else [row["amount"]]
        for feature, changed in _of_cell("caps.amount", row["amount"]):
            if feature != "caps.amount":
                yield feature, [*before, {**row, "amount": changed}, *after]
        if any(amount in (None, "none") for amount in amounts):
            yield "caps.none", [*before, {**row, "amount": _limited(row["amount"])}, *after]


def _limited(cell: Any) -> Any:
    if not isinstance(cell, Mapping):
        return 0
    return {conditions: 0 if value in (None, "none") else value for conditions, value in cell.items()}


def _group(rules: Mapping[str, Any], feature: str) -> str:
    """The words that a pack names itself, under one name."""
    word = feature.removeprefix("word=")
    groups = rules.get("identity.groups", {})
    if word in groups:
        return "word=group"
    listed = {*rules.get("identity.order", ()), *(one for members in groups.values() for one in members)}
    return "word=identity" if word in listed else feature
