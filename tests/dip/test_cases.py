"""Cases as JSON lines: what is one line, and numbers that nobody means."""

from __future__ import annotations

from pathlib import Path

import pytest

from yibao.dip.cases import read_cases
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
