"""Cases as JSON lines: what is one line, and numbers that nobody means."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from yibao.dip.cases import read_case, read_cases
from yibao.errors import UserError


def test_a_line_ends_at_a_line_feed_and_nowhere_else(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text('{"id": "1", "note": "甲\u2028乙\x85丙"}\r\n\r\n{"id": "2"}', encoding="utf-8", newline="")
    assert [case.id for case in read_cases(file)] == ["1", "2"]


@pytest.mark.parametrize("number", ["1e400", "1e999999999", "-1", "NaN", '"12,5"'])
def test_a_number_that_cannot_be_meant_is_refused_by_line_and_field(tmp_path: Path, number: str) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(f'{{"id": "1"}}\n{{"id": "2", "age_day": {number}}}', encoding="utf-8")
    with pytest.raises(UserError, match="第 2 行的 age_day"):
        list(read_cases(file))


def test_costs_of_treatment_and_drugs_may_be_told() -> None:
    given = {"id": "1", "principal_dx": "C34.900", "treatment_cost": "15000.50", "drug_cost": 0}
    found = read_case(given, "第 1 行")
    assert (found.treatment_cost, found.drug_cost) == (Decimal("15000.50"), 0)
    assert read_case({"id": "1"}, "").treatment_cost is None
    with pytest.raises(UserError, match="第 1 行的 drug_cost 应是不小于零的数"):
        read_case({"id": "1", "drug_cost": -1}, "第 1 行")
