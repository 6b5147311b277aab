"""What eight cities do differently (guide dip §6, §8.2), each declared in settings over the same engine; the catalogues are invented.

A city's workbook is imported as it would come: one sheet of groups, one of operations with kind and level, settings beside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path

import pyarrow as pa
import pytest
from openpyxl import Workbook

from tests.dip.making import case, group
from yibao.dip.codes import Side
from yibao.dip.grouping.bulk import STAYS, BulkGrouper
from yibao.dip.grouping.group import Grouper
from yibao.dip.importing.catalogue import import_pack
from yibao.dip.importing.rows import Wanted
from yibao.dip.packing import load_pack
from yibao.errors import UserError

HEADINGS = ("病种编码", "病种类型", "主要诊断编码", "手术操作编码", "治疗方式", "手术级别", "分值", "次均费用")
#: operation, kind of treatment, level
OPERATIONS = (
    ("47.0100", "相关手术", 3),
    ("47.0901", "相关手术", 2),
    ("54.5101", "相关手术", 3),
    ("51.2300", "相关手术", 3),
    ("36.0700", "介入治疗", 4),
    ("96.0400", "治疗性操作", None),
    ("51.1000", "诊断性操作", None),
    ("45.2302", "诊断性操作", None),
    ("89.5200", "保守治疗", 1),
    ("89.5400", "保守治疗", 3),
)
CATALOGUE = (
    ("A1", "核心", "K35.3", "47.0100", "", "", 900, 9000),
    ("A2", "核心", "K35.3", "54.5101", "", "", 1100, 11000),
    ("A3", "核心", "K35.3", "47.0100+54.5101", "", "", 1000, 10000),
    ("A4", "核心", "K35.3", "", "", "", 300, 3000),
    ("A5", "核心", "K80.1", "96.0400", "", "", 500, 5000),
    ("A6", "核心", "K80.1", "", "", "", 310, 3100),
    ("J1", "基层", "K80.1", "51.2300", "", "", 400, 4000),
    ("Z1", "综合", "K35", "", "相关手术", "", 800, 8000),
    ("Z2", "综合", "K80", "", "治疗性操作", "", 450, 4500),
    ("Z3", "综合", "K35", "", "诊断性操作", "", 350, 3500),
    ("Z4", "综合", "K35", "", "保守治疗", "", 250, 2500),
    ("Z5", "综合", "I25", "", "相关手术", "", 2000, 20000),
    ("Z6", "综合", "I25", "", "治疗性操作", "", 1500, 15000),
)

City = Callable[..., Grouper]


@pytest.fixture
def city(tmp_path: Path) -> City:
    def build(
        settings: str = "", rows: Sequence[Sequence[object]] = CATALOGUE, edition: str = "2.0", **maps: str
    ) -> Grouper:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        catalogue = _written(folder / "示例市目录.xlsx", HEADINGS, rows)
        kinds = _written(folder / "手术操作分类.xlsx", ("手术操作编码", "操作类型", "手术级别"), OPERATIONS)
        (folder / "设置.yaml").write_text(settings, encoding="utf-8")
        sides: list[tuple[Side, str, Path]] = []
        for name, text in maps.items():
            (folder / name).write_text(text, encoding="utf-8")
            sides.append(("diagnosis" if name == "diagnoses" else "operation", "医保版2.0", folder / name))
        wanted = Wanted(catalogue, edition, {"kinds": kinds}, tuple(sides), folder / "设置.yaml")
        done = import_pack(wanted, folder / "pack")
        assert not done.faults
        return Grouper(load_pack(folder / "pack"))

    return build


def _written(path: Path, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(headings)
    for row in rows:
        sheet.append([value if value != "" else None for value in row])
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("said", "cost", "expected"),
    [
        (("K35.300", "47.0100"), None, "A1"),
        (("K35.300", "47.0100", "54.5101"), None, "A3"),  # the full match
        (("K35.300", "54.5101", "47.0100 45.2302"), None, "A3"),  # most codes
        (("K35.300", ""), None, "A4"),
        (("K35.300", "89.5400"), None, "A4"),  # conservative operations count as none
        (("K35.300", "45.2302"), None, "Z3"),  # 综合 with an operation before core without
        (("K80.100", "51.2300", "96.0400"), None, "J1"),  # 基层 with surgery before core with therapy
        (("K80.100", "96.0400"), None, "A5"),
        (("K80.100", "45.1300"), None, "A6"),  # nobody has classed it: counts as conservative
        (("K36.x00", "47.0100"), None, None),
        (("I25.103", "36.0700"), None, "Z5"),
        (("K35.900", "47.0901"), None, "Z1"),
    ],
)
def test_the_base_of_eight_cities(city: City, said: tuple[str, ...], cost: object, expected: str | None) -> None:
    assert group(city(), *said, cost=cost) == expected


def test_in_the_base_costs_decide_between_equals(city: City) -> None:
    rows = [*CATALOGUE[:2], ("A7", "核心", "K35.3", "47.0100/54.5101", "", "", 700, 7000)]
    base = city("separators: {either: /}", rows)
    assert [group(base, "K35.300", "47.0100", cost=cost) for cost in (6000, 8600)] == ["A7", "A1"]
    assert group(base, "K35.300", "47.0100") == "A1"  # without a cost by the table
    assert "TIE_TABLE_ORDER" in base.group(case("K35.300", "47.0100")).flags


def test_a_city_that_takes_the_exact_set_then_the_higher_score(city: City) -> None:
    """As in 荆州: no surplus code beats more codes; else the score, not how near the costs are."""
    choose = "{choose: [exact, max_score, table_order]}"
    ours = city(f"layers: {{core: {choose}, primary: {choose}}}")
    base = city()
    assert [group(g, "K35.300", "47.0100", "54.5101", cost=11000) for g in (ours, base)] == ["A3", "A3"]
    assert [group(g, "K35.300", "47.0100", "54.5101 45.2302", cost=9000) for g in (ours, base)] == ["A2", "A3"]
    assert [group(g, "K35.300", "47.0100", cost=1) for g in (ours, base)] == ["A1", "A1"]
    two = [*CATALOGUE[:2], ("A7", "核心", "K35.3", "47.0100|54.5101", "", "", 700, 7000)]
    ours, base = city(f"layers: {{core: {choose}}}", two), city("", two)
    assert [group(g, "K35.300", "47.0100", cost=7000) for g in (ours, base)] == ["A1", "A7"]
    assert [group(g, "K35.300", "47.0100", "54.5101", cost=7000) for g in (ours, base)] == ["A2", "A7"]


PREFIXES = (
    ("A1", "核心", "K35.3", "47.0", "", "", 900, 9000),
    ("A2", "核心", "K35.3", "47.01", "", "", 950, 9500),
    ("A3", "核心", "K35.3", "47.0100", "", "", 700, 7000),
    ("A4", "核心", "K35.3", "54.5+47.0", "", "", 1200, 12000),
    ("B1", "保底", "K", "", "", "", 200, 2000),
    ("B2", "保底", "I00-J99", "", "", "", 210, 2100),
)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("K35.300", "47.0100"), "A3"),  # a full code beats a prefix
        (("K35.300", "47.0901"), "A1"),
        (("K35.300", "47.0100x002"), "A1"),  # two prefixes: the nearer cost, here none is known
        (("K35.300", "47.0901", "54.5101"), "A4"),
        (("K35.300", "54.5101"), "B1"),
        (("K99.900", "47.0100"), "B1"),
        (("J18.900", ""), "B2"),
        (("Z51.800", ""), None),
    ],
)
def test_a_city_whose_short_codes_stand_for_all_that_begin_so(
    city: City, said: tuple[str, ...], expected: str | None
) -> None:
    """As in 襄阳, with a last group by the first letter."""
    settings = "procedure_prefix: true\nlayers: {core: {choose: [matched, full_code, main, kind, tie]}}"
    assert group(city(settings, PREFIXES), *said) == expected


def test_a_city_where_the_higher_score_decides_among_surgery_alone(city: City) -> None:
    """As in 荆门."""
    rows = (
        ("A1", "核心", "K35.3", "47.0", "", "", 900, 9000),
        ("A2", "核心", "K35.3", "47.01", "", "", 950, 9500),
        ("A3", "核心", "K80.1", "96.04", "", "", 600, 6000),
        ("A4", "核心", "K80.1", "96.0", "", "", 500, 5000),
        ("B1", "保底", "K", "", "", "", 200, 2000),
    )
    settings = "procedure_prefix: true\nlayers: {{core: {{choose: [matched, full_code, kind{}, tie]}}}}"
    ours, base = city(settings.format(", surgery_score"), rows), city(settings.format(""), rows)
    assert [group(g, "K35.300", "47.0100", cost=9000) for g in (ours, base)] == ["A2", "A1"]
    assert [group(g, "K35.300", "47.0100", cost=9600) for g in (ours, base)] == ["A2", "A2"]
    assert [group(g, "K80.100", "96.0400", cost=5100) for g in (ours, base)] == ["A4", "A4"]
    assert [group(g, "K80.100", "96.0400", cost=9000) for g in (ours, base)] == ["A3", "A3"]
    assert group(ours, "K36.x00", "51.2300") == "B1"


def test_a_city_where_surgery_that_core_leaves_over_leads(city: City) -> None:
    """As in 宜昌."""
    kinds = ("surgery", "therapeutic", "diagnostic", "conservative")
    order = [f"{layer} {kind}" for kind in kinds for layer in ("core", "primary", "comprehensive")]
    ours = city(f"order: {order}\nconservative_below_level: 3\nsurgery_left_over: comprehensive")
    base = city()
    assert [group(g, "K35.300", "54.5101", "47.0100 51.2300") for g in (ours, base)] == ["Z1", "A3"]
    assert [group(g, "K35.300", "47.0100", "54.5101") for g in (ours, base)] == ["A3", "A3"]
    assert [group(g, "K35.300", "47.0100", "51.2300") for g in (ours, base)] == ["Z1", "A1"]
    assert [group(g, "K35.300", "89.5200") for g in (ours, base)] == ["A4", "A4"]
    # level 3: not a stay without operation, though its kind is conservative
    assert [group(g, "K35.300", "89.5400") for g in (ours, base)] == ["Z4", "A4"]
    assert [group(g, "K35.900", "47.0901") for g in (ours, base)] == ["Z1", "Z1"]


def test_a_city_that_goes_by_layer_first(city: City) -> None:
    """As in 孝感: all core, all 基层, all 综合, then the blank group."""
    rows = (*CATALOGUE, ("KBBZ", "空白病组", "", "", "", "", 100, 1000))
    order = "order: [core, primary, comprehensive, last]"
    ours, base = city(order, rows), city("", rows)
    assert [group(g, "K80.100", "51.2300", "96.0400") for g in (ours, base)] == ["A5", "J1"]
    assert [group(g, "K80.100", "51.2300") for g in (ours, base)] == ["J1", "J1"]
    assert [group(g, "K35.300", "45.2302") for g in (ours, base)] == ["Z3", "Z3"]
    always = city(f"{order}\nlayers: {{core: {{no_operation: always}}}}", rows)
    assert group(always, "K35.300", "45.2302") == "A4"
    assert [group(g, "Z51.800", "45.2302") for g in (ours, base)] == ["KBBZ", "KBBZ"]
    assert [group(g, "I25.103", "45.2302") for g in (ours, base)] == ["KBBZ", "KBBZ"]
    assert ours.group(case("K3", "")).flags == ("UNGROUPED", "UNKNOWN_CODE")  # a code nobody can read: not even there


COMMAS = (
    ("A1", "核心", "K35.3", "47.0100，54.5101", "", "", 1000, 10000),
    ("A2", "核心", "K35.3", "54.5101", "", "", 1100, 11000),
    ("A3", "核心", "K35.3", "47.0100", "", "", 900, 9000),
    ("Q1", "综合", "I00-I99", "", "治疗性操作", "", 1500, 15000),
    ("Q2", "综合", "K00-K93", "", "相关手术", "三级", 1600, 16000),
    ("Q3", "综合", "K00-K93", "", "相关手术", "二级", 1200, 12000),
    ("Q4", "综合", "K00-K93", "", "保守治疗", "", 200, 2000),
    ("KBBZ", "空白病组", "*", "", "", "", 100, 1000),
)
TABLE = """
separators: {both: ","}
kind_of: first
interventional: therapeutic
layers: {core: {choose: [main, matched, tie]}}
"""


@pytest.mark.parametrize(
    ("said", "cost", "expected"),
    [
        (("K35.300", "54.5101", "47.0100"), None, "A1"),  # all of the row's operations
        (("K35.300", "54.5101", "47.0901"), None, "A2"),
        (("K35.300", "47.0100", "51.2300"), None, "A3"),
        (("I25.103", "36.0700"), None, "Q1"),  # 介入 counts as 治疗性操作
        (("K80.100", "51.2300", "96.0400"), None, "Q2"),
        (("K80.100", "47.0901", "51.2300"), None, "Q3"),  # of the first operation
        (("K80.100", "96.0400", "51.2300"), None, "KBBZ"),
        (("K80.100", ""), None, "Q4"),
        (("Z51.800", ""), None, "KBBZ"),
    ],
)
def test_a_city_where_all_operations_of_a_row_and_the_first_of_a_stay_count(
    city: City, said: tuple[str, ...], cost: object, expected: str
) -> None:
    """As in 济宁 and 泰安."""
    assert group(city(TABLE, COMMAS, "1.0"), *said, cost=cost) == expected


def test_ranges_may_end_within_a_category(city: City) -> None:
    rows = (
        ("Q1", "综合", "K35.2-K35.3", "", "相关手术", "", 900, 9000),
        ("Q2", "综合", "K35.0-K38.9", "", "相关手术", "", 800, 8000),
        ("Q3", "综合", "A00-K36", "", "保守治疗", "", 100, 1000),
    )
    ours = city("", rows, "1.0")
    found = [group(ours, code, "47.0100") for code in ("K35.300", "K35.800", "K36.x00", "K38.900", "K39.000")]
    assert found == ["Q1", "Q2", "Q2", "Q2", None]
    assert [group(ours, code) for code in ("K36.x00", "B99.x00", "K37.x00")] == ["Q3", "Q3", None]


def test_a_city_whose_catalogue_speaks_an_older_system(city: City) -> None:
    """As in 济宁: records in 医保版 2.0, the catalogue in 1.0; what the map does not have is not grouped on."""
    diagnoses = "K35.301 K35.300\nK80.100 K80.100\nK81.000 K80.100\nK81.000 K35.300\n"
    operations = "47.0199 47.0100\n54.5101 54.5101\n"
    old = city(TABLE + "code_system: 医保版2.0\n", COMMAS, "1.0", diagnoses=diagnoses, operations=operations)
    assert group(old, "K35.301", "47.0199") == "A3"
    assert group(old, "K35301", "54.5101", "470199") == "A1"  # what a spreadsheet did is undone before the map
    assert old.group(case("K35.300", "47.0199")).flags == ("UNGROUPED", "UNMAPPED_CODE")
    assert old.group(case("K81.000", "47.0199")).flags == ("UNGROUPED", "AMBIGUOUS_CODE")
    assert group(old, "K35.300", "47.0100", code_system="医保版") == "A3"
    with pytest.raises(UserError, match="code_system 是“临床版”，没有这个名称的对照表"):
        city("code_system: 临床版", COMMAS, "1.0")


KINDS = ("surgery", "therapeutic", "diagnostic", "conservative")
DECLARED = (
    ("", CATALOGUE),
    ("layers: {core: {choose: [exact, max_score, table_order]}}", CATALOGUE),
    ("procedure_prefix: true\nlayers: {core: {choose: [matched, full_code, main, kind, tie]}}", PREFIXES),
    ("procedure_prefix: true\nlayers: {core: {choose: [surgery_score, tie]}}", PREFIXES),
    (f"order: {[f'{layer} {kind}' for kind in KINDS for layer in ('core', 'primary', 'comprehensive')]}\nconservative_below_level: 3\nsurgery_left_over: comprehensive", CATALOGUE),
    ("order: [core, primary, comprehensive]\nlayers: {core: {no_operation: always}}", CATALOGUE),
    (TABLE, COMMAS),
)  # fmt: skip


@pytest.mark.parametrize(("settings", "rows"), DECLARED)
def test_columns_and_single_cases_agree_and_order_does_not_matter(
    city: City, settings: str, rows: Sequence[Sequence[object]]
) -> None:
    grouper = city(settings, rows)
    operations = [code for code, _, _ in OPERATIONS] + ["45.1300", "手术", "-"]
    stays = [
        (dx, main, list(related))
        for dx in ("K35.300", "K80.100", "I25.103", "Z51.800", "K35.900")
        for main in ("", *operations)
        for related in ((), *combinations(operations, 1), *list(combinations(operations, 2))[::3])
    ]
    columns = [
        {"principal_dx": dx, "principal_proc": main, "related_procs": related, "other_dx": [], "cost": 900_000}
        for dx, main, related in stays
    ]
    batch = pa.RecordBatch.from_pylist(columns, schema=STAYS)
    for (dx, main, related), row in zip(stays, BulkGrouper(grouper).group(batch).to_pylist(), strict=True):
        found = grouper.group(case(dx, main, " ".join(related), cost=9000))
        assert (row["dip_group_code"], set(row["grouping_flags"].split())) == (found.group, set(found.flags))
        assert group(grouper, dx, main, " ".join(reversed(related)), cost=9000) == found.group


def test_what_a_city_says_of_a_layer_leaves_the_rest_of_it(city: City) -> None:
    settings = city("layers: {core: {choose: [tie]}}").pack.settings
    assert settings.layers["core"].model_dump() == {
        "by": "operations", "main": "free", "no_operation": "conservative", "keys": "specific", "choose": ("tie",),
    }  # fmt: skip
    with pytest.raises(UserError, match="layers 应是"):
        city("layers: 3")
