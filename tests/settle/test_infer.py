"""What is read off a year: the county's own rules come back exactly, planted mistakes are exceptions, and the pack never pays."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.demo.conftest import small_plan
from yibao.demo.generate import make_county
from yibao.errors import UserError
from yibao.region.benefits.plan import Situation
from yibao.region.benefits.resolve import Benefits
from yibao.region.packs import SHIPPED, load_packs, region
from yibao.settle.batches import Settler
from yibao.settle.evidence import Evidence, evidence
from yibao.settle.infer import Estimate, Inferred, infer
from yibao.settle.inferred_pack import pack_files
from yibao.settle.inferred_ratio import Ratio, paid, ratio_of
from yibao.settle.run import ORDER, collect_bills, settle_year, settled
from yibao.store.workspace import Workspace

YEAR, ON = 2025, date(2025, 6, 30)
ENOUGH = 30  #: records of a cell


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    root = tmp_path_factory.mktemp("inferred") / "county"
    make_county(root, small_plan(scale=0.04))
    with Workspace.open(root) as opened:
        yield opened


@pytest.fixture(scope="module")
def found(county: Workspace) -> Inferred:
    return infer(evidence(county, region("cn-9904"), YEAR))


@pytest.fixture(scope="module")
def inferred(found: Inferred, tmp_path_factory: pytest.TempPathFactory) -> Benefits:
    """The pack as it is written, read back."""
    root = tmp_path_factory.mktemp("packs")
    for folder in SHIPPED.iterdir():
        if folder.is_dir() and folder.name != "cn-9904":
            shutil.copytree(folder, root / folder.name)
    _write(root / "cn-9904", pack_files(found, region("cn-9904")))
    return Benefits(load_packs(root)["cn-9904"])


def _write(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def _situation(estimate: Estimate) -> Situation:
    scheme, care, level, area, person = estimate.cell
    disease = "MI1000" if care == "chronic" else ""
    return Situation(scheme=scheme, care=care, on=ON, level=level, area=area, person=person, disease=disease)


def _told(found: Inferred) -> list[Estimate]:
    return [cell for care in found.cares for cell in care.cells if cell.records >= ENOUGH]


def test_every_cell_with_enough_records_has_its_true_rules(found: Inferred) -> None:
    truth = Benefits(region("cn-9904"))
    wrong = []
    for cell in _told(found):
        plans = truth.plans(_situation(cell))
        standards = [plans[min(nth, len(plans) - 1)].deductible for nth in range(len(cell.deductibles))]
        right = cell.ratio is not None and cell.ratio.first_pay == plans[0].first_pay
        right &= all(ours in (None, true) for ours, true in zip(cell.deductibles, standards, strict=True))
        if cell.ratio is not None:  # bands beyond which nobody went are not seen
            bands = [(band.upto, band.rate) for band in plans[0].pool.bands][: len(cell.ratio.bands)]
            right &= [rate for _, rate in cell.ratio.bands] == [rate for _, rate in bands]
            right &= [end for end, _ in cell.ratio.bands][:-1] == [end for end, _ in bands][:-1]
        if not right:
            wrong.append((cell, standards, plans[0].first_pay, plans[0].pool.bands))
    assert len(_told(found)) >= 40
    assert not wrong


def test_caps_that_people_reach_are_found(found: Inferred) -> None:
    limits = {(care.scheme, care.care): care.limit for care in found.cares}
    resident = limits["resident", "outpatient"]
    assert resident is not None
    assert (resident.per, resident.shared, resident.each) == ("year", True, False)
    assert dict(resident.amounts) == {("adult", ""): 42_000, ("minor", ""): 42_000}


def test_planted_mistakes_are_the_exceptions(county: Workspace, found: Inferred) -> None:
    rows = pq.read_table(county.path / "truth/platform_deviations.parquet").to_pylist()
    planted = {row["settlement_id"] for row in rows}
    taken = {row["settlement_id"] for row in rows if row["deviation"] in ("deductible_in_full", "ratio_of_last_year")}
    this_year = set(county.query("SELECT s.settlement_id FROM settlements AS s WHERE s.benefit_year = 2025").read_all()["settlement_id"].to_pylist())  # fmt: skip
    odd = {one.settlement_id for one in found.exceptions}
    told = {cell.cell for cell in _told(found)}
    unplanted = [one for one in found.exceptions if one.settlement_id not in planted and one.cell in told]
    high = [one for one in unplanted if one.cell[:2] == ("employee", "inpatient") and one.step == "pool"]
    assert taken & this_year
    missed = [row for row in rows if row["settlement_id"] in taken & this_year - odd]
    assert len(missed) <= 0.1 * len(taken & this_year), missed  # in cells of too few records
    assert len(high) <= 15  # upper bands that a handful of records of a small county reach
    assert len(unplanted) - len(high) <= 5, unplanted  # limits of a disease that one or two people reach


def test_the_pack_says_what_the_true_one_says(found: Inferred, inferred: Benefits) -> None:
    truth = Benefits(region("cn-9904"))
    for cell in _told(found):
        ours, true = inferred.plans(_situation(cell)), truth.plans(_situation(cell))
        assert ours[0].deductible == true[0].deductible, cell.cell
        assert ours[-1].deductible == true[-1].deductible, cell.cell
        assert ours[0].deductible_per == true[0].deductible_per, cell.cell
        assert ours[0].pool.bands[0].rate == true[0].pool.bands[0].rate, cell.cell


def test_what_was_inferred_checks_and_never_pays(county: Workspace, inferred: Benefits) -> None:
    collect_bills(county, region("cn-9904"), YEAR)
    rows = county.query(_CLINIC, year=YEAR).read_all().sort_by([(name, "ascending") for name in ("person_no", *ORDER)])
    checked = Settler(inferred)(rows)
    assert checked.num_rows == rows.num_rows > 1000
    with pytest.raises(UserError, match="推断的（inferred），只能用来核对和测算，不能用来结算"):
        Settler(inferred, paying=True)(rows)


_CLINIC = """SELECT b.* FROM bills AS b
WHERE b.benefit_year = $year AND b.insurance_type = '390' AND b.care_type = '11' AND b.hospital_level = '1'"""


def test_settle_refuses_an_inferred_value_and_names_it(county: Workspace) -> None:
    pack = region("cn-9904")
    value = pack.parameter("resident.inpatient.rate", on=ON).model_copy(update={"status": "inferred"})
    known = {**pack.parameters, "resident.inpatient.rate": (value,)}
    before = county.manifest("computed_settlements")
    with pytest.raises(UserError, match=r"resident\.inpatient\.rate（居民·住院·支付比例）是推断的"):
        settle_year(county, Benefits(replace(pack, parameters=known)), YEAR)
    assert county.manifest("computed_settlements") == before
    assert settled(county, Benefits(replace(pack, parameters=known)), YEAR).read_all().num_rows  # to look at


def test_an_example_settles_only_the_example_region(county: Workspace) -> None:
    real = replace(region("cn-9904"), status="verified")
    with pytest.raises(UserError, match="只能用于示例地区"):
        settle_year(county, Benefits(real), YEAR)


# rules that the county does not have, on amounts made up here


def _made_up(**given: Any) -> Evidence:
    size = len(given["in_scope"])
    zeros = np.zeros(size, np.int64)
    known: dict[str, Any] = {
        "year": YEAR, "settlement_id": pa.array([f"S{n}" for n in range(size)]), "cells": (("resident", "inpatient", 3, "home", "adult"),),
        "cell": zeros, "person": np.arange(size), "provider": zeros, "disease": zeros, "diseases": ("",), "month": zeros + 202501,
        "nth": zeros + 1, "continues": zeros, "crosses": zeros, "deductible": zeros, "pool": zeros,
    }  # fmt: skip
    return Evidence(**{**known, **given})


def test_bands_measured_with_the_deductible_are_told_from_those_without() -> None:
    random = np.random.default_rng(5)
    scope = random.integers(150_000, 9_000_000, 400)
    deductible = np.where(np.arange(400) % 3 == 0, 30_000, 60_000)
    for from_zero in (False, True):
        true = Ratio(0, ((1_000_000, 700_000), (4_000_000, 800_000), (None, 905_000)), from_zero)
        pool = paid(true, scope, deductible)
        found = _made_up(in_scope=scope, deductible=deductible, pool=pool, nth=np.where(np.arange(400) % 3 == 0, 2, 1))
        assert ratio_of(found, np.arange(400)) == true


@pytest.mark.parametrize("mode", ["year", "institution", "month"])
def test_the_way_a_deductible_counts_is_told(mode: str) -> None:
    random = np.random.default_rng(7)
    person = np.sort(random.integers(0, 120, 900))
    provider, month = random.integers(0, 3, 900), 202501 + np.arange(900) * 7 % 12
    month = np.concatenate([np.sort(month[person == one]) for one in np.unique(person)])
    scope, period = random.integers(1_000, 60_000, 900), {"year": person, "institution": person * 8 + provider, "month": person * 16 + month % 100}[mode]  # fmt: skip
    deductible, so_far = np.zeros(900, np.int64), dict.fromkeys(period.tolist(), 0)
    for at, group in enumerate(period.tolist()):
        deductible[at] = min(scope[at], 20_000 - so_far[group])
        so_far[group] += deductible[at]
    found = infer(_made_up(in_scope=scope, deductible=deductible, person=person, provider=provider, month=month, pool=(scope - deductible) // 2 + (scope - deductible) % 2))  # fmt: skip
    (care,) = found.cares
    assert (care.mode, care.cells[0].deductibles) == (mode, (20_000,))
    assert care.cells[0].explained == 900
    assert not found.exceptions


def test_too_few_records_say_nothing() -> None:
    found = infer(_made_up(in_scope=np.array([10_000, 20_000]), pool=np.array([5_000, 10_000])))
    assert found.cares[0].cells[0].ratio is None
    assert not found.exceptions
