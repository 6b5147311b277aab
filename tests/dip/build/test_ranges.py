"""综合 of the 1.0 era: ranges of categories, surgery by level; built, written, and grouped again into the same groups (guide §4.4, §6.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.dip.build.making import KINDS, built, by_code, known, stay, terms
from tests.dip.making import case, made, row
from yibao.dip.build.run import Built, Wanted, build_year
from yibao.dip.build.same import sign
from yibao.dip.build.stays import Known
from yibao.dip.build.terms import Asked, terms_of
from yibao.dip.choose import Choice
from yibao.dip.expressions import Range
from yibao.dip.grouping.group import Grouper
from yibao.dip.grouping.run import group_year
from yibao.dip.pack import Exclusion
from yibao.dip.packing import load_pack
from yibao.errors import UserError
from yibao.region.packs import region
from yibao.store.workspace import Workspace

RANGES = (Range("A00", "C50"), Range("K00", "K93"))
LEVELLED = {**KINDS, "47.0100": (3, 1), "54.5101": (3, 2), "51.2300": (3, 3), "33.5100": (3, 4)}


def by(**more: object) -> Known:
    return replace(known("1.0"), kinds=LEVELLED, **more)  # type: ignore[arg-type]


def cells(rows: list[dict[str, object]], given: Known | None = None) -> dict[str, int]:
    made_ = built(rows, given or by(), threshold=99, cell_ranges=RANGES)
    return {code: one.measure.stays for code, one in by_code(made_).items()}


def test_surgery_by_level_and_the_other_kinds_as_they_are() -> None:
    rows = [
        stay(main=code) for code in ("47.0100", "54.5101", "51.2300", "33.5100", "96.0400", "33.2402", "99.9900", "")
    ]
    assert cells(rows) == {
        "K00-K93-ZH3.1": 1, "K00-K93-ZH3.2": 1, "K00-K93-ZH3.3": 2, "K00-K93-ZH2": 1, "K00-K93-ZH1": 1, "K00-K93-ZH0": 2,
    }  # fmt: skip


def test_the_highest_level_of_the_record_counts() -> None:
    assert cells([stay(main="47.0100", related="33.5100 96.0400")]) == {"K00-K93-ZH3.3": 1}


def test_a_range_spans_letters() -> None:
    rows = [stay(dx) for dx in ("A00.000", "B99.x00", "C50.900", "M47.000+G99.2*", "C51.900")]
    made_ = built(rows, by(), threshold=99, cell_ranges=RANGES)
    assert {code: one.measure.stays for code, one in by_code(made_).items()} == {"A00-C50-ZH0": 3}
    assert [(one.cell.key, one.why) for one in made_.dropped] == [
        ("C51", "不在综合病种的任何一个诊断范围里"), ("M47", "不在综合病种的任何一个诊断范围里"),
    ]  # fmt: skip


def test_an_operation_that_is_excluded_from_grouping_is_no_surgery() -> None:
    excluded = by(excluded_operations={"51.2300": Exclusion("conservative")})
    assert cells([stay(main="51.2300"), stay(main="51.2300", related="47.0100")], excluded) == {"K00-K93-ZH0": 1, "K00-K93-ZH3.1": 1}  # fmt: skip


def test_without_levels_of_surgery_the_list_is_named() -> None:
    with pytest.raises(
        UserError, match=r"手术操作分类（--kinds）里有 3 个手术没有写手术级别，如 47\.0100、51\.2300、54\.5101，请补上"
    ):
        cells([stay()], replace(by(), kinds=KINDS))
    one = replace(by(), kinds={**LEVELLED, "54.5101": (3, 0)})
    with pytest.raises(UserError, match=r"有 1 个手术没有写手术级别，如 54\.5101，请补上"):
        cells([stay(main="54.5101")], one)
    assert cells([stay(main="51.2300", related="54.5101")], one) == {"K00-K93-ZH3.3": 1}


CASES = [
    *[("K35.300", "47.0100", "H2", 6000 + 100 * i) for i in range(6)],
    ("K80.100", "51.2300", "H2", 8000), ("K81.000", "47.0100", "H2", 7000), ("K81.000", "33.5100 54.5101", "H3", 20_000),
    ("K29.500", "", "H1", 900), ("A09.900", "", "H1", 800), ("C50.900", "96.0400", "H2", 3000), ("J18.900", "33.2402", "H2", 2500), ("Z51.100", "", "H2", 700),
]  # fmt: skip
LIST = "编码\t治疗方式\t手术级别\n47.0100\t相关手术\t一级\n54.5101\t相关手术\t二级\n51.2300\t相关手术\t三级\n33.5100\t相关手术\t四级\n96.0400\t治疗性操作\t\n33.2402\t诊断性操作\t\n"
OWN = """parameters:
  - key: dip.build.cells_by
    label: 综合病种按诊断范围
    values: [{from: 2019-01-01, value: [A00-C50, J00-K93], source: 县医保办〔2018〕1号（虚构）, grade: proposal, status: example}]
"""


def county(folder: Path, kinds: Path, out: Path, listed: str = LIST) -> Built:
    own = folder / "地区包" / "cn-990421"
    own.mkdir(parents=True, exist_ok=True)
    (own / "pack.yaml").write_text("{code: cn-990421, name: 示例县, parent: cn-9904, status: example, places: [示例县]}\n", encoding="utf-8")  # fmt: skip
    (own / "dip.yaml").write_text(OWN, encoding="utf-8")
    kinds.write_text(listed, encoding="utf-8")
    with Workspace.open(folder) as workspace:
        return build_year(workspace, Wanted(2025, out, Asked(edition="1.0", threshold=18), files={"kinds": kinds}))


def test_a_built_pack_groups_its_own_stays_again(make: Callable[..., Path], tmp_path: Path) -> None:
    folder, out = make(cases=CASES), tmp_path / "pack"
    built_ = county(folder, tmp_path / "kinds.tsv", out)
    counted = {one.code: one.measure.stays for one in built_.catalogue.rows}
    assert counted == {
        "K35.3-47.0100": 18, "A00-C50-ZH0": 3, "A00-C50-ZH2": 3, "J00-K93-ZH0": 3, "J00-K93-ZH1": 3, "J00-K93-ZH3.1": 3, "J00-K93-ZH3.3": 6,
    }  # fmt: skip
    assert [(one.cell.key, one.measure.stays) for one in built_.catalogue.dropped] == [("Z51", 3)]
    assert (built_.listings[-1].name, built_.listings[-1].rows) == ("复核", [])
    pack = load_pack(out)
    assert {row.group: (row.kind, row.level) for row in pack.rows if row.layer == "comprehensive"}["J00-K93-ZH3.3"] == ("surgery", 3)  # fmt: skip
    assert {row.name for row in pack.rows} >= {"J00-K93综合病种（三、四级手术）", "A00-C50综合病种（治疗性操作）"}
    with Workspace.open(folder) as workspace:
        group_year(workspace, Choice((Grouper(pack),), "cn-990421"), 2025)
        sql = "SELECT g.dip_group_code AS code, COUNT(*) AS n FROM dip_groupings AS g GROUP BY g.dip_group_code"
        found = {line["code"]: line["n"] for line in workspace.query(sql).read_all().to_pylist()}
    assert found == {**{code: number // 3 for code, number in counted.items()}, None: 1}


def test_a_build_without_levels_is_refused_and_nothing_is_written(make: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(UserError, match="没有写手术级别"):
        county(make(cases=CASES), tmp_path / "kinds.tsv", tmp_path / "pack", LIST.replace("二级", "").replace("三级", "").replace("四级", "").replace("一级", ""))  # fmt: skip
    assert not (tmp_path / "pack").exists()


def test_rows_of_two_levels_are_two_groups_to_a_comparison(tmp_path: Path) -> None:
    rows = [row(f"Q{level}", "comprehensive", "K00-K93", kind="surgery", level=str(level)) for level in (2, 3)]
    pack = made(tmp_path, "1.0", rows, kinds="code\tkind\tlevel\n47.0100\tsurgery\t3\n")
    assert len({sign(one) for one in pack.rows}) == 2
    assert Grouper(pack).group(case("K35.300", "47.0100")).group == "Q3"


def having(value: object) -> None:
    place = region("cn-9904")
    said = region("cn").parameters["dip.build.cells_by"][0].model_copy(update={"value": value})
    terms_of(replace(place, parameters={**place.parameters, "dip.build.cells_by": (said,)}), 2025, Asked())


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (["A00-C50", "C50-D48"], "诊断范围 A00-C50 和 C50-D48 重叠"),
        (["C50-A00"], "前大后小"),
        (["K35"], "应是 category，或诊断范围"),
        (["chapter I"], "不是诊断编码"),
        ("chapters", "应是 category，或诊断范围"),
        ([], "应是 category，或诊断范围"),
    ],
)
def test_ranges_written_wrongly_are_told(value: object, said: str) -> None:
    with pytest.raises(UserError, match=said):
        having(value)


def test_the_draft_goes_by_category() -> None:
    assert terms().cell_ranges == ()
    assert terms(threshold=None, coverage=Decimal(1)).cell_ranges == ()
    assert set(by_code(built([stay(main="47.0100")], by(), threshold=99))) == {"K35-ZH3"}
