"""One request at a time: tried without a trace, settled once, never on amounts that somebody else computed."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.settle.explain.bills import benefits
from tests.settle.live.county import county, exported, put, rows, stay, told
from yibao.errors import UserError
from yibao.region.benefits.resolve import Benefits
from yibao.region.packs import region
from yibao.settle.closed_years import close_year
from yibao.settle.live.entries import presettle, settle
from yibao.settle.live.request import load_request, read_request
from yibao.settle.live.reversal import Approval, preview, reverse
from yibao.settle.run import settle_year
from yibao.store.workspace import Workspace

RULES = benefits()
EXAMPLE = Benefits(region("cn-9904"))


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with county(tmp_path / "w") as opened:
        yield opened


def test_a_trial_gives_what_a_settlement_gives_and_stores_nothing(workspace: Workspace) -> None:
    tried = presettle(workspace, RULES, stay("A", "10000.00"))
    assert tried["pool_fund_pay"] == 7_030_00
    assert workspace.manifest("live_settlements") is None
    settled = settle(workspace, RULES, stay("A", "10000.00"))
    assert {name: settled[name] for name in tried} == tried
    assert [row["bill_id"] for row in rows(workspace)] == ["A"]


def test_the_second_stay_follows_the_first(workspace: Workspace) -> None:
    settle(workspace, RULES, stay("A", 4000))
    second = settle(workspace, RULES, stay("B", 4000, day=20))
    assert (second["admission_no"], second["deductible_paid"]) == (2, 250_00)


def test_the_same_request_settles_once(workspace: Workspace) -> None:
    first = settle(workspace, RULES, stay("A", 4000))
    assert settle(workspace, RULES, stay("A", "4000.00")) == first
    assert len(rows(workspace)) == 1


def test_a_request_number_with_other_content_is_refused(workspace: Workspace) -> None:
    settle(workspace, RULES, stay("A", 4000))
    with pytest.raises(UserError, match="内容与这一次不同"):
        settle(workspace, RULES, stay("A", 4001))
    assert len(rows(workspace)) == 1


def test_one_visit_is_settled_once(workspace: Workspace) -> None:
    settle(workspace, RULES, stay("A", 4000))
    with pytest.raises(UserError, match="已经结算过"):
        settle(workspace, RULES, stay("B", 4000, day=20, visit_id="VA"))


def test_a_closed_year_refuses(workspace: Workspace) -> None:
    close_year(workspace, 2025, "李四", date(2026, 3, 1))
    for door in (presettle, settle):
        with pytest.raises(UserError, match="YEAR_CLOSED"):
            door(workspace, RULES, stay("A", 4000))
    with pytest.raises(UserError, match="YEAR_CLOSED"):
        close_year(workspace, 2025, "李四", date(2026, 3, 1))


def test_the_identity_counts_from_its_first_day(workspace: Workspace) -> None:
    before = settle(workspace, RULES, stay("A", 4000, person="P3"))
    after = settle(workspace, RULES, stay("B", 4000, person="P3", settlement_time=datetime(2025, 7, 20), stay_start_date=date(2025, 7, 1), stay_end_date=date(2025, 7, 20)))  # fmt: skip
    assert (before["medical_aid_pay"], before["identity_type"]) == (0, None)
    assert (after["medical_aid_pay"] > 0, after["identity_type"]) == (True, "tekun")


def test_the_account_pays_no_more_than_its_balance(workspace: Workspace) -> None:
    row = settle(workspace, RULES, stay("A", 4000, person="P2", is_account_used=True, account_balance_before="100.00"))
    assert row["account_pay"] == 100_00
    again = settle(
        workspace, RULES, stay("B", 4000, day=20, person="P2", is_account_used=True, account_balance_before=0)
    )
    assert again["account_pay"] == 0


def test_a_balance_is_that_of_the_moment_whatever_was_spent_before(workspace: Workspace) -> None:
    paying: dict[str, Any] = {"person": "P2", "is_account_used": True}
    settle(workspace, RULES, stay("A", 4000, account_balance_before=100, **paying))
    assert (
        settle(workspace, RULES, stay("B", 4000, day=20, account_balance_before=150, **paying))["account_pay"] == 150_00
    )


def test_a_stay_over_the_end_of_a_year_is_settled_whole_only_where_the_region_says_so(workspace: Workspace) -> None:
    stayed: dict[str, Any] = {
        "stay_start_date": date(2025, 12, 28),
        "stay_end_date": date(2026, 1, 4),
        "settlement_time": datetime(2026, 1, 4),
    }
    assert settle(workspace, RULES, stay("A", 4000, **stayed))["benefit_year"] == 2026
    parts = RULES.set("resident.inpatient.year_end", None, "split_by_days", date(2026, 1, 1))
    with pytest.raises(UserError, match="分段结算"):
        settle(workspace, parts, stay("B", 4000, person="P3", **stayed))


def test_without_an_enrolment_on_the_first_day_nothing_is_settled(workspace: Workspace) -> None:
    with pytest.raises(UserError, match="没有险种 390 的参保关系"):
        settle(workspace, RULES, stay("A", 4000, stay_start_date=date(2024, 12, 31)))


def test_a_time_before_the_last_settlement_is_refused(workspace: Workspace) -> None:
    settle(workspace, RULES, stay("B", 4000, day=20))
    with pytest.raises(UserError, match="结算时间不能早于"):
        settle(workspace, RULES, stay("A", 4000))


def test_earlier_settlements_count_as_they_were_paid(workspace: Workspace) -> None:
    """A rule that changed meanwhile changes nothing that was settled: 260.00 were paid then, the cap counts them."""
    on = date(2025, 1, 1)
    clinic: dict[str, Any] = {"care_type": "11", "hospital_level": "1"}
    settle(workspace, RULES, stay("A", 520, **clinic))
    dearer = RULES.set("resident.outpatient.rate", "else", 1, on)
    assert settle(workspace, dearer, stay("B", 520, day=20, **clinic))["pool_fund_pay"] == 420_00 - 260_00


def test_the_platforms_settlements_of_the_year_must_be_brought_together_first(workspace: Workspace) -> None:
    amounts = dict.fromkeys(workspace.table("settlements").money, 0)
    put(workspace, "settlements", [{**amounts, "settlement_id": "S", "visit_id": "V", "person_no": "P1", "provider_code": "H2", "insurance_type": "390", "person_category": "15", "care_type": "21", "settlement_type": "online", "settlement_time": datetime(2025, 5, 1), "benefit_year": 2025, "stay_start_date": date(2025, 5, 1), "out_of_area": "0", "is_reversal": False, "is_valid": True, "counts_as_admission": True}])  # fmt: skip
    with pytest.raises(UserError, match="请先运行 yibao settle 2025"):
        settle(workspace, RULES, stay("A", 4000))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"pool_fund_pay": 7030}, "待遇金额由系统计算"),
        ({"total_fee": 4000.5}, "医疗费总额"),
        ({"total_fee": "4000.001"}, "医疗费总额"),
        ({"total_fee": 4001}, "四项之和"),
        ({"in_scope_total": -1, "total_fee": -1}, "不能是负数"),
        ({"stay_end_date": date(2025, 1, 1)}, "结束日期早于"),
        ({"医疗费总额": 4000}, "写了两次"),
        ({"person_no": None}, "人员编号"),
        ({"person_no": "  "}, "缺少 人员编号"),
        ({"settlement_time": "2025-06-10T09:00:00+08:00"}, "结算时间"),
        ({"settlement_time": "2025-06-09 09:00:00"}, "结算时间早于结束日期"),
        ({"total_fee": {"yuan": 1}}, "医疗费总额"),
        ({"visit_id": ["V"]}, "就诊ID"),
        ({"hospital_level": "三级"}, "医院等级"),
        ({"away_kind": "mars"}, "异地就医类别"),
        ({"settlement_type": "x"}, "结算类别"),
        ({"continues": "x"}, "接续类别"),
        ({"fetus_count": -3}, "胎儿数"),
    ],
)
def test_a_request_that_cannot_be_right_is_refused(more: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said):
        stay("A", 4000, **more)


def test_json_amounts_stay_exact_and_national_names_are_read() -> None:
    written = load_request('{"medfee_sumamt": 0.29, "inscp_scp_amt": 0.29, "fulamt_ownpay_amt": 0, "overlmt_selfpay": 0, "preselfpay_amt": 0, "request_id": "A", "mdtrt_id": "V", "psn_no": "P1", "fixmedins_code": "H1", "insutype": "390", "med_type": "11", "setl_time": "2025-06-01 10:00:00", "begndate": "2025-06-01", "enddate": "2025-06-01"}')  # fmt: skip
    assert read_request(written).said["total_fee"] == 29


@pytest.mark.parametrize(("number", "said"), [("", "缺少 请求号"), (" ", "缺少 请求号"), ("A#2025", "不能有")])
def test_a_request_number_that_is_none_is_refused(number: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        stay(number, 4000)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"医疗费总额": 1, "医疗费总额": 2}', "“医疗费总额”写了两次"),
        ("abc", "第 1 行第 1 个字起不是 JSON"),
        ("[" * 100_000, "读不了"),
        ('{"医疗费总额": 1' + "0" * 5000 + "}", "读不了"),
    ],
)
def test_a_file_that_is_no_request_is_refused_in_one_sentence(text: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        load_request(text)


def test_an_institution_that_nobody_knows_is_refused_unless_its_level_is_said(workspace: Workspace) -> None:
    with pytest.raises(UserError, match="没有 H9"):
        presettle(workspace, RULES, stay("A", 4000, provider_code="H9"))
    assert presettle(workspace, RULES, stay("A", 4000, provider_code="H9", hospital_level="3"))["pool_fund_pay"] > 0


def test_nobody_is_settled_before_birth_or_after_death(workspace: Workspace) -> None:
    rows_ = workspace.query("SELECT p.* FROM persons AS p").read_all().to_pylist()
    put(workspace, "persons", [{**row, "death_date": date(2025, 6, 4)} for row in rows_])
    with pytest.raises(UserError, match="已于 2025-06-04 死亡"):
        presettle(workspace, RULES, stay("A", 4000))
    put(workspace, "persons", [{**row, "death_date": date(2025, 6, 9)} for row in rows_])  # in hospital
    assert presettle(workspace, RULES, stay("A", 4000))["pool_fund_pay"] > 0
    put(workspace, "persons", [{**row, "birth_date": date(2025, 6, 6)} for row in rows_])
    with pytest.raises(UserError, match="在出生以前"):
        presettle(workspace, RULES, stay("A", 4000))


def test_a_number_that_a_settlement_has_already_is_refused(workspace: Workspace) -> None:
    """A reversal out of order numbers several rows: none of them may be the request of a settlement too."""
    settle(workspace, RULES, stay("A", 4000))
    settle(workspace, RULES, stay("B", 4000, day=20))
    when = datetime(2025, 7, 1)
    shown = preview(workspace, RULES, "A", "R", when)
    reverse(workspace, RULES, "A", "R", when, Approval("王五", "重复收费", shown.list_id))
    with pytest.raises(UserError, match="已有号码为 R-1 的结算"):
        settle(workspace, RULES, stay("R-1", 4000, person="P3"))


def test_a_closed_year_is_not_computed_again(workspace: Workspace) -> None:
    settle(workspace, RULES, stay("A", 4000))
    close_year(workspace, 2025, "李四", date(2026, 3, 1))
    with pytest.raises(UserError, match="YEAR_CLOSED"):
        settle_year(workspace, RULES, 2025)


def test_waiting_and_incentives_come_from_the_tables_and_never_from_the_request(workspace: Workspace) -> None:
    waiting = {
        "person_no": "P1", "benefit_year": 2025, "paid_date": date(2025, 4, 1), "is_in_window": False, "broken_years": 0, "repaired_years": 0,
        "waiting_months": 3, "rule_source": "试",
    }  # fmt: skip
    put(workspace, "benefit_waiting", [{**waiting, "benefit_start_date": date(2025, 6, 6)}])
    with pytest.raises(UserError, match="等待期"):
        presettle(workspace, RULES, stay("A", 4000))
    put(workspace, "benefit_waiting", [{**waiting, "benefit_start_date": date(2025, 6, 5)}])
    put(workspace, "cap_raises", [{"person_no": "P1", "benefit_year": 2025, "continuous_years": 6, "original_cap": 1, "cap_raise": 3_000_00, "rule_source": "试"}])  # fmt: skip
    assert presettle(workspace, RULES, stay("A", 4000))["pool_fund_pay"] > 0
    assert settle(workspace, RULES, stay("A", 4000))["cap_raise"] == 3_000_00
    with pytest.raises(UserError, match="不认识的项目“is_eligible”"):
        stay("B", 4000, is_eligible=True)


def test_an_enterprise_supplement_follows_the_enrolment_at_the_counter_and_in_the_year(workspace: Workspace) -> None:
    """P2, retired, second stay: (10000 − 300) × 10 % are left, of which 1 − 60 % × 90 % = 46 %."""
    enrolled = workspace.query("SELECT e.* FROM enrolments AS e").read_all().to_pylist()
    assert settle(workspace, EXAMPLE, stay("A", 10_000, person="P2"))["enterprise_supplement_pay"] == 0
    put(workspace, "enrolments", [{**row, "is_enterprise_supplemented": row["person_no"] == "P2"} for row in enrolled])
    row = settle(workspace, EXAMPLE, stay("B", 10_000, person="P2", day=20))
    assert row["enterprise_supplement_pay"] == 446_20
    told(workspace, [exported(row, "S1")])
    settle_year(workspace, EXAMPLE, 2025)
    sql = "SELECT c.bill_id, c.enterprise_supplement_pay FROM computed_settlements AS c WHERE c.bill_id = 'S1'"
    assert workspace.query(sql).read_all()["enterprise_supplement_pay"].to_pylist() == [
        row["enterprise_supplement_pay"]
    ]


def test_a_bill_whose_parts_do_not_sum_to_it_is_not_settled(workspace: Workspace) -> None:
    row = exported(settle(workspace, EXAMPLE, stay("A", 4000)), "S1")
    told(workspace, [{**row, "total_fee": 5}])
    with pytest.raises(UserError, match="四项之和不等于医疗费总额"):
        settle_year(workspace, EXAMPLE, 2025)
