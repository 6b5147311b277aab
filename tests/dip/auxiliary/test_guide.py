"""Every level of the guide's list (§7) as one table of rules, and hand-made stays through each of them, borders on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.dip.making import case, made, row
from yibao.dip.auxiliary.rules import Rules
from yibao.dip.grouping.group import Grouper
from yibao.dip.pack import Pack
from yibao.dip.packing import load_pack, write_pack

#: kinds of level have a table each in the guide; of severity the first that fits
LEVELS = """
- {kind: cci, level: "1-2", cci: 1-2}
- {kind: cci, level: "3+", cci: ">=3"}

- {kind: severity, level: t-died, tumour: true, died: true}
- {kind: severity, level: t-treatment, tumour: true, cost_times: ">=3", treatment_share: ">=50%"}
- {kind: severity, level: t-drugs, tumour: true, cost_times: ">=3", drug_share: ">=50%"}
- {kind: severity, level: t-spread, tumour: true, other_malignancy: true, los: over_3}
- {kind: severity, level: t-failure, tumour: true, listed: failure, los: over_3}
- {kind: severity, level: t-damage, tumour: true, listed: damage, los: over_3}
- {kind: severity, level: t-other, tumour: true}
- {kind: severity, level: n-died, tumour: false, died: true}
- {kind: severity, level: n-severe, tumour: false, listed: severe, los: over_3}
- {kind: severity, level: n-medium, tumour: false, listed: medium, los: over_3}
- {kind: severity, level: n-light-I-A, tumour: false, age_years: "0", los: "<=3"}
- {kind: severity, level: n-light, tumour: false}

- {kind: age, level: 0-28d, age_days: 0-28}
- {kind: age, level: 29d-1y, age_days: ">=29", age_years: "<1"}
- {kind: age, level: 1-6y, age_years: 1-6}
- {kind: age, level: 7-17y, age_years: 7-17}
- {kind: age, level: 66y+, age_years: ">65", severity: [t-died, t-failure, n-died, n-severe, n-medium]}

- {kind: icu, level: 2-7, icu_days: 2-7}
- {kind: icu, level: 8-14, icu_days: 8-14}
- {kind: icu, level: 15-30, icu_days: 15-30}
- {kind: icu, level: 31+, icu_days: ">=31"}
"""
LISTS = [("J96", "failure"), ("R57", "failure"), ("A41.9", "failure"), ("J96", "severe"), ("D70", "damage"), ("J15", "damage"), ("D62", "medium")]  # fmt: skip
CONDITIONS = [("I50", "heart", "1"), ("N18", "kidney", "2"), ("E11", "sugar", "1")]
#: so that of each kind alone it is seen which level was found
KINDS = ("cci", "severity", "age", "icu")


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, bool], Grouper]:
    """A pack on disk for each kind and each reading of 3 天以上; C34.9 and K35.3 cost 10,000 yuan."""
    folder = tmp_path_factory.mktemp("guide")
    rows = [row("T", "core", "C34.9", score="1000", mean_cost="10000"), row("N", "core", "K35.3", score="1000", mean_cost="10000")]  # fmt: skip
    plain = made(folder, "2.0", rows)
    return {(kind, over): Grouper(_written(plain, folder / f"{kind}{over}", kind, over)) for kind in KINDS for over in (True, False)}  # fmt: skip


def _written(plain: Pack, folder: Path, kind: str, over_3_inclusive: bool) -> Pack:
    by = Rules.model_validate({"levels": yaml.safe_load(LEVELS), "los_over_3_inclusive": over_3_inclusive, "icu_day": "whole", "tumour": ["C00-C97"], "standard": "mean"})  # fmt: skip
    folder.mkdir()
    tables = {
        "groups": [("T", "core", "C34.9", *[""] * 7), ("N", "core", "K35.3", *[""] * 7)],
        "scores": [("T", "1000", "10000"), ("N", "1000", "10000")],
        "auxiliary": [(group, kind, level.level, "1.1", "9") for group in ("T", "N") for level in by.of(kind)],
        "comorbidities": CONDITIONS,
        "severity": LISTS,
    }
    write_pack(folder, plain.manifest.model_copy(update={"auxiliary": by}), tables)
    return load_pack(folder)


PLAIN: dict[str, Any] = {"age": 50, "age_day": 18_300, "los": 9, "icu_days": Decimal(0), "discharge_way": "1", "cost": 9000, "treatment_cost": Decimal(1000), "drug_cost": Decimal(1000)}  # fmt: skip


def level(packs: dict[tuple[str, bool], Grouper], kind: str, dx: str, others: str = "", *, inclusive: bool = True, **more: Any) -> str:  # fmt: skip
    found = packs[kind, inclusive].group(case(dx, "", "", others, **{**PLAIN, **more}))
    assert found.subtype is not None
    assert found.flags == ()
    return found.subtype.said.removeprefix(f"{kind}:")


DEAR = {"cost": 30_000, "treatment_cost": Decimal(15_000), "drug_cost": Decimal(15_000)}
TUMOUR: Sequence[tuple[str, dict[str, Any], str]] = [
    ("C78.000 J96.000", {**DEAR, "discharge_way": "5"}, "t-died"),  # before everything else
    ("C78.000", DEAR, "t-treatment"),  # exactly three times, exactly half
    ("C78.000", {**DEAR, "treatment_cost": Decimal("14999.99")}, "t-drugs"),
    ("C78.000", {**DEAR, "treatment_cost": Decimal(0), "drug_cost": Decimal("14999.99")}, "t-spread"),
    ("C78.000", {**DEAR, "cost": "29999.99"}, "t-spread"),
    ("C78.000 J96.000", {}, "t-spread"),
    ("C34.100 J96.000", {}, "t-failure"),  # a diagnosis of its own category has not spread
    ("R57.000", {}, "t-failure"),
    ("A41.900 J15.900", {}, "t-failure"),
    ("A41.000", {}, "t-other"),  # the list says A41.9
    ("J15.900", {}, "t-damage"),
    ("D62.x00", {}, "t-other"),  # medium counts where there is no tumour
    ("", {}, "t-other"),
]


@pytest.mark.parametrize(("others", "more", "expected"), TUMOUR)
def test_severity_of_tumours(packs: dict[tuple[str, bool], Grouper], others: str, more: dict[str, Any], expected: str) -> None:  # fmt: skip
    assert level(packs, "severity", "C34.900", others, **more) == expected


NONE: Sequence[tuple[str, dict[str, Any], str]] = [
    ("J96.000", {"discharge_way": "5"}, "n-died"),
    ("J96.000 D62.x00", {}, "n-severe"),
    ("D62.x00", {}, "n-medium"),
    ("C78.000 J15.900", {}, "n-light"),
    ("", DEAR, "n-light"),
    ("", {"age": 0, "age_day": 90, "los": 3}, "n-light-I-A"),
    ("", {"age": 0, "age_day": 90, "los": 4}, "n-light"),
    ("", {"age": 40, "los": 2}, "n-light"),  # a public engine wrote OR (guide §7)
]


@pytest.mark.parametrize(("others", "more", "expected"), NONE)
def test_severity_where_there_is_no_tumour(packs: dict[tuple[str, bool], Grouper], others: str, more: dict[str, Any], expected: str) -> None:  # fmt: skip
    assert level(packs, "severity", "K35.300", others, **more) == expected


@pytest.mark.parametrize("los", [2, 3, 4])
@pytest.mark.parametrize(
    ("dx", "others", "held", "else_"),
    [
        ("C34.900", "C78.000", "t-spread", "t-other"),
        ("C34.900", "J96.000", "t-failure", "t-other"),
        ("C34.900", "D70.x00", "t-damage", "t-other"),
        ("K35.300", "J96.000", "n-severe", "n-light"),
        ("K35.300", "D62.x00", "n-medium", "n-light"),
    ],
)
def test_three_days_under_both_readings(packs: dict[tuple[str, bool], Grouper], los: int, dx: str, others: str, held: str, else_: str) -> None:  # fmt: skip
    assert level(packs, "severity", dx, others, los=los) == (held if los >= 3 else else_)
    assert level(packs, "severity", dx, others, los=los, inclusive=False) == (held if los > 3 else else_)


#: days, years, level; None: the record has only the other
AGES = [
    (0, 0, "0-28d"), (28, 0, "0-28d"), (29, 0, "29d-1y"), (28, None, "0-28d"), (29, None, "29d-1y"),
    (364, 0, "29d-1y"), (365, 0, "29d-1y"), (365, 1, "1-6y"), (366, 1, "1-6y"), (364, None, "29d-1y"), (366, None, "1-6y"),
    (365, None, ""),  # the first birthday, or the day before in a leap year: not known, not guessed
    (2556, 6, "1-6y"), (2557, 7, "7-17y"), (2555, None, "1-6y"), (2557, None, "7-17y"),
    (6573, 17, "7-17y"), (6574, 18, ""), (None, 17, "7-17y"), (None, 18, ""), (None, None, ""),
]  # fmt: skip


@pytest.mark.parametrize(("days", "years", "expected"), AGES)
def test_ages(packs: dict[tuple[str, bool], Grouper], days: int | None, years: int | None, expected: str) -> None:
    assert level(packs, "age", "K35.300", age_day=days, age=years) == expected


@pytest.mark.parametrize(("years", "days"), [(65, 24_106), (66, 24_107), (65, None), (66, None), (None, 24_105), (None, 24_107)])  # fmt: skip
@pytest.mark.parametrize(("dx", "others"), [("K35.300", "J96.000"), ("K35.300", "D62.x00"), ("C34.900", "R57.000")])
def test_over_65_with_severity(packs: dict[tuple[str, bool], Grouper], years: int | None, days: int | None, dx: str, others: str) -> None:  # fmt: skip
    old = (years or (days or 0) // 365) >= 66 and days != 24_105
    assert level(packs, "age", dx, others, age=years, age_day=days) == ("66y+" if old else "")
    assert level(packs, "age", dx, "", age=years, age_day=days) == ""


@pytest.mark.parametrize(("days", "expected"), [("1.99", ""), (2, "2-7"), ("7.99", "2-7"), (8, "8-14"), (14, "8-14"), (15, "15-30"), ("30.9", "15-30"), (31, "31+"), (400, "31+")])  # fmt: skip
def test_days_of_intensive_care(packs: dict[tuple[str, bool], Grouper], days: Any, expected: str) -> None:
    assert level(packs, "icu", "K35.300", icu_days=Decimal(days)) == expected


@pytest.mark.parametrize(("others", "expected"), [("", ""), ("I50.900 I50.000", "1-2"), ("N18.900", "1-2"), ("I50.900 N18.900", "3+"), ("E11.900 I50.900 N18.900", "3+")])  # fmt: skip
def test_comorbidities(packs: dict[tuple[str, bool], Grouper], others: str, expected: str) -> None:
    assert level(packs, "cci", "K35.300", others) == expected


def test_the_highest_coefficient_of_all_kinds_counts(packs: dict[tuple[str, bool], Grouper]) -> None:
    pack = packs["cci", True].pack
    table = {("T", "cci", "3+"): Decimal("1.2"), ("T", "severity", "t-treatment"): Decimal("2.5"), ("T", "icu", "2-7"): Decimal("1.9")}  # fmt: skip
    all_kinds = {("both", True): Grouper(replace(pack, auxiliary=table))}
    said = [level(all_kinds, "both", "C34.900", "I50.900 N18.900", inclusive=True, icu_days=Decimal(days), **money) for days, money in ((0, {}), (3, {}), (3, DEAR))]  # fmt: skip
    assert said == ["cci:3+", "icu:2-7", "severity:t-treatment"]
