"""The packs that ship: invented, and small; between them they exercise every layer and every way of choosing a pack."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.dip.making import made, row
from yibao.demo.catalogue import read_data
from yibao.dip.grouping.cases import Case
from yibao.dip.grouping.group import Grouper
from yibao.dip.pack import COLUMNS
from yibao.dip.packing import load_pack
from yibao.dip.packs import opened, shipped
from yibao.dip.settings import choice_said, edition_defaults
from yibao.errors import UserError
from yibao.region.rules import Value

COUNTY = "example-county-2025"


def test_the_demo_countys_own_catalogue_groups_what_its_residents_lie_in_for() -> None:
    """Built from the county at scale 1: every diagnosis of its case mix has a core group or a comprehensive one."""
    pack = opened(COUNTY)
    grouper = Grouper(pack)
    stays = [(row["diagnosis_code"], re.findall(r"[\w.]+", row["operations"])) for row in read_data("case_mix.csv")]
    found = [
        grouper.group(Case(str(n), code, "".join(operations[:1]), tuple(operations[1:])))
        for n, (code, operations) in enumerate(stays)
    ]
    assert (pack.manifest.region, pack.manifest.status, pack.manifest.edition) == ("cn-9904", "example", "2.0")
    grouped = [one for one in found if one.row is not None]
    assert len(grouped) == len(found)
    assert all(one.row is not None and one.row.score and one.row.mean_cost for one in grouped)


def test_one_of_each_edition_for_the_invented_region_alone() -> None:
    packs = [opened(name) for name in shipped() if name != COUNTY]
    assert [pack.manifest.edition for pack in packs] == ["1.0", "2.0", "3.0"]
    assert {(pack.manifest.region, pack.manifest.status) for pack in packs} == {("cn-9904", "example")}
    for before, after in pairwise(packs):
        assert before.manifest.valid_to
        assert after.manifest.valid_from
        assert (after.manifest.valid_from - before.manifest.valid_to).days == 1


def test_every_layer_has_a_row() -> None:
    layers = {row.layer for name in shipped() for row in opened(name).rows}
    assert layers == {"XQ", "BX", "FZ", "JC", "core", "primary", "comprehensive", "last"}
    for name in shipped():
        assert all(row.score is not None for row in opened(name).rows)


def test_every_edition_has_its_settings() -> None:
    assert sum(edition_defaults("3.0")["national_groups"].values()) == 5125
    with pytest.raises(UserError, match=r"没有“2\.5”这个版本"):
        edition_defaults("2.5")


def test_the_hash_covers_what_can_change_a_group(tmp_path: Path) -> None:
    pack = made(tmp_path, "3.0", [row("JC-1", "JC", "D34")])
    folder = tmp_path / "pack"
    (folder / "rejected.tsv").write_text("", encoding="utf-8")
    assert load_pack(folder).version == pack.version
    (folder / "tb_resistant.tsv").write_text("code\nU84.300\n", encoding="utf-8")
    assert load_pack(folder).version != pack.version


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("groups.tsv", "seq\tlayer\n", "第 1 行应是"),
        ("groups.tsv", None, "第 3 行有 1 列"),
        ("pack.yaml", "name: x\n", r"pack\.yaml.*edition"),
        ("primary_care.tsv", "a\n", "第 1 行应是"),
        ("kinds.tsv", "code\tkind\tlevel\n47.0100\t大手术\t3\n", "kinds.tsv”第 2 行：治疗方式“大手术”应是"),
        ("kinds.tsv", "code\tkind\tlevel\n47.0100\tsurgery\t三\n", "kinds.tsv”第 2 行：“三”不是整数"),
        ("excluded_procedures.tsv", "code\trule\tdx_range\n47.0100\t不算\t\n", "第 2 行：处理方式“不算”应是"),
        (
            "auxiliary.tsv",
            "seq\tkind\tlevel\tcoefficient\tcount\nJC-1\tage\t1\t\t3\n",
            "auxiliary.tsv”第 2 行：少一个数",
        ),
        ("comorbidities.tsv", "code\tcondition\tweight\nI10\ta\tx\n", "comorbidities.tsv”第 2 行：“x”不是整数"),
        ("scores.tsv", "seq\tscore\tmean_cost\nJC-1\tNaN\t\n", "groups.tsv”第 2 行：“NaN”不是数"),
        ("pack.yaml", "name: [", r"pack.yaml”第 1 行不是 YAML 的写法，请改正。$"),
        ("groups.tsv", "\t".join(COLUMNS["groups"]) + "\n", r"groups\.tsv”里没有病种"),
        ("pack.yaml", "a: 1", "写法不对：name 没有填写，请改正。$"),
    ],
)
def test_a_pack_changed_by_hand_is_told_by_file_and_line(
    tmp_path: Path, file: str, text: str | None, said: str
) -> None:
    made(tmp_path, "3.0", [row("JC-1", "JC", "D34")])
    path = tmp_path / "pack" / file
    path.write_text(path.read_text(encoding="utf-8") + "JC-2\n" if text is None else text, encoding="utf-8")
    with pytest.raises(UserError, match=said):
        load_pack(tmp_path / "pack")


def test_a_pack_with_a_damaged_or_missing_file_is_told(tmp_path: Path) -> None:
    made(tmp_path, "3.0", [row("JC-1", "JC", "D34")])
    groups = tmp_path / "pack" / "groups.tsv"
    kept = groups.read_text(encoding="utf-8")
    groups.write_text(kept.replace("\tJC\t", "\tXX\t"), encoding="utf-8")
    with pytest.raises(UserError, match=r"groups\.tsv”第 2 行：层“XX”在 pack.yaml 的 settings\.layers 里没有"):
        load_pack(tmp_path / "pack")
    groups.write_bytes(b"\xff\x81")
    with pytest.raises(UserError, match=r"groups\.tsv”读不出来"):
        load_pack(tmp_path / "pack")
    groups.unlink()
    with pytest.raises(UserError, match=r"不完整：没有 groups\.tsv"):
        load_pack(tmp_path / "pack")


@pytest.mark.parametrize("said", ["main", 3, None, {"main": 1}, ["main", "first"]])
def test_a_regions_choice_that_nobody_knows_is_refused_with_its_place(said: object) -> None:
    given = {"from": "2019-01-01", "source": "某市医保办发", "grade": "proposal", "status": "example", "value": said}
    value = Value.model_validate({**given, "file": "dip.yaml", "line": 7})
    with pytest.raises(
        UserError, match=r"dip\.yaml 第 7 行的参数 dip\.choice 有误：应是一个列表，各项是 matched_codes、exact、"
    ):
        choice_said(value)


def test_a_regions_choice_in_the_packs_words() -> None:
    given = {"from": "2019-01-01", "source": "某市医保办发", "grade": "proposal", "status": "example"}
    value = Value.model_validate({**given, "value": ["matched_codes", "max_score"]})
    assert choice_said(value) == ("matched", "max_score")
