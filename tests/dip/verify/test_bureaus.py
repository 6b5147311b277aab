"""Workbooks of stays as other bureaus write them, by hand: other words, other rows, and mistakes that must be found, and no others."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.dip.verify.bringing import STAYS, again, ran, told, verified, without
from tests.dip.verify.bureau import HOSPITALS, INSURANCES, book, cases, commas, half_up, reckoned, write
from yibao.dip.verify.found import RESULTS
from yibao.store.workspace import Workspace

D = Decimal


def test_right_sheets_in_other_words_show_nothing(tmp_path: Path) -> None:
    """Synonyms, text with separators, a date without a time, empty lines, a title and a unit above."""
    found = cases([202503])
    titles = ["示例市2025年3月DIP病例分组结算明细", "单位：元　　制表日期：2025-04-08"]
    path = book(tmp_path / "明细.xlsx", 明细=lambda s: write(s, titles, STAYS, found, blank_after=11))
    got = verified(tmp_path, [path])
    assert told(got) == set()
    assert ran(got)["结算点数 = 病种分值 × 机构系数 × 偏差系数"] == ""


def test_a_sheet_for_each_hospital(tmp_path: Path) -> None:
    """No column says the hospital: the title does. Subtotals and a wrong total; wrong points, a score of another catalogue, a band."""
    found = cases([202503], each=12)
    right = list(found)
    normal = [
        at for at, one in enumerate(found) if one.band == "正常" and one.layer == "核心病种" and one.coefficient != 1
    ]
    low = next(at for at, one in enumerate(found) if one.band == "超低")
    a, b, c = normal[3], normal[9], normal[15]
    found[a] = replace(found[a], points=half_up(found[a].score * found[a].factor, 4))  # without the coefficient
    found[b] = reckoned(found[b], score=found[b].score + D("20.5"))
    found[c] = reckoned(found[c], coefficient=D("1.05"))
    found[low] = reckoned(found[low], band="正常", factor=D(1))
    columns = without(STAYS, "医疗机构名称")

    def sheet(name: str) -> Any:
        def fill(s: Any) -> None:
            mine = [one for one in found if one.hospital == name]
            write(s, [f"{name}2025年3月DIP结算明细表", f"机构名称：{name}　结算月份：2025年3月"], columns, mine)
            total = sum((one.fee for one in mine), D(0)) + (100 if name == "甲县中医医院" else 0)
            s.append(["合计", *[None] * 13, commas(total), commas(sum((one.booked for one in mine), D(0)))])
            s.append(["制表：张三", None, "审核：李四"])

        return fill

    path = book(tmp_path / "结算明细.xlsx", **{name: sheet(name) for name in HOSPITALS})
    got = verified(tmp_path, [path])
    expected = {
        (RESULTS, right[a].number, "points", "coefficient"), (RESULTS, right[b].number, "score", "pack"),
        (RESULTS, right[c].number, "coefficient", "coefficient"), (RESULTS, right[low].number, "band", "band"),
    }  # fmt: skip
    totals = {one for one in told(got) if one[2] == "total"}
    assert told(got) - totals == expected
    assert [(one[0], "甲县中医医院" in one[1], "医疗费总额" in one[1], one[3]) for one in totals] == [
        (RESULTS, True, True, "sum")
    ]


def test_auxiliary_coefficients_and_each_stay_paid(tmp_path: Path) -> None:
    """辅助系数 beside 机构系数, and what each stay is paid at its own ratio: one factor left out, one value of the other insurance, one subtype."""
    found = cases([202505, 202506], auxiliary=True)
    split = [at for at, one in enumerate(found) if one.auxiliary != 1 and one.band == "正常"]
    a, b, c, d = (
        split[0],
        split[4],
        split[8],
        next(at for at, one in enumerate(found) if at > 40 and one.insurance == "居民"),
    )
    found[a] = replace(found[a], points=half_up(found[a].score * found[a].coefficient * found[a].factor, 4))
    found[b] = reckoned(found[b], auxiliary=D("1.35"))
    paid = {one.number: half_up(one.points * one.value * one.booked / one.fee, 2) for one in found}
    paid[found[c].number] += D("50")
    paid[found[d].number] = half_up(found[d].points * INSURANCES["职工"][1] * found[d].booked / found[d].fee, 2)
    columns = {
        **STAYS, "辅助分型": lambda one: "CCI:2" if one.auxiliary != 1 else None, "辅助系数": lambda one: float(one.auxiliary) if one.auxiliary != 1 else None,
        "点值": lambda one: float(one.value), "应付": lambda one: float(paid[one.number]),
    }  # fmt: skip
    path = book(tmp_path / "辅助.xlsx", 明细=lambda s: write(s, ["DIP病例结算"], columns, found))
    got = verified(tmp_path, [path])
    expected = {
        (RESULTS, found[a].number, "points", "coefficient"), (RESULTS, found[b].number, "auxiliary", "coefficient"),
        (RESULTS, found[c].number, "payable", "unexplained"), (RESULTS, found[d].number, "payable", "point_value"),
    }  # fmt: skip
    assert told(got) == expected
    assert "结算点数 = 病种分值 × 机构系数 × 辅助分型系数 × 偏差系数" in ran(got)
    assert next(one.says for one in got.found.differences if one.key == found[a].number) == "点数没有乘辅助分型系数"


def test_june_and_july(tmp_path: Path) -> None:
    """A stay of June again in July's file, alike and changed; one twice in a file; July's sum takes them in."""
    found = cases([202506, 202507], each=11)
    june, july = ([one for one in found if one.month == month] for month in (202506, 202507))
    same, other, twin = june[5], june[20], july[30]
    changed_ = replace(other, points=other.points + D("55.5"), fee=other.fee)
    files = [
        book(tmp_path / "6月明细.xlsx", 明细=lambda s: write(s, ["2025年6月DIP明细"], STAYS, june)),
        book(tmp_path / "7月明细.xlsx", 明细=lambda s: write(s, ["2025年7月DIP明细"], STAYS, [*july[:9], same, *july[9:], changed_, twin])),
    ]  # fmt: skip
    with Workspace.create(tmp_path / "w", "cn") as workspace:
        again(workspace, files[:1])
        got = again(workspace, files[1:])  # a month later
        repeats = {one.key: one for one in got.found.differences if one.step == "file"}
        assert set(repeats) == {same.number, other.number, twin.number}
        assert all(one.cause == "duplicate" for one in repeats.values())
        assert "6月明细" in repeats[same.number].says
        assert "7月明细" in repeats[same.number].says
        assert "内容相同" in repeats[same.number].says
        assert "点数" in repeats[other.number].says
        assert told(got) - {(RESULTS, key, "file", "duplicate") for key in repeats} == {
            (RESULTS, other.number, "points", "unexplained")
        }
        corrected = book(tmp_path / "7月明细（更正）.xlsx", 明细=lambda s: write(s, ["2025年7月DIP明细"], STAYS, july))
        after = again(workspace, [corrected])
        assert (
            len([one for one in after.found.differences if one.step == "file"]) == 3
        )  # July's first file still says so


def test_totals_above_their_rows(tmp_path: Path) -> None:
    """全县合计 stands first; one hospital's 小计 stands above its rows."""
    found = cases([202503])
    sums = lambda mine: [None] * 13 + [float(sum(o.points for o in mine)), commas(sum((o.fee for o in mine), D(0))), commas(sum((o.booked for o in mine), D(0)))]  # noqa: E731  # fmt: skip

    def fill(s: Any) -> None:
        write(s, ["2025年3月DIP明细"], STAYS, [])
        s.append(["合计", *sums(found)])
        for name in HOSPITALS:
            mine = [one for one in found if one.hospital == name]
            s.append(["小计", *sums(mine)])
            for one in mine:
                s.append([read(one) for read in STAYS.values()])

    assert told(verified(tmp_path, [book(tmp_path / "明细.xlsx", 明细=fill)])) == set()


def test_a_catalogue_in_other_words(tmp_path: Path) -> None:
    """The city's table of groups without kinds of treatment and mean costs: groups and scores are compared, costs are not."""
    from tests.dip.verify.bureau import GROUPS

    found = cases([202503], each=10)
    wrong = next(at for at, one in enumerate(found) if one.operation and one.band == "正常")
    lost = replace(found[wrong], group="K35.3-0")
    found[wrong] = reckoned(lost, score=GROUPS[0][4])
    old = next(at for at, one in enumerate(found) if at > wrong and one.group == "I63.9-0" and one.band == "正常")
    found[old] = reckoned(found[old], score=D("900.5"))
    columns = {
        "DIP编码": lambda one: one[0], "类别": lambda one: one[3], "主要诊断编码": lambda one: one[1][:5] if one[0] != "E11-ZH0" else "E11",
        "手术编码": lambda one: one[2] or None, "分值": lambda one: float(one[4]),
    }  # fmt: skip
    files = [
        book(tmp_path / "目录.xlsx", 目录=lambda s: write(s, ["示例市2025年DIP病种目录"], columns, GROUPS)),
        book(tmp_path / "明细.xlsx", 明细=lambda s: write(s, ["DIP明细"], STAYS, found)),
    ]
    got = verified(tmp_path, files)
    assert told(got) == {
        (RESULTS, found[wrong].number, "group", "code_map"),
        (RESULTS, found[old].number, "score", "unexplained"),
    }


def test_stays_without_a_group_are_written_in_words(tmp_path: Path) -> None:
    """未入组 in the columns of group and layer is no group, not a strange one."""
    found = [
        replace(one, group="未入组", layer="未入组", coefficient=D(1)) if one.group == "E11-ZH0" else one
        for one in cases([202503])
    ]
    found = [reckoned(one, ratio=D(1), band="正常", factor=D(1)) if one.group == "未入组" else one for one in found]
    columns = {**STAYS, "偏差率": lambda one: None if one.group == "未入组" else float(one.ratio)}
    got = verified(tmp_path, [book(tmp_path / "明细.xlsx", 明细=lambda s: write(s, ["DIP明细"], columns, found))])
    assert told(got) == set()
    assert sum(row["dip_group_code"] is None for row in got.sheets.results) > 0
