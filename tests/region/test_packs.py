"""Packs: dated, sourced, layered; a mistake is shown with file and line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from yibao.errors import UserError
from yibao.region.packs import Pack, load_packs, region, region_of, shipped_packs

Writer = Callable[..., Path]
ON = date(2025, 12, 31)
SOURCED = "source: 测试文件, grade: proposal, status: example"


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Writes packs: write("xx", parent=None, file="parameters: …")."""

    def writer(code: str, *, parent: str | None = None, places: str = "[]", file: str = "", manifest: str = "") -> Path:
        folder = tmp_path / code
        folder.mkdir()
        text = manifest or f"code: {code}\nname: 测试{code}\nstatus: example\nplaces: {places}\n"
        (folder / "pack.yaml").write_text(text + (f"parent: {parent}\n" if parent else ""), encoding="utf-8")
        (folder / "rules.yaml").write_text(file, encoding="utf-8")
        return tmp_path

    return writer


def parameter(*values: str, key: str = "a.b") -> str:
    lines = "".join(f"      - {{{value}, {SOURCED}}}\n" for value in values)
    return f"parameters:\n  - key: {key}\n    label: 测试\n    values:\n{lines}"


def only(root: Path, code: str = "xx") -> Pack:
    return load_packs(root)[code]


def test_value_of_the_day(write: Writer) -> None:
    root = write("xx", file=parameter("from: 2020-01-01, to: 2023-12-31, value: 1", "from: 2024-01-01, value: 2"))
    pack = only(root)
    assert pack.value("a.b", on=date(2023, 12, 31)) == 1
    assert pack.value("a.b", on=date(2024, 1, 1)) == 2


def test_value_comes_with_its_source(write: Writer) -> None:
    found = only(write("xx", file=parameter("from: 2020-01-01, value: 0.05, clause: 第三条"))).parameter("a.b", on=ON)
    assert found.value == Decimal("0.05")
    assert found.cited == "测试文件第三条"
    assert (found.grade, found.status) == ("proposal", "example")


def test_numbers_are_decimals_never_floats(write: Writer) -> None:
    pack = only(write("xx", file=parameter("from: 2020-01-01, value: [0.1, 1, {x: 2.5}]")))
    assert pack.value("a.b", on=ON) == [Decimal("0.1"), 1, {"x": Decimal("2.5")}]


def test_the_nearest_jurisdiction_decides(write: Writer) -> None:
    write("xx", file=parameter("from: 2020-01-01, value: 1"))
    root = write("xx-43", parent="xx", file=parameter("from: 2022-01-01, to: 2023-12-31, value: 2"))
    pack = only(root, "xx-43")
    assert [pack.value("a.b", on=date(year, 6, 1)) for year in (2021, 2022, 2024)] == [1, 2, 1]
    assert [p.code for p in pack.chain()] == ["xx-43", "xx"]


def test_a_later_notice_reaches_back_once_it_is_known(write: Writer) -> None:
    root = write(
        "xx", file=parameter("from: 2024-01-01, value: 1", "from: 2024-01-01, known_from: 2024-09-01, value: 2")
    )
    pack = only(root)
    assert pack.value("a.b", on=ON, known_at=date(2024, 6, 1)) == 1
    assert pack.value("a.b", on=ON, known_at=date(2024, 10, 1)) == 2
    assert pack.value("a.b", on=ON) == 2


def test_missing_parameter_names_the_key(write: Writer) -> None:
    pack = only(write("xx", file=parameter("from: 2020-01-01, value: 1")))
    with pytest.raises(UserError, match=r"2025-12-31 有效的参数 c\.d"):
        pack.value("c.d", on=ON)
    with pytest.raises(UserError, match=r"2019-12-31 有效的参数 a\.b"):
        pack.value("a.b", on=date(2019, 12, 31))


def test_a_word_where_a_number_belongs(write: Writer) -> None:
    pack = only(write("xx", file=parameter("from: 2020-01-01, value: 很多")))
    with pytest.raises(UserError, match="应是一个数"):
        pack.number("a.b", on=ON)


RULE = "id: one, from: 2020-01-01"


@pytest.mark.parametrize(
    ("file", "line", "said"),
    [
        (parameter("from: 2020-01-01, to: 2024-12-31, value: 1", "from: 2024-06-01, value: 2"), 2, "2024-06-01 有两个值"),
        (parameter("from: 2020-01-01, to: 2021-12-31, value: 1", "from: 2023-01-01, value: 2"), 2, "2022-01-01 至 2022-12-31 没有值"),
        (parameter("from: 2020-01-01"), 5, "“value”没有填写"),
        (parameter("from: 2020-13-01, value: 1"), 5, "不是日期"),
        (parameter("from: 去年, value: 1"), 5, "“from”不是日期"),
        (parameter("from: 2020-01-01, to: 2019-01-01, value: 1"), 5, "起止日期颠倒"),
        (parameter("from: 2020-01-01, value: 1, vlaue: 2"), 5, "“vlaue”不认识"),
        (parameter("from: 2020-01-01, value: 1, value: 2"), 5, "“value”写了两次"),
        (parameter("from: 2020-01-01, value: 1") + parameter("from: 2020-01-01, value: 1")[len("parameters:\n") :], 6, "已经写过"),
        ("parameters:\n  - key: a\n    vals: []\n", 2, "要有 key、label、values"),
        ("parameters:\n  - {key: a\n", 3, "写法有误"),
        (f"formulas:\n  - {{{RULE}, grade: official, status: verified}}\n", 2, "“source”没有填写"),
        (f"formulas:\n  - {{{RULE}, source: '', grade: official, status: verified}}\n", 2, "“source”不能是空的"),
        (f"formulas:\n  - {{{RULE}, source: 甲, grade: sure, status: verified}}\n", 2, "“grade”不在允许的取值之内"),
        (f"formulas:\n  - {{{RULE}, {SOURCED}}}\n  - {{{RULE}, {SOURCED}}}\n", 2, "有两条同名规则"),
    ],
)  # fmt: skip
def test_a_mistake_is_shown_with_file_and_line(write: Writer, file: str, line: int, said: str) -> None:
    root = write("xx", file=file)
    with pytest.raises(UserError) as caught:
        load_packs(root)
    assert said in caught.value.sentence
    assert f"第 {line} 行" in caught.value.sentence
    assert str(root / "xx" / "rules.yaml") in caught.value.sentence


@pytest.mark.parametrize("file", ["- 1\n", "42\n", "parameters: 3\n", "formulae: []\n", "parameters: [3]\n"])
def test_a_file_of_another_shape_is_refused(write: Writer, file: str) -> None:
    with pytest.raises(UserError, match=r"rules\.yaml"):
        load_packs(write("xx", file=file))


def test_an_empty_file_is_no_mistake(write: Writer) -> None:
    assert only(write("xx", file="# 待补\n")).parameters == {}


def test_a_file_in_another_encoding_is_refused(write: Writer) -> None:
    root = write("xx")
    (root / "xx" / "rules.yaml").write_bytes("parameters: [] # 参数".encode("gbk"))
    with pytest.raises(UserError, match="UTF-8"):
        load_packs(root)


def test_a_parent_without_a_pack_is_refused(write: Writer) -> None:
    with pytest.raises(UserError, match="上级 zz 没有地区包"):
        load_packs(write("xx", parent="zz"))


def test_a_circle_of_parents_is_refused(write: Writer) -> None:
    write("xx", parent="yy")
    with pytest.raises(UserError, match="绕了一圈"):
        load_packs(write("yy", parent="xx"))


@pytest.mark.parametrize(
    ("manifest", "said"), [("name: 甲\nstatus: example\n", "“code”没有填写"), ("# 空\n", "是空的")]
)
def test_a_bad_manifest_is_refused(write: Writer, manifest: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        load_packs(write("xx", manifest=manifest))


def test_a_rule_hides_its_namesake_above(write: Writer) -> None:
    rules = f"formulas:\n  - {{{RULE}, x: 1, {SOURCED}}}\n  - {{id: two, from: 2020-01-01, x: 2, {SOURCED}}}\n"
    write("xx", file=rules)
    root = write("xx-43", parent="xx", file=f"formulas:\n  - {{id: one, from: 2022-01-01, x: 3, {SOURCED}}}\n")
    pack = only(root, "xx-43")
    assert [(r.id, r.body["x"], r.pack) for r in pack.rules("formulas", on=ON)] == [
        ("one", 3, "xx-43"),
        ("two", 2, "xx"),
    ]
    assert [(r.id, r.body["x"]) for r in pack.rules("formulas", on=date(2021, 1, 1))] == [("one", 1), ("two", 2)]
    assert pack.rules("scoring", on=ON) == ()


# ---- the packs that ship -----------------------------------------------------------------------------------------


def test_shipped_packs_hang_together() -> None:
    packs = shipped_packs()
    assert set(packs) == {"cn", "cn-43", "cn-4306", "cn-4309", "cn-9904"}
    assert [p.code for p in packs["cn-4306"].chain()] == ["cn-4306", "cn-43", "cn"]


def test_the_region_that_does_not_exist_has_examples_only() -> None:
    pack = region("cn-990421")
    assert pack.code == "cn-9904"
    assert {value.status for values in pack.parameters.values() for value in values} == {"example"}


def test_unverified_numbers_ship_as_examples_only() -> None:
    for pack in shipped_packs().values():
        dated = [value for values in pack.parameters.values() for value in values] + list(pack.own_rules)
        assert [d.source for d in dated if d.grade == "unverified" and d.status != "example"] == []


@pytest.mark.parametrize(
    "key",
    [
        "proofread.approx_tolerance",
        "proofread.over_target_flag",
        "proofread.slight_change.limit",
        "proofread.level.limit",
        "proofread.execution.unexplained_low",
        "proofread.execution.unexplained_high",
        "proofread.unit_jump",
        "proofread.money_sum_cap",
        "appraisal.total_weight",
        "deadlines.publication_days",
    ],
)
@pytest.mark.parametrize("year", [2019, 2025])
def test_the_proofreaders_numbers_are_there(key: str, year: int) -> None:
    assert region("cn-43").number(key, on=date(year, 12, 31)) > 0


def test_the_proofreaders_words_are_there() -> None:
    assert "略微" in region().words("proofread.slight_change.words", on=ON)
    assert "持平" in region().words("proofread.level.words", on=ON)


def test_reserve_months_name_their_basis() -> None:
    thresholds = region().value("fund.reserve_months.employee", on=ON)
    assert thresholds["basis"] == "统筹"
    assert thresholds["red_below"] < thresholds["amber_below"] < thresholds["normal_to"]


@pytest.mark.parametrize(
    ("code", "name"),
    [("cn", "国家"), ("CN-43", "湖南省"), ("cn-4301", "湖南省"), ("cn-430682", "岳阳市"), ("cn-11", "国家")],
)
def test_region_falls_back_to_the_jurisdiction_above(code: str, name: str) -> None:
    assert region(code).name == name


def test_unknown_country() -> None:
    with pytest.raises(UserError, match="没有代码为 zz-11 的地区包"):
        region("zz-11")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("临湘市医疗保障局", "cn-4306"),
        ("岳阳市屈原管理区医疗保障局", "cn-4306"),
        ("湖南省益阳市南县医疗保障局", "cn-4309"),
        ("南县医疗保障局", "cn-4309"),
        ("湖南省祁阳市医疗保障局", "cn-43"),
        ("阜南县医疗保障局", "cn"),
        ("吴川市医疗保障局", "cn"),
        ("", "cn"),
    ],
)
def test_region_of_a_bureau(name: str, code: str) -> None:
    assert region_of(name).code == code
