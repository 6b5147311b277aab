"""Each rule finds what was planted and leaves its neighbours alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pytest

from tests.store.quality.conftest import Plant
from yibao.store.quality import blocking, evaluate, load_rules, rows_of
from yibao.store.quality.told import lines
from yibao.store.workspace import Workspace
from yibao.vocabulary.tables import load_tables

RULES = load_rules()
TODAY = date(2026, 1, 1)
Tables = Mapping[str, Sequence[Mapping[str, Any]]]


def day(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def relation(
    no: str, person: str, start: str, pause: str | None = None, insurance: str = "310", **more: Any
) -> dict[str, Any]:
    said = {"enrolment_relation_id": no, "person_no": person, "insurance_type": insurance, "enrolment_status": "1"}
    return {**said, "enrolment_start_date": day(start), "enrolment_pause_date": day(pause) if pause else None, **more}


def settled(no: str, **more: Any) -> dict[str, Any]:
    plain = {
        "settlement_id": no,
        "visit_id": f"V{no}",
        "person_no": "P1",
        "is_valid": True,
        "insurance_type": "310",
        "settlement_type": "online",
    }
    return {**plain, "stay_start_date": day("2025-03-01"), **more}


def line(no: str, **more: Any) -> dict[str, Any]:
    return {"fee_line_no": no, "visit_id": "V1", "service_time": at("2025-03-05 10:00:00"), **more}


def stay(no: str, admitted: str, discharged: str | None, **more: Any) -> dict[str, Any]:
    said = {"visit_id": no, "person_no": "P1", "care_type": "21", "admission_time": at(admitted)}
    return {**said, "discharge_time": at(discharged) if discharged else None, **more}


#: rule → tables with what was planted and its near misses, the value of one column in the rows at fault
PLANTED: dict[str, tuple[Tables, str, set[Any]]] = {
    "enrolled_twice": (
        {"enrolments": [
            relation("R1", "P1", "2024-01-01"), relation("R2", "P1", "2025-01-01"),
            relation("R3", "P2", "2024-01-01", "2025-01-01"), relation("R4", "P2", "2025-01-01"),
            relation("R5", "P3", "2024-01-01"), relation("R6", "P3", "2024-01-01", insurance="390"),
            relation("R7", "P4", "2024-01-01"), relation("R8", "P4", "2024-01-01", enrolment_status="0"),
        ]},
        "person_no", {"P1"},
    ),
    "enrolled_employee_and_resident": (
        {"enrolments": [
            relation("R1", "P1", "2024-01-01"), relation("R2", "P1", "2025-01-01", insurance="390"),
            relation("R3", "P2", "2024-01-01", "2025-01-01", "390"), relation("R4", "P2", "2025-01-01"),
        ]},
        "person_no", {"P1"},
    ),
    "identity_number_shared": (
        {"persons": [
            {"person_no": "P1", "id_document_no": "A"}, {"person_no": "P2", "id_document_no": "A"},
            {"person_no": "P3", "id_document_no": "A", "id_document_type": "03"}, {"person_no": "P4", "id_document_no": "B"},
        ]},
        "first_person_no", {"P1"},
    ),
    "settled_without_enrolment": (
        {"enrolments": [relation("R1", "P1", "2025-03-01"), relation("R2", "P2", "2024-01-01", "2025-02-01")],
         "settlements": [
            settled("1"), settled("2", stay_start_date=day("2025-02-28")), settled("3", person_no="P2"), settled("4", insurance_type="390"),
            settled("5", person_no="P9", is_valid=False),
        ]},
        "settlement_id", {"2", "3", "4"},
    ),
    "lines_differ_from_total": (
        {"settlements": [settled("1", total_fee=300), settled("2", total_fee=300), settled("3", total_fee=7)],
         "fee_lines": [
            line("a", settlement_id="1", line_amount=500), line("b", settlement_id="1", line_amount=-200),
            line("c", settlement_id="2", line_amount=299), line("d", line_amount=9),
        ]},
        "settlement_id", {"2"},
    ),
    "funds_differ_from_total": (
        {"settlements": [settled("1", fund_pay_total=100), settled("2", fund_pay_total=100)],
         "settlement_funds": [
            {"settlement_id": "1", "fund_type": "310101", "fund_pay": 100}, {"settlement_id": "1", "fund_type": "310201", "fund_pay": 50},
            {"settlement_id": "2", "fund_type": "310101", "fund_pay": 101},
        ]},
        "settlement_id", {"2"},
    ),
    "settled_twice": (
        {"settlements": [
            settled("1"), settled("2", visit_id="V1"),
            settled("3"), settled("4", visit_id="V3"), settled("5", visit_id="V3", is_reversal=True, original_settlement_id="4"),
            settled("6"), settled("7", visit_id="V6", settlement_type="mid_stay"),
        ]},
        "visit_id", {"V1"},
    ),
    "settlement_without_visit": (
        {"settlements": [settled("1"), settled("2")], "visits": [{"visit_id": "V1"}]}, "settlement_id", {"2"},
    ),
    "stays_overlap": (
        {"visits": [
            stay("V1", "2025-03-01 08:00:00", "2025-03-05 10:00:00"), stay("V2", "2025-03-04 09:00:00", "2025-03-09 09:00:00"),
            stay("V3", "2025-03-09 08:00:00", "2025-03-10 09:00:00"), stay("V4", "2025-03-02 08:00:00", None, care_type="11"),
            stay("V5", "2025-03-02 08:00:00", "2025-03-03 08:00:00", person_no="P2"),
        ]},
        "second_visit_id", {"V2"},
    ),
    "lines_outside_stay": (
        {"visits": [stay("V1", "2025-03-05 08:00:00", "2025-03-06 10:00:00"), stay("V2", "2025-03-05 08:00:00", None, care_type="11")],
         "fee_lines": [
            line("a"), line("b", service_time=at("2025-03-06 23:59:59")), line("c", service_time=at("2025-03-07 00:00:00")),
            line("d", service_time=at("2025-03-04 23:00:00")), line("e", visit_id="V2", service_time=at("2025-04-01 00:00:00")),
        ]},
        "fee_line_no", {"c", "d"},
    ),
    "stay_without_principal_diagnosis": (
        {"visits": [stay("V1", "2025-03-01 08:00:00", "2025-03-05 08:00:00"), stay("V2", "2025-03-06 08:00:00", "2025-03-07 08:00:00"),
                    stay("V3", "2025-03-08 08:00:00", None), stay("V4", "2025-03-08 08:00:00", "2025-03-08 09:00:00", care_type="11")],
         "visit_diagnoses": [
            {"visit_id": "V1", "sequence_no": 1, "is_principal_diagnosis": True}, {"visit_id": "V2", "sequence_no": 1},
        ]},
        "visit_id", {"V2"},
    ),
    "refund_without_original": (
        {"fee_lines": [
            line("a", line_amount=5), line("b", line_amount=-5, original_fee_line_no="a"), line("c", line_amount=-5), line("d", line_amount=-1, original_fee_line_no="z"),
        ]},
        "fee_line_no", {"c", "d"},
    ),
    "refund_beyond_original": (
        {"fee_lines": [
            line("a", line_amount=500), line("b", line_amount=-300, original_fee_line_no="a"), line("c", line_amount=-201, original_fee_line_no="a"),
            line("d", line_amount=500), line("e", line_amount=-500, original_fee_line_no="d"),
        ]},
        "fee_line_no", {"a"},
    ),
    "item_unmapped": ({"fee_lines": [line("a"), line("b", national_item_code="X")]}, "fee_line_no", {"a"}),
    "item_not_in_catalogue": (
        {"fee_lines": [line("a"), line("b", national_item_code="X"), line("c", national_item_code="Y")], "catalogue_items": [{"national_item_code": "X"}]},
        "fee_line_no", {"c"},
    ),
    "service_after_death": (
        {"persons": [{"person_no": "P1", "death_date": day("2025-03-02")}, {"person_no": "P2"}],
         "visits": [stay("V1", "2025-03-02 20:00:00", None), stay("V2", "2025-03-03 00:00:00", None), stay("V3", "2025-03-03 00:00:00", None, person_no="P2")]},
        "visit_id", {"V2"},
    ),
    "payment_without_settlement": (
        {"payments": [{"payment_id": "1"}, {"payment_id": "2", "settlement_id": "1"}, {"payment_id": "3", "settlement_id": "9"}], "settlements": [settled("1")]},
        "payment_id", {"3"},
    ),
    "contribution_without_enrolment": (
        {"enrolments": [relation("R1", "P1", "2025-02-15", "2025-03-20")],
         "contributions": [
            {"contribution_id": str(month), "person_no": "P1", "insurance_type": "310", "contribution_month": month}
            for month in (202501, 202502, 202503, 202504)
        ]},
        "contribution_id", {"202501", "202504"},
    ),
    "trace_event_repeated": (
        {"trace_events": [
            {"event_id": "1", "trace_code": "T", "trace_event": "sale", "provider_code": "H"}, {"event_id": "2", "trace_code": "T", "trace_event": "sale", "provider_code": "H"},
            {"event_id": "3", "trace_code": "U", "trace_event": "sale", "provider_code": "H"},
            {"event_id": "4", "trace_code": "U", "trace_event": "sale", "provider_code": "K"},
            {"event_id": "5", "trace_code": "U", "trace_event": "return", "provider_code": "H"},
        ]},
        "first_event_id", {"1"},
    ),
    "prescriber_not_registered": (
        {"practitioner_registrations": [{"practitioner_code": "D1", "provider_code": "H1", "valid_from": day("2025-01-01"), "valid_to": day("2025-03-05")}],
         "fee_lines": [
            line("a", prescriber_code="D1", provider_code="H1"), line("b", prescriber_code="D1", provider_code="H2"),
            line("c", prescriber_code="D1", provider_code="H1", service_time=at("2025-03-06 00:00:00")), line("d", provider_code="H2"),
        ]},
        "fee_line_no", {"b", "c"},
    ),
    "months_missing_in_settlements": (
        {"settlements": [settled(str(m), settlement_time=at(f"{m}-15 00:00:00")) for m in ("2024-11", "2024-12", "2025-03", "2025-04")]}, "last_month", {202412},
    ),
    "months_missing_in_fee_lines": ({"fee_lines": [line(str(m), service_time=at(f"2025-{m:02d}-01 00:00:00")) for m in (1, 2, 4)]}, "next_month", {202504}),
    "months_missing_in_contributions": (
        {"contributions": [{"contribution_id": str(m), "paid_date": day(f"2025-{m:02d}-01")} for m in (1, 2, 4, 5)]}, "months_missing", {1},
    ),
    "codes_outside_lists": (
        {"contributions": [{"contribution_id": "1", "insurance_type": "999"}, {"contribution_id": "2", "insurance_type": "310"}]}, "value", {"999"},
    ),
    "dates_in_the_future": (
        {"contributions": [{"contribution_id": "1", "paid_date": day("2026-01-02")}, {"contribution_id": "2", "paid_date": day("2026-01-01")}],
         "provider_beds": [{"valid_from": day("2026-05-01"), "valid_to": day("2099-12-31")}]},
        "value", {"2026-01-02"},
    ),
}  # fmt: skip


def test_every_rule_has_a_planted_case() -> None:
    assert set(PLANTED) == set(RULES.rules)
    assert len(PLANTED) >= 15


@pytest.mark.parametrize("name", PLANTED)
def test_a_rule_finds_what_was_planted_and_nothing_else(workspace: Workspace, plant: Plant, name: str) -> None:
    tables, column, wanted = PLANTED[name]
    for table, rows in tables.items():
        plant(table, rows)
    rule = RULES.rules[name]
    found = rows_of(workspace, rule, TODAY).read_all()
    assert set(found[column].to_pylist()) == wanted
    (outcome,) = evaluate(workspace, TODAY, [rule])
    assert (outcome.state, outcome.found) == ("found", len(wanted))
    assert outcome.of >= outcome.found
    assert outcome.blocks == (rule.protects if rule.severity == "red" else ())


@pytest.mark.parametrize("rule", RULES.rules.values(), ids=lambda rule: rule.id)
def test_every_column_of_a_rule_can_be_named(rule: Any) -> None:
    vocabulary = load_tables()
    names = rule.text.checked(vocabulary).columns if rule.text else ("table_name", "column_name", "value", "row_count")
    assert all(RULES.column(name, vocabulary).element.label for name in names)


def test_a_rule_without_its_tables_did_not_run(workspace: Workspace, plant: Plant) -> None:
    plant("settlements", [settled("1")])
    outcomes = {o.rule.id: o for o in evaluate(workspace, TODAY)}
    assert (outcomes["settled_without_enrolment"].state, outcomes["settled_without_enrolment"].missing) == (
        "not_run",
        ("enrolments",),
    )
    assert outcomes["settled_twice"].state == "clean"
    said = "\n".join(lines(list(outcomes.values()), RULES, workspace.vocabulary))
    assert "结算时没有参保：参保关系还没有数据" in said
    assert "没有数据，不等于通过" in said


def test_a_red_rule_blocks_only_what_it_protects(workspace: Workspace, plant: Plant) -> None:
    plant("persons", [{"person_no": "P1", "id_document_no": "A"}, {"person_no": "P2", "id_document_no": "A"}])
    assert [o.rule.id for o in blocking(workspace, "enrol", TODAY)] == ["identity_number_shared"]
    assert blocking(workspace, "dip", TODAY) == ()
    with pytest.raises(KeyError):
        blocking(workspace, "dipp", TODAY)


def test_a_yellow_rule_blocks_nothing(workspace: Workspace, plant: Plant) -> None:
    plant("fee_lines", [line("a")])
    assert blocking(workspace, "audit", TODAY) == ()


def test_the_table_puts_red_first_and_says_how_to_see_the_rows(workspace: Workspace, plant: Plant) -> None:
    plant("fee_lines", [line("a", line_amount=1), line("b", line_amount=-2, original_fee_line_no="a")])
    said = list(lines(list(evaluate(workspace, TODAY)), RULES, workspace.vocabulary))
    assert said[0].split() == ["规则", "不符", "共", "占比", "程度", "影响"]
    assert said[1].split() == ["退费超过原费用", "1", "1", "100.00%", "红", "暂停待遇结算、智能监管"]
    assert said[2].split()[0] == "费用没有国家编码"
    assert any("yibao quality --rows refund_beyond_original" in line for line in said)
    assert said[-1].startswith("红色 1 条，黄色 1 条")
    assert said[-1].endswith("暂停：待遇结算、智能监管。")
