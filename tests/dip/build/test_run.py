"""A workspace → a pack that groups at once: the same bytes whatever the order of the rows, nothing lost, nothing assumed."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from tests.dip.making import case
from tests.store.parity.conftest import ABSENT
from yibao.dip.build.compare import compare_year
from yibao.dip.build.read import TEXTS
from yibao.dip.build.run import Built, Wanted, build_year
from yibao.dip.build.terms import Asked
from yibao.dip.choose import Choice
from yibao.dip.fees import COMPONENTS, LINES, parts_of
from yibao.dip.grouping.group import Grouper
from yibao.dip.grouping.run import STAYS, group_year
from yibao.dip.packing import load_pack
from yibao.dip.packs import folder_of
from yibao.errors import UserError
from yibao.store.workspace import Workspace


def build(workspace: Workspace, kinds: Path, out: Path | None = None, threshold: int = 6, **more: object) -> Built:
    files = {"kinds": kinds, **more.pop("files", {})}  # type: ignore[dict-item]
    return build_year(workspace, Wanted(2025, out, Asked(threshold=threshold), files=files, **more))  # type: ignore[arg-type]


def test_the_pack_groups_the_year_at_once(workspace: Workspace, kinds: Path, tmp_path: Path) -> None:
    build(workspace, kinds, tmp_path / "pack")
    pack = load_pack(tmp_path / "pack")
    assert {row.group: row.layer for row in pack.rows} == {
        "I10-0": "primary", "K35.3-0": "primary", "K35.3-47.0100": "core", "K35.3-47.0100+54.5101": "core", "K80-ZH3": "comprehensive",
    }  # fmt: skip
    group_year(workspace, Choice((Grouper(pack),), "cn-9904"), 2025)
    sql = "SELECT g.visit_id, g.dip_group_code, g.base_score, g.auxiliary_subtype, g.auxiliary_coefficient FROM dip_groupings AS g"
    found = {row["visit_id"]: row for row in workspace.query(sql).read_all().to_pylist()}
    assert len(found) == 22
    assert found["2025-00"]["dip_group_code"] == "K35.3-47.0100"
    assert found["2025-04"]["dip_group_code"] == "K35.3-47.0100+54.5101"
    assert found["2025-18"]["dip_group_code"] == "K80-ZH3"
    assert found["2025-19"]["dip_group_code"] is None
    assert {(row["auxiliary_subtype"], row["auxiliary_coefficient"]) for row in found.values()} == {("", None)}


def test_the_manifest_says_what_it_was_made_from(workspace: Workspace, kinds: Path, tmp_path: Path) -> None:
    build(workspace, kinds, tmp_path / "pack")
    manifest = load_pack(tmp_path / "pack").manifest
    assert (manifest.edition, manifest.region, str(manifest.valid_from), str(manifest.valid_to)) == ("2.0", "cn-9904", "2025-01-01", "2025-12-31")  # fmt: skip
    assert (manifest.score_scale, manifest.score_digits, manifest.status) == (1000, 4, "example")
    costs = [6000, 6100, 6200, 6300, 9000, 9100, 9200, *range(2000, 2250, 50), *range(1500, 1560, 10), 8000]
    assert manifest.region_mean_cost == round(Decimal(sum(costs)) / len(costs), 2)
    assert {"表 visits", "表 settlements", "kinds.tsv"} <= manifest.files.keys()


def test_scores_carry_mean_los_count_and_cv(workspace: Workspace, kinds: Path, tmp_path: Path) -> None:
    build(workspace, kinds, tmp_path / "pack")
    lines = (tmp_path / "pack" / "scores.tsv").read_text(encoding="utf-8").splitlines()
    heading = lines[0].split("\t")
    rows = {line.split("\t")[0]: dict(zip(heading, line.split("\t"), strict=True)) for line in lines[1:]}
    one = rows["K35.3-47.0100"]
    assert (one["mean_cost"], one["count"], one["mean_los"], one["mean_drug"], one["drug_score"]) == ("6150.00", "12", "7.00", "", "")  # fmt: skip
    assert Decimal(one["cv"]) == Decimal("0.0182")


def test_the_same_stays_in_another_order_make_the_same_bytes(make: Callable[..., Path], kinds: Path, tmp_path: Path) -> None:  # fmt: skip
    for name, order in (("one", 1), ("other", -1)):
        with Workspace.open(make(order=order)) as opened:
            build(opened, kinds, tmp_path / name)
    files = {path.name for path in (tmp_path / "one").iterdir()}
    assert {
        "pack.yaml",
        "groups.tsv",
        "scores.tsv",
        "kinds.tsv",
        "institution_coefficients.tsv",
        "report.xlsx",
    } <= files
    assert [name for name in sorted(files) if (tmp_path / "one" / name).read_bytes() != (tmp_path / "other" / name).read_bytes()] == []  # fmt: skip


def test_the_report_tells_every_stay(workspace: Workspace, kinds: Path) -> None:
    listings = {listing.name: listing for listing in build(workspace, kinds).listings}
    told = {row[0]: row[-1] for row in listings["清洗"].rows}
    assert told == {"用于目录": 57, "机构不按病种付费": 3, "没有主要诊断": 3, "没有费用，或费用不大于零": 3, "合计": 66}
    assert [row[2] for row in listings["覆盖"].rows] == [21, 33, 3, 0, 57]
    assert listings["相关手术"].rows[0][0:3] == ("K35.3", "47.0100+54.5101", 9)
    assert listings["级别倒挂"].rows == []


def test_years_without_stays(make: Callable[..., Path], kinds: Path, tmp_path: Path) -> None:
    with Workspace.open(make(years=(2024,))) as opened:
        notes = build(opened, kinds).listings[0].notes
        assert {"2022 年没有出院的住院。", "2023 年没有出院的住院。"} <= set(notes)
        with pytest.raises(UserError, match="2027、2028、2029 年都没有出院的住院"):
            build_year(opened, Wanted(2030, tmp_path / "none", files={"kinds": kinds}))
    assert not (tmp_path / "none").exists()


def test_one_stay_is_a_catalogue_of_one_group(make: Callable[..., Path], kinds: Path, tmp_path: Path) -> None:
    with Workspace.open(make(cases=[("K35.300", "", "H1", 900)], years=(2023,))) as opened:
        build(opened, kinds, tmp_path / "pack", threshold=1)
    assert [(row.group, row.score) for row in load_pack(tmp_path / "pack").rows] == [("K35.3-0", Decimal("1000.0000"))]


def test_3_0_flags_primary_care_after_grouping(workspace: Workspace, kinds: Path, tmp_path: Path) -> None:
    build_year(workspace, Wanted(2025, tmp_path / "pack", Asked(edition="3.0", threshold=6), files={"kinds": kinds}))
    grouper = Grouper(load_pack(tmp_path / "pack"))
    assert grouper.group(case("K35.300")).flags == ("PRIMARY_CARE",)
    assert grouper.group(case("K35.300", "47.0100")).flags == ()
    assert grouper.group(case("K35.300", "47.0100", "54.5101")).group == "K35.3-47.0100+54.5101"


def test_operations_need_their_kinds(workspace: Workspace, kinds: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="请用 --kinds"):
        build_year(workspace, Wanted(2025, tmp_path / "pack"))
    empty = tmp_path / "empty.tsv"
    empty.write_text("什么\t都没有\n", encoding="utf-8")
    with pytest.raises(UserError, match="没有一行能用"):
        build(workspace, empty)


def test_a_folder_with_something_else_is_left_alone(workspace: Workspace, kinds: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(UserError, match="已经有别的内容"):
        build(workspace, kinds, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_lists_of_the_user(workspace: Workspace, kinds: Path, tmp_path: Path) -> None:
    cci, severity, tcm, out = (tmp_path / name for name in ("cci.tsv", "severity.tsv", "tcm.txt", "out.tsv"))
    cci.write_text("编码\t合并症\t权重\nI50\t心衰\t1\n", encoding="utf-8")
    severity.write_text(
        "编码\t名单\nJ96\tsevere\nD62.x\tmedium\nJ96\torgan_failure\nD62\torgan_damage\n", encoding="utf-8"
    )
    tcm.write_text("病种编码\nI10-0\n", encoding="utf-8")
    out.write_text("编码\nK80.100\n", encoding="utf-8")
    built = build(workspace, kinds, tmp_path / "pack", files={"comorbidities": cci, "severity": severity, "tcm": tcm, "excluded_diagnoses": out})  # fmt: skip
    pack = load_pack(tmp_path / "pack")
    assert pack.marks == {"I10-0": frozenset({"tcm"})}
    assert pack.excluded_diagnoses == {"K80.100"}
    assert len(built.catalogue.notes) == 2  # the code of two lists is on both; what is left out asks for fee lines
    assert all("没有导入费用明细" in note for note in built.catalogue.notes)
    assert {row[0]: row[-1] for row in built.listings[0].rows}["主要诊断在不纳入分组的名单上"] == 3
    cci.write_text("编码\t合并症\t权重\nI50\t心衰\t一\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"“cci.tsv”第 2 行的权重“一”应是整数"):
        build(workspace, kinds, files={"comorbidities": cci})


def test_national_groups_go_first_and_local_ones_are_marked(workspace: Workspace, kinds: Path, tmp_path: Path) -> None:
    built = build(workspace, kinds, tmp_path / "pack", national=folder_of("example-3.0"))
    pack = load_pack(tmp_path / "pack")
    rows = {row.code: row for row in built.catalogue.rows}
    assert pack.manifest.edition == "3.0"
    assert rows["BX-6"].national
    assert rows["BX-6"].measure.stays == 9
    assert {code for code, marks in pack.marks.items() if "local" in marks} == {c for c, r in rows.items() if not r.national and r.layer != "comprehensive"}  # fmt: skip
    national = load_pack(folder_of("example-3.0"))
    assert {row.group for row in national.rows} < {row.group for row in pack.rows}
    with pytest.raises(UserError, match=r"是 3\.0 版，不能建 2\.0 版"):
        build_year(workspace, Wanted(2025, None, Asked(edition="2.0"), folder_of("example-3.0"), {"kinds": kinds}))


def test_fee_lines_count_only_where_they_add_up_to_what_was_settled() -> None:
    lines = pa.table({"visit_id": ["A", "B"], "total": [100, 90], "treatment": [-1, 7], "drug": [60, 50], "material": [5, 5]}, schema=LINES)  # fmt: skip
    visits, costs = (pa.chunked_array([column]) for column in (["A", "B", "C"], [100, 100, 100]))
    drug, material, treatment = parts_of(lines, visits, costs, ("drug", "material", "treatment"))
    assert (drug.to_pylist(), material.to_pylist()) == ([60, None, None], [5, None, None])
    assert treatment.to_pylist() == [None, None, None]  # less than nothing is not known


@pytest.mark.parametrize("edition", ["1.0", "2.0", "3.0"])
def test_stays_land_in_the_group_that_they_were_counted_in(workspace: Workspace, kinds: Path, tmp_path: Path, edition: str) -> None:  # fmt: skip
    out = tmp_path / edition
    build_year(workspace, Wanted(2025, out, Asked(edition=edition, threshold=6), files={"kinds": kinds}))
    found = compare_year(workspace, load_pack(out), load_pack(out), 2025)
    rows = {
        row["seq"]: row
        for row in csv.DictReader((out / "scores.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t")
    }
    assert {code: 3 * number for code, number in found.sides[0].groups.items()} == {code: int(row["count"]) for code, row in rows.items()}  # fmt: skip


def test_the_pack_is_tried_on_the_stays_that_it_was_made_from(workspace: Workspace, kinds: Path, tmp_path: Path) -> None:  # fmt: skip
    again = build(workspace, kinds, tmp_path / "same").listings[-1]
    assert (again.name, again.rows) == ("复核", [])
    assert again.notes[0].startswith("三年 57 例用写好的方案再分一次，至少 0 例（0.00%）")
    again = build(workspace, kinds, tmp_path / "other", threshold=10).listings[-1]
    moved = {row[0]: row[-1] for row in again.rows}  # nine rare stays have the operation of a core group
    assert moved == {"K35.3-47.0100": 9, "K35-ZH3": -9}


@pytest.mark.xdist_group("spark")
@pytest.mark.skipif(bool(ABSENT), reason=f"engine parity is not tested here: no {' and no '.join(ABSENT)}")
@pytest.mark.parametrize("name", ["components", "code_names", "stays", "paid_stays"])
def test_both_engines_read_alike(folder: Path, name: str) -> None:
    texts = {**TEXTS, "stays": STAYS, "components": COMPONENTS}
    found = []
    for engine in ("duckdb", "spark"):
        with Workspace.open(folder, engine=engine) as opened:
            rows = opened.query(texts[name], first_day=date(2022, 1, 1), last_day=date(2024, 12, 31)).read_all()
            found.append(sorted(map(str, rows.to_pylist())))
    assert found[0] == found[1]


@pytest.mark.xdist_group("spark")
@pytest.mark.skipif(bool(ABSENT), reason=f"engine parity is not tested here: no {' and no '.join(ABSENT)}")
def test_both_engines_build_the_same_bytes(folder: Path, kinds: Path, tmp_path: Path) -> None:
    for engine in ("duckdb", "spark"):
        with Workspace.open(folder, engine=engine) as opened:
            build(opened, kinds, tmp_path / engine)
    names = [path.name for path in sorted((tmp_path / "duckdb").iterdir())]
    assert [name for name in names if (tmp_path / "duckdb" / name).read_bytes() != (tmp_path / "spark" / name).read_bytes()] == []  # fmt: skip
