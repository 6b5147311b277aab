"""Savings and overspending of a city's sheet where the region shares at another level than the institutions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dip.pay.terms import USUAL, pack
from yibao.dip.pay.shapes import SharingLevel, as_levels
from yibao.dip.pay.sharing import added
from yibao.dip.verify.amounts import check_amounts
from yibao.dip.verify.found import Found
from yibao.dip.verify.sheets import Sheets
from yibao.dip.verify.terms_read import TermsRead

CHECK = "结余留用与超支分担按规定的分段"
DUE = {"H1": 1_000_001, "H2": 2_000_003, "H3": 777_777}
BOOKED = {"H1": 1_100_000, "H2": 2_100_000, "H3": 800_000}


def checked(levels: list[str], **wrong: int) -> Found:
    """The check of a sheet that shares as the region says, but for some hospitals (fen beside)."""
    said = [{"level": level, "bands": USUAL["dip.sharing"]} for level in levels]
    own = added([SharingLevel.model_validate(one) for one in as_levels(said)], {(h, ""): b for h, b in BOOKED.items()}, {(h, ""): d for h, d in DUE.items()})  # type: ignore[attr-defined]  # fmt: skip
    rows: list[dict[str, Any]] = [
        {
            "service_year": 2025, "provider_code": h, "insurance_type": "390", "booked_pay": BOOKED[h], "dip_payable": DUE[h],
            "sharing_amount": own[h] + wrong.get(h, 0), "assessment_coefficient": 1_000_000, "audit_deduction": 0,
            "clearing_amount": DUE[h] + own[h] + wrong.get(h, 0), "monthly_paid": 0, "advance_paid": 0, "clearing_balance": DUE[h] + own[h] + wrong.get(h, 0),
        }
        for h in DUE
    ]  # fmt: skip
    found = Found()
    check_amounts(Sheets(2025, clearing=rows), TermsRead(pack(dip__sharing=said), {}), found)
    return found


@pytest.mark.parametrize("levels", [["region"], ["region", "institution"], ["institution"]])
def test_a_sheet_that_shares_as_the_region_says_has_no_difference(levels: list[str]) -> None:
    assert checked(levels).differences == []


def test_a_hospital_that_was_given_another_amount_is_told() -> None:
    [one] = checked(["region"], H2=-5_000).differences
    assert (one.step, one.provider, one.effect) == ("sharing", "H2", -5_000)


def test_sharing_by_disease_cannot_be_checked_from_the_sheet_and_is_not_a_pass() -> None:
    [check] = [one for one in checked(["disease"]).checks if one.name == CHECK]
    assert "按病种留用与分担" in check.reason
