"""The JSON contract."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.proofread.report import sample
from yibao.proofread.report import render_json


def test_one_file_is_one_object_with_the_contract_keys() -> None:
    data = json.loads(render_json([sample.report()], as_list=False))
    assert list(data) == ["document", "findings", "checks", "not_run"]
    assert list(data["document"]) == ["path", "title", "kind", "year", "bureau"]
    assert list(data["findings"][0]) == [
        "kind",
        "severity",
        "verdict",
        "quote",
        "stated",
        "expected",
        "location",
        "related",
        "message",
        "cause",
    ]
    assert set(data["checks"][0]) >= {"kind", "verdict", "quote", "location"}
    assert data["not_run"][0] == {"kind": "last_year", "reason": "没有给出上年文件（--last-year），上年数未核对。"}


def test_several_files_or_a_directory_are_a_list() -> None:
    assert len(json.loads(render_json([sample.report(), sample.report("b.txt")], as_list=True))) == 2
    assert len(json.loads(render_json([sample.report()], as_list=True))) == 1


def test_chinese_stays_readable_and_the_text_repeats() -> None:
    text = render_json([sample.report()], as_list=False)
    assert "青禾县医疗保障局" in text
    assert text == render_json([sample.report()], as_list=False)


def test_broken_file_name_can_be_written() -> None:
    text = render_json([replace(sample.report(), path="坏\udcff.txt")], as_list=False)
    assert json.loads(text.encode("utf-8"))["document"]["path"] == "坏?.txt"
