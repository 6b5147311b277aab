"""Monthly sheets and clearings as other bureaus write them, by hand: other ways of paying, units, layouts, and mistakes in them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.dip.verify.bringing import MONTHS, STAYS, changed, coded, ran, told, verified, without
from tests.dip.verify.bureau import (
    HOSPITALS,
    INSURANCES,
    book,
    by_case,
    by_ratio,
    by_share,
    cases,
    half_up,
    months_of,
    wan,
    write,
)
from yibao.dip.verify.found import CLEARING, MONTHLY

D = Decimal


def test_a_month_less_what_the_patients_bear(tmp_path: Path) -> None:
    """Two rows of headings, hospitals by name, no pay ratio anywhere: the base is read off the columns."""
    found = cases([202501, 202502, 202503])
    rows = months_of(found, by_share)
    point = changed(rows, 2, payable=half_up(rows[2].points * D("7.08") - rows[2].share, 2))
    point.deposit = half_up(point.payable * D("0.05"), 2)
    gross = changed(rows, 7, payable=half_up(rows[7].points * rows[7].value, 2))
    gross.deposit = half_up(gross.payable * D("0.05"), 2)
    kept = changed(rows, 9, deposit=D(0))
    off = changed(rows, 11, deduction=D("1000.00"))
    upper = ["医疗机构", "医保类型", "工作量", "<", "费用", "<", "付费", "<", "<", "<", "<"]

    def sheet(month: int) -> Any:
        mine = [one for one in rows if one.month == month]
        return lambda s: write(
            s, [f"{month // 100}年{month % 100}月DIP预结算拨付表", "单位：元"], MONTHS, mine, upper=upper
        )

    path = book(
        tmp_path / "2025年一季度预结算.xlsx", **{f"{month % 100}月": sheet(month) for month in (202501, 202502, 202503)}
    )
    got = verified(tmp_path, [path])
    expected = {(MONTHLY, point.key, "payable", "point_value"), (MONTHLY, gross.key, "payable", "point_value"), (MONTHLY, kept.key, "deposit", "deposit")}  # fmt: skip
    keys = {(one.sheet, coded(one.key), one.step, one.cause) for one in got.found.differences}
    assert keys == expected
    says = {coded(one.key): one.says for one in got.found.differences}
    assert says[gross.key] == "没有减参保人负担"
    assert any(
        name.startswith("月应付 = 点数 × 预算点值 − 参保人负担") and not reason for name, reason in ran(got).items()
    )
    assert off.paid == off.payable - off.deposit - 1000


def test_ten_thousand_yuan_and_a_sheet_for_each_insurance(tmp_path: Path) -> None:
    """单位：万元 in the title, the insurance in the name of the sheet, months written 2025年3月, subtotals of a hospital, no case counts."""
    rows = months_of(cases([202501, 202502, 202503, 202504], each=8), by_ratio)
    for row in rows:  # in 万元 with six places nothing is lost
        row.more = {}
    wrong = changed(rows, 3, payable=half_up(rows[3].points * D("8.31") * rows[3].pay_ratio, 2))
    wrong.deposit = half_up(wrong.payable * D("0.05"), 2)
    unpaid = changed(rows, 8, more={"paid": D("123.45")})
    columns = {
        "月份": lambda one: f"{one.month // 100}年{one.month % 100}月", "机构编码": lambda one: HOSPITALS[one.hospital][0],
        "机构名称": lambda one: one.hospital, "点数合计": lambda one: float(one.points), "分值单价": lambda one: float(one.value),
        "支付比例": lambda one: float(one.pay_ratio), "应付金额": lambda one: wan(one.payable), "预留金": lambda one: wan(one.deposit),
        "实付金额": lambda one: wan(one.paid + one.more.get("paid", D(0))),
    }  # fmt: skip

    def sheet(insurance: str) -> Any:
        def fill(s: Any) -> None:
            mine = [one for one in rows if one.insurance == insurance]
            write(s, ["DIP月度预结算汇总表", "单位：万元（点值：元）"], columns, [])
            for name in HOSPITALS:
                own = [one for one in mine if one.hospital == name]
                for one in own:
                    s.append([read(one) for read in columns.values()])
                s.append(
                    [
                        "小计",
                        None,
                        None,
                        float(sum(one.points for one in own)),
                        None,
                        None,
                        wan(sum((one.payable for one in own), D(0))),
                    ]
                )
            s.append(
                [
                    "合计",
                    None,
                    None,
                    float(sum(one.points for one in mine)),
                    None,
                    None,
                    wan(sum((one.payable for one in mine), D(0))),
                ]
            )

        return fill

    path = book(tmp_path / "月预结算.xlsx", 城乡居民=sheet("居民"), 城镇职工=sheet("职工"))
    got = verified(tmp_path, [path])
    assert told(got) == {(MONTHLY, wrong.key, "payable", "point_value"), (MONTHLY, unpaid.key, "paid", "sum")}


def test_each_stay_at_its_own_ratio(tmp_path: Path) -> None:
    """F13: the monthly sheet is the sum of the stays at their own pay ratios; one row paid at the ratio of all."""
    found = cases([202508, 202509])
    rows = months_of(found, by_case)
    wrong = changed(rows, 4, payable=half_up(rows[4].points * rows[4].value, 2))
    wrong.deposit = half_up(wrong.payable * D("0.05"), 2)
    columns = {"所属月份": lambda one: one.month, **without(MONTHS, "扣款"), "统筹金额": lambda one: float(one.booked)}
    files = [
        book(tmp_path / "明细.xlsx", 明细=lambda s: write(s, ["DIP明细"], STAYS, found)),
        book(tmp_path / "月结.xlsx", 月结=lambda s: write(s, ["DIP月结"], columns, rows)),
    ]
    got = verified(tmp_path, files)
    assert {(one.sheet, coded(one.key), one.step, one.cause) for one in got.found.differences} == {
        (MONTHLY, wrong.key, "payable", "point_value")
    }
    assert any(name.startswith("月应付 = Σ 病例点数") for name in ran(got))


def test_a_month_of_which_the_base_cannot_be_told(tmp_path: Path) -> None:
    """Points and payable alone: not compared, and said so."""
    rows = months_of(cases([202501, 202502]), by_ratio)
    columns = {"月份": lambda one: one.month, "医院": lambda one: one.hospital, "险种": lambda one: one.insurance, "总分值": lambda one: float(one.points), "应付": lambda one: float(one.payable)}  # fmt: skip
    got = verified(tmp_path, [book(tmp_path / "月结.xlsx", 月结=lambda s: write(s, ["DIP月结"], columns, rows))])
    assert told(got) == set()
    reasons = ran(got)
    assert "没有点值" in reasons["月应付按点数算"]
    assert reasons["质量保证金各行比例相同"]
    assert reasons["实拨 = 应付 − 保证金"]


def test_the_clearing_of_another_city(tmp_path: Path) -> None:
    """In 万元, hospitals by name, a heading over two rows; one assessment not taken, one balance wrong."""
    found = cases(range(202501, 202513), each=3)
    rows = months_of(found, by_ratio)
    years: list[dict[str, Any]] = []
    fund = {name: D("90000.00") if name == "居民" else D("120000.00") for name in INSURANCES}
    for insurance in INSURANCES:
        total = sum((one.points for one in rows if one.insurance == insurance), D(0))
        for hospital in HOSPITALS:
            mine = [one for one in rows if (one.hospital, one.insurance) == (hospital, insurance)]
            points, paid = sum((one.points for one in mine), D(0)), sum((one.paid for one in mine), D(0))
            due, k, off = (
                half_up(fund[insurance] * points / total, 2),
                D("0.985") if hospital != "丙镇中心卫生院" else D("1.01"),
                D("320.10"),
            )
            amount = half_up(due * k, 2) - off
            years.append(
                {
                    "hospital": hospital,
                    "insurance": insurance,
                    "points": points,
                    "due": due,
                    "k": k,
                    "off": off,
                    "amount": amount,
                    "paid": paid,
                    "balance": amount - paid,
                }
            )
    years[1]["amount"] = years[1]["due"] - years[1]["off"]
    years[1]["balance"] = years[1]["amount"] - years[1]["paid"]
    years[4]["balance"] += 10
    names = {"医疗机构名称": "hospital", "险种": "insurance", "年度总分值": "points", "年度应付": "due", "年度考核系数": "k", "扣款": "off", "清算应付": "amount", "累计已拨": "paid", "清算差额": "balance"}  # fmt: skip
    money = {"due", "off", "amount", "paid", "balance"}
    columns = {
        name: (
            lambda one, at=at: wan(one[at]) if at in money else one[at] if isinstance(one[at], str) else float(one[at])
        )
        for name, at in names.items()
    }
    upper = ["医疗机构名称", "险种", "年度总分值", "应付", "<", "<", "<", "拨付", "<"]
    values = [
        {
            "insurance": name,
            "points": sum((one["points"] for one in years if one["insurance"] == name), D(0)),
            "fund": fund[name],
        }
        for name in INSURANCES
    ]
    point = {"险种": lambda one: one["insurance"], "全市总分值": lambda one: float(one["points"]), "基金总额": lambda one: wan(one["fund"]), "结算点值": lambda one: float(half_up(one["fund"] / one["points"], 4))}  # fmt: skip
    months = {"结算月份": lambda one: one.month, "机构名称": lambda one: one.hospital, "险种": lambda one: one.insurance, "点数": lambda one: float(one.points), "点值": lambda one: float(one.value), "支付比例": lambda one: float(one.pay_ratio), "应付": lambda one: float(one.payable), "保证金": lambda one: float(one.deposit), "实拨": lambda one: float(one.paid)}  # fmt: skip
    path = book(
        tmp_path / "2025年度清算.xlsx",
        清算表=lambda s: write(s, ["示例市2025年度DIP清算表", "金额单位：万元"], columns, years, upper=upper),
        点值=lambda s: write(s, ["2025年度DIP点值", "单位：万元"], point, values),
        月结=lambda s: write(s, ["2025年各月预结算（单位：元）"], months, rows),
    )
    got = verified(tmp_path, [path])
    one, other = (
        f"2025|{HOSPITALS[years[at]['hospital']][0]}|{INSURANCES[years[at]['insurance']][0]}" for at in (1, 4)
    )
    assert {(d.sheet, coded(d.key), d.step, d.cause) for d in got.found.differences} == {
        (CLEARING, one, "clearing", "assessment"),
        (CLEARING, other, "balance", "sum"),
    }


def test_units_below_the_headings_numbered_columns_and_percentages(tmp_path: Path) -> None:
    """A row of units, a row 栏次 1 2 3, 支付比例 in per cent, amounts in 万元 by the unit row."""
    rows = months_of(cases([202501, 202502]), by_ratio)
    wrong = changed(rows, 5, payable=rows[5].payable + D("300"))
    wrong.deposit = half_up(wrong.payable * D("0.05"), 2)
    columns = {
        "月份": lambda one: one.month, "医院": lambda one: one.hospital, "险种": lambda one: one.insurance, "总分值": lambda one: float(one.points),
        "点值": lambda one: float(one.value), "支付比例": lambda one: f"{one.pay_ratio * 100}%", "应付": lambda one: wan(one.payable),
        "保证金": lambda one: wan(one.deposit), "实付": lambda one: wan(one.paid),
    }  # fmt: skip

    def fill(s: Any) -> None:
        write(s, ["DIP月度预结算表"], columns, [])
        s.append([None, None, None, None, "（元）", None, "（万元）", "（万元）", "（万元）"])
        s.append(["栏次", 1, 2, 3, 4, 5, "6=3*4*5", 7, "8=6-7"])
        for one in rows:
            s.append([read(one) for read in columns.values()])

    got = verified(tmp_path, [book(tmp_path / "月结.xlsx", 月结=fill)])
    assert {(one.sheet, coded(one.key), one.step, one.cause) for one in got.found.differences} == {
        (MONTHLY, wrong.key, "payable", "unexplained")
    }


def test_two_insurances_side_by_side_and_names_written_once(tmp_path: Path) -> None:
    """居民 and 职工 next to each other under merged headings; the month stands once over its hospitals; subtotals behind a name."""
    rows = months_of(cases([202501, 202502, 202503]), by_ratio)
    wrong = changed(rows, 9, payable=half_up(rows[9].points * D("8.3") * rows[9].pay_ratio, 2))
    wrong.deposit = half_up(wrong.payable * D("0.05"), 2)
    gone = next(one for one in rows if (one.month, one.hospital, one.insurance) == (202502, "丙镇中心卫生院", "职工"))
    names = ("例数", "总分值", "点值", "支付比例", "应付", "保证金", "实拨")
    reads: tuple[Any, ...] = (
        lambda o: o.count, lambda o: float(o.points), lambda o: float(o.value), lambda o: float(o.pay_ratio), lambda o: float(o.payable),
        lambda o: float(o.deposit), lambda o: float(o.paid),
    )  # fmt: skip

    def fill(s: Any) -> None:
        upper = ["月份", "医疗机构", "居民医保", *["<"] * 6, "职工医保", *["<"] * 6]
        lower = {"月份": None, "医疗机构": None, **{f"{i}{n}": None for i in INSURANCES for n in names}}
        write(s, ["2025年DIP预结算情况表"], lower, [], upper=upper)
        for at, name in enumerate((*names, *names), 3):
            s.cell(row=s.max_row, column=at, value=name)
        for month in (202501, 202502, 202503):
            for n, hospital in enumerate(HOSPITALS):
                line: list[Any] = [month if n == 0 else None, hospital]
                for insurance in INSURANCES:
                    one = next(o for o in rows if (o.month, o.hospital, o.insurance) == (month, hospital, insurance))
                    line += [None] * len(names) if one is gone else [read(one) for read in reads]
                s.append(line)
            s.append([None, "小计"])

    got = verified(tmp_path, [book(tmp_path / "预结算.xlsx", 预结算=fill)])
    assert len(got.sheets.months) == len(rows) - 1
    assert {(one.sheet, coded(one.key), one.step, one.cause) for one in got.found.differences} == {
        (MONTHLY, wrong.key, "payable", "point_value")
    }


def test_amounts_written_in_ten_thousands_with_two_places(tmp_path: Path) -> None:
    """Nothing within the rounding is told; what is beyond it is."""
    rows = months_of(cases([202501, 202502, 202503, 202504], each=14), by_ratio)
    for row in rows:
        row.payable = half_up(row.payable / 10_000, 2) * 10_000
        row.deposit = half_up(row.deposit / 10_000, 2) * 10_000
    wrong = changed(rows, 6, payable=rows[6].payable + D("900"))
    unpaid = changed(rows, 12, more={"paid": D("700")})
    columns = {
        "月份": lambda one: one.month, "医院": lambda one: one.hospital, "险种": lambda one: one.insurance, "总分值": lambda one: float(one.points),
        "点值": lambda one: float(one.value), "支付比例": lambda one: float(one.pay_ratio), "应付（万元）": lambda one: round(wan(one.payable), 2),
        "保证金（万元）": lambda one: round(wan(one.deposit), 2), "实拨（万元）": lambda one: round(wan(one.paid + one.more.get("paid", D(0))), 2),
    }  # fmt: skip
    got = verified(tmp_path, [book(tmp_path / "月结.xlsx", 月结=lambda s: write(s, ["DIP月结"], columns, rows))])
    keys = {(one.sheet, coded(one.key), one.step) for one in got.found.differences}
    assert keys == {(MONTHLY, wrong.key, "payable"), (MONTHLY, unpaid.key, "paid")}


def test_another_base_than_the_regions(tmp_path: Path) -> None:
    """The region pays by ratio, the sheet less what the patients bear: one difference of the whole sheet."""
    rows = months_of(cases([202501, 202502]), by_share)
    columns = {"月份": lambda one: one.month, **without(MONTHS, "扣款")}
    path = book(tmp_path / "月结.xlsx", 月结=lambda s: write(s, ["DIP月结"], columns, rows))
    got = verified(tmp_path, [path], "cn-990421")
    assert told(got) == {(MONTHLY, "2025", "pay_base", "pay_base")}


def test_tables_under_one_another(tmp_path: Path) -> None:
    """一、居民 and 二、职工 on one sheet, each with its title, headings and 合计; the headings once more where a page begins."""
    rows = months_of(cases([202501, 202502]), by_ratio)
    wrong = changed(rows, 3, deposit=D(0))
    columns = {
        "月份": lambda one: one.month,
        **without(MONTHS, "医保类型", "扣款", "个人负担"),
        "支付比例": lambda one: float(one.pay_ratio),
    }

    def fill(s: Any) -> None:
        for number, (insurance, label) in enumerate((("居民", "一、城乡居民"), ("职工", "二、城镇职工"))):
            mine = [one for one in rows if one.insurance == insurance]
            write(s, ["2025年DIP预结算"] * (number == 0) + [f"{label}基本医疗保险"], columns, mine[:4])
            s.append(list(columns))
            for one in mine[4:]:
                s.append([read(one) for read in columns.values()])
            s.append(["合计", None, sum(one.count for one in mine)])
            s.append([])

    got = verified(tmp_path, [book(tmp_path / "预结算.xlsx", 预结算=fill)])
    assert len(got.sheets.months) == len(rows)
    assert {(one.sheet, coded(one.key), one.step, one.cause) for one in got.found.differences} == {
        (MONTHLY, wrong.key, "deposit", "deposit")
    }


def test_a_months_row_again_in_the_next_months_file(tmp_path: Path) -> None:
    """June's row of a hospital stands in July's file as well: what it pays is told, with both places."""
    rows = months_of(cases([202506, 202507]), by_ratio)
    june, july = ([one for one in rows if one.month == month] for month in (202506, 202507))
    columns = {
        "月份": lambda one: one.month,
        **without(MONTHS, "扣款", "个人负担"),
        "支付比例": lambda one: float(one.pay_ratio),
    }
    files = [
        book(tmp_path / "6月预结算.xlsx", 预结算=lambda s: write(s, ["6月DIP预结算"], columns, june)),
        book(tmp_path / "7月预结算.xlsx", 预结算=lambda s: write(s, ["7月DIP预结算"], columns, [*july, june[2]])),
    ]
    got = verified(tmp_path, files)
    [one] = got.found.differences
    assert (one.sheet, coded(one.key), one.step, one.cause) == (MONTHLY, june[2].key, "file", "duplicate")
    assert one.effect == int(june[2].payable * 100)
    assert all(place in one.says for place in ("6月预结算.xlsx", "7月预结算.xlsx", "第 5 行", "第 9 行"))
