"""Texts as files: the head, and what a text promises to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.small import VOCABULARY
from yibao.errors import UserError
from yibao.store.sql.text import load_text

GOOD = """-- name: early_lines
-- purpose: 某日之前的明细
-- takes: before date, least number
-- writes: lines
-- 金额不限
SELECT visit_no, line_no, day, item, note, amount, quantity
FROM lines
WHERE day < $before AND amount >= $least
"""


def _file(folder: Path, content: str) -> Path:
    path = folder / "early.sql"
    path.write_text(content, encoding="utf-8")
    return path


def test_a_text_knows_what_it_takes_and_writes(tmp_path: Path) -> None:
    text = load_text(_file(tmp_path, GOOD))
    assert (text.name, text.writes, dict(text.takes)) == ("early_lines", "lines", {"before": "date", "least": "number"})
    assert text.checked(VOCABULARY).tables == {"lines"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("-- purpose: 某日之前的明细\n", "", "缺少“-- purpose: …”一行"),
        ("before date", "before day", "参数“before day”应写成"),
        ("writes: lines", "writes: line", "要写的表 line 没有声明"),
        (", quantity", "", "缺少表 lines 的列 quantity"),
        ("quantity\nFROM", "quantity, item AS code\nFROM", "给出的列 code 不在表 lines 里"),
        ("amount, quantity", "amount, item AS quantity", "列 quantity 是文字，表 lines 里是整数"),
        ("amount >=", "amont >=", "“early.sql”第 8 行第 25 列：没有“amont”这一列"),
        ("-- name: early_lines\n", "-- name: a\n-- name: b\n", "第 2 行：name 写了两次"),
    ],
)
def test_a_broken_promise_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(UserError) as error:
        load_text(_file(tmp_path, GOOD.replace(old, new))).checked(VOCABULARY)
    assert said in error.value.sentence
