"""资助参保 with its proof, and the lists of who was left out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.enrol.conftest import said
from tests.store.quality.conftest import Plant
from yibao.enrol.aid import Held, judge, proofs, uninsured, unproven, unrelieved
from yibao.enrol.rules import Book
from yibao.money import Fen
from yibao.store.workspace import Workspace

ON = date(2025, 12, 31)
PAID = date(2024, 11, 1)
SHARES = {"tekun": 10_000, "dibao": 6_000}
STANDARD = Fen(40_000)


def held(identity: str, listed: date | None, office: str | None = "minzheng") -> Held:
    return Held(identity, office, listed, listed or date(2020, 1, 1))


@pytest.mark.parametrize(
    ("identities", "aided", "verdict", "due"),
    [
        ([held("dibao", PAID)], 24_000, "proven", 24_000),
        ([held("dibao", date(2024, 11, 2))], 24_000, "late_list", 0),
        ([held("dibao", None)], 24_000, "no_list", 0),
        ([held("dibao", PAID, None)], 24_000, "late_list", 0),
        ([], 24_000, "no_list", 0),
        ([held("dibao", PAID), held("tekun", PAID)], 40_000, "proven", 40_000),  # the most favourable, once
        ([held("dibao", PAID), held("tekun", PAID)], 64_000, "amount", 40_000),
        ([held("dibao", PAID)], 0, "missed", 24_000),
        ([held("dibao_bianyuan", PAID)], 0, "none", 0),
        ([held("dibao", date(2025, 3, 1))], 0, "none", 0),
    ],
)
def test_each_verdict(identities: list[Held], aided: int, verdict: str, due: int) -> None:
    found = judge(STANDARD, SHARES, identities, PAID, aided)
    assert (found.verdict, found.due) == (verdict, due)


DAYS = st.none() | st.dates(date(2024, 1, 1), date(2025, 1, 1))


@given(
    st.lists(st.builds(held, st.sampled_from(["tekun", "dibao", "zhongcan"]), DAYS), max_size=4), st.integers(0, 50_000)
)
def test_another_identity_never_lowers_what_is_due(identities: list[Held], aided: int) -> None:
    before = judge(STANDARD, SHARES, identities, PAID, aided)
    after = judge(STANDARD, SHARES, [*identities, held("tekun", PAID)], PAID, aided)
    assert before.due <= after.due == STANDARD
    assert judge(STANDARD, SHARES, list(reversed(identities)), PAID, aided).due == before.due


def identity(who: str, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "person_no": who,
        "identity_type": kind,
        "identity_start": date(2020, 1, 1),
        "issuing_office": "minzheng",
        "list_date": date(2020, 1, 1),
        **more,
    }


def paid(who: str, aided: int) -> dict[str, Any]:
    return {
        "contribution_id": who, "person_no": who, "insurance_type": "390", "benefit_year": 2025, "contribution_month": 202501,
        "person_amount": 40_000 - aided, "subsidy_amount": aided, "identity_type": "dibao" if aided else None, "paid_date": PAID,
    }  # fmt: skip


def test_by_category_and_person(workspace: Workspace, plant: Plant, book: Book) -> None:
    plant("persons", [{"person_no": f"P{n}"} for n in range(1, 6)])
    plant(
        "identities",
        [
            identity("P1", "dibao"),
            identity("P2", "dibao"),
            identity("P3", "dibao", list_date=date(2024, 12, 1)),
            identity("P5", "youfu"),
        ],
    )
    plant("contributions", [paid("P1", 24_000), paid("P2", 0), paid("P3", 24_000), paid("P4", 24_000), paid("P5", 0)])
    by_category, exceptions = proofs(workspace, book, 2025, ON)
    assert by_category.rows == [("低保对象", 3, 72_000, 48_000, 2, 1), ("合计", 3, 72_000, 48_000, 2, 1)]
    assert {(row[1], row[0]) for row in exceptions.rows} == {
        ("P2", "应资助未资助"),
        ("P3", "名单晚于缴费"),
        ("P4", "没有名单"),
    }


def test_who_is_listed_and_not_insured(workspace: Workspace, plant: Plant) -> None:
    plant("persons", [
        {"person_no": "P1", "id_document_no": "A"}, {"person_no": "P2", "id_document_no": "B"},
        {"person_no": "P3", "id_document_no": "C", "death_date": date(2025, 6, 1), "birth_date": date(1950, 1, 1)}, {"person_no": "P4", "id_document_no": "D"},
    ])  # fmt: skip
    plant(
        "identities",
        [identity(f"P{n}", "dibao") for n in (1, 2, 3)] + [identity("P4", "dibao", identity_end=date(2025, 1, 1))],
    )
    plant(
        "enrolments",
        [
            {
                "person_no": "P1",
                "insurance_type": "390",
                "enrolment_status": "1",
                "enrolment_start_date": date(2020, 1, 1),
            }
        ],
    )
    plant("population_rosters", [
        {"roster_kind": "aid", "roster_date": date(2025, 11, 1), "identity_type": "tekun", "id_document_no": "Z", "person_name": "名单上的人"},
        {"roster_kind": "aid", "roster_date": date(2025, 5, 1), "identity_type": "tekun", "id_document_no": "Y"},
        {"roster_kind": "aid", "roster_date": date(2026, 1, 1), "identity_type": "tekun", "id_document_no": "X"},
    ])  # fmt: skip
    found = uninsured(workspace, ON)
    assert sorted((row[1] or row[2], row[7]) for row in found.rows) == [
        ("P2", "平台身份"),
        ("名单上的人", "只在部门名单"),
    ]


def settled(no: str, who: str, in_scope: int, funds: int, aid: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "settlement_id": no, "person_no": who, "insurance_type": "390", "care_type": "21", "benefit_year": 2025, "is_valid": True, "in_scope_total": in_scope,
        "total_fee": in_scope, "fund_pay_total": funds, "medical_aid_pay": aid, "stay_start_date": date(2025, 3, 1), **more,
    }  # fmt: skip


def test_who_bore_more_than_the_threshold_without_aid(workspace: Workspace, plant: Plant, book: Book) -> None:
    plant("persons", [{"person_no": f"P{n}"} for n in range(1, 7)])
    plant(
        "identities",
        [identity(f"P{n}", "jiance_tuopin") for n in (1, 2, 3, 4, 5)]
        + [identity("P5", "tekun"), identity("P6", "tekun", identity_start=date(2025, 3, 2))],
    )
    plant("settlements", [
        settled("S1", "P1", 200_000, 90_000), settled("S2", "P2", 200_000, 110_000), settled("S3", "P3", 200_000, 90_000, 10_000),
        settled("S4", "P4", 200_000, 90_000), settled("S5", "P4", -200_000, -90_000, is_reversal=True, original_settlement_id="S4"),
        settled("S6", "P5", 200_000, 190_000), settled("S7", "P6", 900_000, 0), settled("S8", "P2", 900_000, 0, care_type="41"),
    ])  # fmt: skip
    found = unrelieved(workspace, book, 2025, ON)
    assert {(row[0], row[4], row[10]) for row in found.rows} == {
        ("P1", "脱贫不稳定户", 10_000),
        ("P5", "特困人员", 10_000),
    }


def test_identities_that_no_list_supports(workspace: Workspace, plant: Plant) -> None:
    plant("persons", [{"person_no": f"P{n}"} for n in range(1, 5)])
    plant(
        "identities",
        [
            identity("P1", "dibao"),
            identity("P2", "dibao", list_date=None),
            identity("P3", "dibao", issuing_office=None),
            identity("P4", "dibao", list_date=date(2021, 1, 1)),
        ],
    )
    assert said(unproven(workspace, ON).rows, 7) == ["没有名单日期", "没有认定部门", "名单晚于身份开始"]
