"""The explanation of a kind, for a clerk."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from yibao.proofread.kinds import load_groups, load_kinds
from yibao.proofread.report import explain_kind, list_kinds


@pytest.mark.parametrize("kind", load_kinds())
def test_explanation_has_all_parts_and_fits(kind: str) -> None:
    text = explain_kind(kind)
    assert [label for label in ("说明", "例", "计算", "结论", "依据") if f"\n{label}" not in text] == []
    assert max(cell_len(line) for line in text.splitlines()) <= 80


def test_explanation_of_a_share() -> None:
    text = explain_kind("percent_of")
    assert text.startswith("占比（percent_of）")
    assert "41.31 ÷ 275.40 = 15.00%。" in text
    assert "一致（consistent）" in text


def test_list_names_every_kind_under_its_group() -> None:
    text = list_kinds()
    assert all(kind in text and load_kinds()[kind].name in text for kind in load_kinds())
    assert all(f"【{title}】" in text for title in load_groups().values())
