"""Every kind of check that a report can name is explained, with an example a clerk can follow."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from yibao.proofread.findings import Verdict
from yibao.proofread.kinds import find_kind, kind_name, load_groups, load_kinds

SOURCE = Path(__file__).parents[2] / "src" / "yibao"


@pytest.mark.parametrize("kind", load_kinds())
def test_kind_has_all_parts(kind: str) -> None:
    entry = load_kinds()[kind]
    assert re.search(r"[一-鿿]", entry.name)
    assert entry.group in load_groups()
    assert len(entry.what) > 20, "one paragraph, not a word"
    assert entry.what.endswith("。")
    assert entry.example.text
    assert entry.example.computation
    assert entry.example.verdict in Verdict
    assert entry.basis


def test_kind_says_when_it_is_an_error_or_a_warning() -> None:
    loudness = re.compile("错误|提醒|提示|无法核对|不作判断")
    assert [i for i, kind in load_kinds().items() if not loudness.search(kind.what)] == []


def test_names_are_unique() -> None:
    names = [kind.name for kind in load_kinds().values()]
    assert len(set(names)) == len(names)


def test_every_group_is_used() -> None:
    assert {kind.group for kind in load_kinds().values()} == set(load_groups())


def test_every_kind_named_in_the_code_is_explained() -> None:
    named = {
        kind
        for file in (SOURCE / "proofread").rglob("*.py")
        for kind in re.findall(
            r"""(?:\bkind=|\bCheck\(\s*|\bNotRun\(\s*)["']([a-z_=]+)["']""", file.read_text(encoding="utf-8")
        )
    }
    assert named - set(load_kinds()) == set()


@pytest.mark.parametrize(
    ("typed", "kind"), [("sum", "sum"), (" SUM ", "sum"), ("占比", "percent_of"), ("没有这种", None)]
)
def test_find_kind(typed: str, kind: str | None) -> None:
    assert find_kind(typed) == kind


def test_unexplained_kind_is_named_by_its_id() -> None:
    assert kind_name("brand_new") == "brand_new"
