"""Cases as JSON lines: what is one line, what stands for nothing, and lines that are given back with the reason."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from yibao.dip.grouping.cases import Case, Unread, read_case, read_cases
from yibao.errors import UserError


def read(path: Path, text: str | bytes) -> list[Case | Unread]:
    path = path / "cases.jsonl"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(read_cases(path))


def test_a_line_ends_at_a_line_feed_and_nowhere_else(tmp_path: Path) -> None:
    found = read(tmp_path, '{"id": "1", "note": "甲\u2028乙\x85丙"}\r\n\r\n{"id": "2"}')
    assert [case.id for case in found] == ["1", "2"]


def test_costs_of_treatment_and_drugs_may_be_told() -> None:
    given = {"id": "1", "principal_dx": "C34.900", "treatment_cost": "15000.50", "drug_cost": 0}
    found = read_case(given, "第 1 行")
    assert (found.treatment_cost, found.drug_cost) == (Decimal("15000.50"), 0)
    assert read_case({"id": "1"}, "").treatment_cost is None
    with pytest.raises(UserError, match="第 1 行的 drug_cost 应是不小于零的数"):
        read_case({"id": "1", "drug_cost": -1}, "第 1 行")


def test_a_mark_of_the_byte_order_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    assert [case.id for case in read(tmp_path, b'\xef\xbb\xbf{"id": 1}\r\n{"id": 0}\r\n')] == ["1", "0"]


@pytest.mark.parametrize("number", ["1e400", "1e999999999", "-1", "Infinity", "true", '"12,5"', "9" * 5000])
def test_a_number_that_cannot_be_meant_gives_the_line_back(tmp_path: Path, number: str) -> None:
    first, second, third = read(tmp_path, f'{{"id": "1"}}\n{{"id": "2", "age_day": {number}}}\n{{"id": "3"}}')
    assert (first.id, third.id) == ("1", "3")
    assert isinstance(second, Unread)
    assert "“cases.jsonl”第 2 行" in second.sentence


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"[" * 100_000, "不是 JSON"),
        (b'{"id": "1"', "不是 JSON"),
        (b'"K35.300"', "应是一个对象"),
        (b'{"id": {"no": 1}}', "缺少 id"),
        ('{"id": "甲"}'.encode("gbk"), "不是 UTF-8"),
        (b'{"id": 1, "related_procs": "54.5101"}', "related_procs 应是编码的列表"),
        (b'{"id": 1, "other_dx": [1]}', "other_dx 应是文字"),
    ],
)
def test_a_line_that_is_no_case_is_given_back(tmp_path: Path, line: bytes, said: str) -> None:
    (found,) = read(tmp_path, line)
    assert isinstance(found, Unread)
    assert said in found.sentence


def test_what_stands_for_nothing_is_nothing(tmp_path: Path) -> None:
    line = '{"id": 1, "principal_dx": null, "principal_proc": NaN, "related_procs": "-", "other_dx": [null, ""], "age_day": "", "cost": NaN, "los": "—"}'
    assert read(tmp_path, line) == [Case("1", "")]


def test_numbers_may_be_written_as_texts_and_operations_as_numbers(tmp_path: Path) -> None:
    line = '{"id": 1, "principal_dx": "K35.300", "principal_proc": 47.01, "related_procs": [54.5101], "age_day": " 3 ", "birth_weight_g": 999.5, "discharge_way": 5}'
    (case,) = read(tmp_path, line)
    assert case == Case("1", "K35.300", "47.01", ("54.5101",), (), 3, 999, discharge_way="5")


@pytest.mark.parametrize("start", [b"PK\x03\x04", "{".encode("utf-16")])
def test_another_kind_of_file_is_refused(tmp_path: Path, start: bytes) -> None:
    with pytest.raises(UserError, match="应是 UTF-8 的 JSON Lines"):
        read(tmp_path, start)
