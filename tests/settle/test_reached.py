"""Verification under a pack that does not say everything: what it says is compared, the rest is counted by the missing key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.demo.conftest import small_plan
from yibao.commands.settle_missing import not_compared
from yibao.demo.generate import make_county
from yibao.errors import UserError
from yibao.region.benefits.plan import Situation
from yibao.region.benefits.resolve import Benefits
from yibao.region.pack import MissingKey, Pack
from yibao.region.packs import SHIPPED, load_packs, region
from yibao.settle.evidence import evidence
from yibao.settle.infer import infer
from yibao.settle.inferred_pack import pack_files
from yibao.settle.reached import NOTHING, TO_THE_POOL, Missing
from yibao.settle.run import any_order, collect_bills, settle_year
from yibao.settle.verify import differences
from yibao.store.workspace import Workspace

YEAR = 2025
Told = tuple[list[dict[str, Any]], Counter[Missing]]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    root = tmp_path_factory.mktemp("reached") / "county"
    make_county(root, small_plan(scale=0.04))
    with Workspace.open(root) as opened:
        yield opened


@pytest.fixture(scope="module")
def whole(county: Workspace) -> Told:
    return _verified(county, region("cn-9904"))


def _verified(county: Workspace, pack: Pack) -> Told:
    collect_bills(county, pack, YEAR, any_order(county, pack, YEAR))
    missing: Counter[Missing] = Counter()
    return differences(county, Benefits(pack), YEAR, missing).read_all().to_pylist(), missing


def _without(*keys: str) -> Pack:
    pack = region("cn-9904")
    return replace(pack, parameters={key: values for key, values in pack.parameters.items() if key not in keys})


def _bills(county: Workspace, where: str = "TRUE") -> dict[str, dict[str, Any]]:
    rows = county.query(
        "SELECT b.* FROM bills AS b JOIN settlements AS s ON s.settlement_id = b.bill_id "
        f"WHERE b.benefit_year = {YEAR} AND b.is_eligible AND {where}"
    ).read_all()
    return {row["bill_id"]: row for row in rows.to_pylist()}


def test_a_pack_that_says_everything_leaves_nothing_out(whole: Told) -> None:
    found, missing = whole
    assert len(found) > 10
    assert not missing


def test_an_inferred_pack_finds_the_planted_deviations_to_the_pool(
    county: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    pack = region("cn-9904")
    folder = tmp_path_factory.mktemp("packs") / "cn-9904"
    folder.mkdir()
    read = infer(evidence(county, pack, YEAR))
    for name, text in pack_files(read, pack).items():
        (folder / name).write_text(text, encoding="utf-8")
    inferred = load_packs(folder, above=load_packs(SHIPPED))["cn-9904"]
    found, missing = _verified(county, inferred)
    truth = pq.read_table(county.path / "truth/platform_deviations.parquet").to_pylist()
    bills = _bills(county)
    kinds = ("deductible_in_full", "ratio_of_last_year")
    planted = {row["settlement_id"] for row in truth if row["deviation"] in kinds} & set(bills)
    told = {row["settlement_id"] for row in found}
    assert planted
    assert planted <= told
    unplanted = told - {row["settlement_id"] for row in truth}
    assert unplanted <= {one.settlement_id for one in read.exceptions}  # the pack says what was read, no more
    assert len(unplanted) <= 10  # upper bands that a handful of records reach
    assert {row["difference_step"] for row in found} <= {"deductible", "pool"}
    assert missing.total() == len(bills)
    assert {far for far, _, _ in missing} <= {NOTHING, TO_THE_POOL}
    assert all(key.endswith(".layers") for far, key, _ in missing if far == TO_THE_POOL)
    with pytest.raises(UserError, match=r"identity\.order"):
        settle_year(county, Benefits(inferred), YEAR)


RESIDENT_STAYS = "b.insurance_type = '390' AND b.care_type IN ('21', '22', '24')"


@pytest.mark.parametrize(
    ("key", "far", "where"),
    [
        ("resident.inpatient.rate", NOTHING, RESIDENT_STAYS),
        ("resident.inpatient.deductible", NOTHING, RESIDENT_STAYS),
        ("resident.inpatient.caps", NOTHING, RESIDENT_STAYS),
        ("resident.critical.threshold", TO_THE_POOL, "b.insurance_type = '390'"),
        ("resident.inpatient.layers", TO_THE_POOL, RESIDENT_STAYS),
        ("resident.inpatient.year_end", NOTHING, f"{RESIDENT_STAYS} AND YEAR(b.stay_start_date) < YEAR(b.policy_date)"),
        ("identity.order", NOTHING, "b.identity_type IS NOT NULL"),
    ],
)
def test_one_missing_key_leaves_out_what_needs_it_and_invents_nothing(
    county: Workspace, whole: Told, key: str, far: int, where: str
) -> None:
    found, missing = _verified(county, _without(key))
    bills = _bills(county)
    needing = set(_bills(county, where))
    people = {bills[one]["person_no"] for one in needing}
    own = sum(
        count for (reach, name, earlier), count in missing.items() if not earlier and name == key and reach == far
    )
    assert {name for _, name, _ in missing} == {key}
    assert 0 < own <= len(needing)
    if key != "identity.order" and far == NOTHING and "caps" not in key and "year_end" not in key:
        assert own == len(needing)
    unsaid = ("difference_cause",)
    plain = [{name: row[name] for name in row if name not in unsaid} for row in found]
    before = [{name: row[name] for name in row if name not in unsaid} for row in whole[0]]
    assert all(row in before for row in plain)  # no difference that comes from what was not computed
    lost = [row for row in before if row not in plain]
    assert all(row["person_no"] in people for row in lost)
    if far == TO_THE_POOL:
        assert not [row for row in lost if row["difference_step"] in ("deductible", "pool")]
    assert plain


def test_a_later_layer_that_the_pool_pays_leaves_the_pool_out() -> None:
    situation = Situation("resident", "inpatient", date(YEAR, 6, 30), level=3)
    pack = _without("resident.critical.threshold")
    assert Benefits(pack).to_the_pool(situation)[0].layers == ()
    fund = pack.parameter("resident.critical.fund", on=situation.on).model_copy(update={"value": "pool"})
    same = replace(pack, parameters={**pack.parameters, "resident.critical.fund": (fund,)})
    with pytest.raises(MissingKey) as missing:
        Benefits(same).to_the_pool(situation)
    assert missing.value.key == "resident.inpatient.layers"


def test_what_was_not_compared_is_told_by_key() -> None:
    missing: Counter[Missing] = Counter(
        {(TO_THE_POOL, "resident.inpatient.layers", False): 7, (NOTHING, "employee.chronic.rate", False): 2, (NOTHING, "employee.chronic.rate", True): 1}
    )  # fmt: skip
    listing = not_compared(missing)
    assert listing.title == "没有全部核对的结算：没有核对 3 笔，只核对起付线和统筹支付 7 笔"
    assert [tuple(row) for row in listing.rows] == [
        ("没有核对", "employee.chronic.rate", "职工·门诊慢特病·支付比例", 2),
        ("没有核对", "employee.chronic.rate", "职工·门诊慢特病·支付比例（缺在本人此前的单据）", 1),
        ("起付线和统筹支付", "resident.inpatient.layers", "居民·住院·统筹之后的支付层次", 7),
    ]
