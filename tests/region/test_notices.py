"""Notices: one document sets several parameters, and what follows when another comes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from yibao.errors import UserError
from yibao.region.packs import Pack, load_packs

KEY = "resident.inpatient.deductible"


def notice(said: str, *sets: str, source: str = "测试〔2024〕1号") -> str:
    lines = "".join(f"      - {{{item}}}\n" for item in sets or (f"key: {KEY}, value: 100",))
    head = "".join(f"    {item}\n" for item in (*said.split("; "), "grade: proposal", "status: example"))
    return f"  - source: {source}\n{head}    sets:\n{lines}"


def pack(folder: Path, *notices: str, parameters: str = "") -> Pack:
    (folder / "xx").mkdir(exist_ok=True)
    (folder / "xx" / "pack.yaml").write_text("code: xx\nname: 测试\nstatus: example\n", encoding="utf-8")
    (folder / "xx" / "rules.yaml").write_text(parameters + "notices:\n" + "".join(notices), encoding="utf-8")
    return load_packs(folder)["xx"]


def test_one_document_sets_several_parameters(tmp_path: Path) -> None:
    found = pack(
        tmp_path,
        notice(
            "from: 2025-01-01; reason: 调整",
            f"key: {KEY}, value: 100, clause: 第一条",
            "key: resident.rounding, value: down, clause: 第二条, reason: 取整",
        ),
    )
    one, two = (found.parameter(key, on=date(2025, 1, 1)) for key in (KEY, "resident.rounding"))
    assert (one.cited, one.reason, one.line) == ("测试〔2024〕1号第一条", "调整", 8)
    assert (two.cited, two.reason, two.line) == ("测试〔2024〕1号第二条", "取整", 9)


def test_a_later_notice_ends_an_earlier_value(tmp_path: Path) -> None:
    found = pack(
        tmp_path, notice("from: 2024-01-01"), notice("from: 2025-01-01", f"key: {KEY}, value: 200", source="二号")
    )
    assert [found.value(KEY, on=date(year, 6, 1)) for year in (2024, 2025)] == [100, 200]


def test_a_late_notice_was_not_known_before(tmp_path: Path) -> None:
    found = pack(
        tmp_path,
        notice("from: 2025-01-01"),
        notice("from: 2025-01-01; known_from: 2025-06-20", f"key: {KEY}, value: 200"),
    )
    on = date(2025, 3, 1)
    assert [found.value(KEY, on=on, known_at=known) for known in (date(2025, 6, 19), date(2025, 6, 20), None)] == [
        100,
        200,
        200,
    ]


def test_a_notice_published_ahead(tmp_path: Path) -> None:
    found = pack(
        tmp_path,
        notice("from: 2024-01-01"),
        notice("from: 2025-01-01; known_from: 2024-11-05", f"key: {KEY}, value: 200"),
    )
    assert [
        found.value(KEY, on=date(2025, 3, 1), known_at=known) for known in (date(2024, 11, 4), date(2024, 11, 5))
    ] == [100, 200]
    assert found.value(KEY, on=date(2024, 12, 31)) == 100


def test_a_temporary_value_and_its_successor(tmp_path: Path) -> None:
    found = pack(
        tmp_path,
        notice("from: 2020-01-01"),
        notice("from: 2020-02-01; to: 2020-12-31", f"key: {KEY}, value: 0", source="临时"),
        notice("from: 2021-01-01", f"key: {KEY}, value: 100", source="恢复"),
    )
    assert [found.value(KEY, on=day) for day in (date(2020, 1, 31), date(2020, 12, 31), date(2021, 1, 1))] == [
        100,
        0,
        100,
    ]


def test_a_notice_follows_what_parameters_say(tmp_path: Path) -> None:
    old = f"parameters:\n  - key: {KEY}\n    label: 起付线\n    values: [{{from: 2020-01-01, value: 50, source: 甲, grade: proposal, status: example}}]\n"
    found = pack(tmp_path, notice("from: 2025-01-01"), parameters=old)
    assert [found.value(KEY, on=date(year, 6, 1)) for year in (2024, 2025)] == [50, 100]


@pytest.mark.parametrize(
    ("notices", "line", "said"),
    [
        ([notice("from: 2020-02-01; to: 2020-12-31")], 8, "从 2021-01-01 起没有接续的值"),
        ([notice("from: 2020-01-01"), notice("from: 2020-02-01; to: 2020-12-31")], 14, "从 2021-01-01 起没有接续的值"),
        ([notice("from: 2025-01-01"), notice("from: 2025-01-01", f"key: {KEY}, value: 200")], 13, "在 2025-01-01 有两个同时生效的值"),
        ([notice("from: 2025-01-01; known_from: 2024-12-01"), notice("from: 2025-07-01; known_from: 2024-12-01")], 15, "在 2025-07-01 有两个同时生效的值"),
        ([notice("from: 2025-01-01", f"key: {KEY}, value: 1", f"key: {KEY}, value: 2")], 8, "有两个同时生效的值"),
        ([notice("from: 2025-01-01", f"key: {KEY}, valeu: 1")], 7, "有“valeu”"),
        ([notice("from: 2025-01-01", f"key: {KEY}")], 7, "没有写 value"),
        ([notice("from: 2025-01-01; until: 2026-01-01")], 2, "有“until”"),
        ([notice("to: 2025-01-01")], 7, "“from”没有填写"),
        (["  - source: 甲\n    sets: []\n"], 2, "要有 sets"),
        ([notice("from: 2025-01-01", f"key: {KEY}, value: -5")], 7, "金额 -5 不能是负数"),
        ([notice("from: 2025-01-01", "key: resident.inpatient.rat, value: 1")], 7, "是不是“rate”"),
        ([notice("from: 2025-01-01", "key: resident.inpatient.rate, value: {levle3: 1}")], 7, "是不是“level3”"),
        ([notice("from: 2025-01-01", "key: resident.inpatient.rate, value: {level3: 1, retired: 0}")], 7, "分不出先后"),
        ([notice("from: 2025-01-01", "key: resident.inpatient.rate, value: {穷人: 1}")], 7, "不认识“穷人”"),
        ([notice("from: 2025-01-01", "key: identity.groups, value: {特困: [dibao]}")], 7, "已经是条件词"),
        ([notice("from: 2025-01-01", "key: identity.order, value: [dibaohu]")], 7, "没有“dibaohu”这种身份"),
    ],
)  # fmt: skip
def test_a_mistake_is_shown_with_file_and_line(tmp_path: Path, notices: list[str], line: int, said: str) -> None:
    with pytest.raises(UserError) as caught:
        pack(tmp_path, *notices)
    assert said in caught.value.sentence
    assert f"第 {line} 行" in caught.value.sentence
    assert str(tmp_path / "xx" / "rules.yaml") in caught.value.sentence
