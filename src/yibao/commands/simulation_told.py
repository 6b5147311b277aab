"""A simulation as listings: the funds, the people, the groups, the largest bills, the reserve. Every figure with its base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from yibao.charts.shapes import Curve, Curves, Mark
from yibao.dip.pay.under import Under
from yibao.money import Fen, MoneyUnit, in_unit
from yibao.region.benefits.knobs import FUNDS
from yibao.settle.effects import Change, Effects, Totals
from yibao.settle.prepared import Prepared
from yibao.settle.reserves import Reserve
from yibao.store.listing import Headings, Kind, Listing

SHOWN = 15  #: rows of a long listing on a terminal
LARGEST = 20  #: bills
UNIT: MoneyUnit = "万元"
Row = tuple[str | int | Decimal | None, ...]
GROUPS = {
    "insurance_type": "险种", "care_type": "医疗类别", "hospital_level": "医院等级", "identity_type": "人员身份", "age": "年龄", "town": "乡镇",
}  # fmt: skip
BASES = {
    "insurance_type": "按单据的险种", "care_type": "按单据的医疗类别", "hospital_level": "按单据的医院等级",
    "identity_type": "按开始日在册、按次序只算一种的身份", "age": "按开始日的周岁", "town": "按常住地（没有的按户籍地）的乡镇",
}  # fmt: skip
SAME = "假定就医行为不变：同一批人、同一批就诊、同一批费用，只换支付政策；没有估计政策变动引起的就医变化。"
NO_DIP = "没有算：工作区里没有这一年的 DIP 病例点数。以上是记账支出；要看按病种付费的医院实际应付，请先运行 yibao dip settle。"
NO_DIP_SWEPT = "逐个取值时不算。要看某一个取值下按病种付费的医院实际应付，用 --set 单独测算。"
BY_DIP = (
    "DIP 应付＝按点数分的年度应付＋结余留用与超支分担，考核和扣款之前；与上面的记账支出是两回事，不相加",
    "假定基金总额、各次住院的点数都不变；浮动点值时，记账多少只影响留用与分担",
)


@dataclass(frozen=True)
class Asked:
    """What is simulated, in words."""

    region: str
    year: int
    on: date
    assumptions: tuple[str, ...]  #: one sentence each

    @property
    def title(self) -> str:
        return f"{self.region} {self.year} 年度政策测算"


def remarks(asked: Asked, prepared: Prepared) -> tuple[str, ...]:
    """What stands above the listings."""
    return (
        *(f"假设：{said}" for said in asked.assumptions),
        f"执行：自 {asked.on} 起出院（开药）的单据，之前的单据仍按现行政策；累计额按一个年度连续计算。",
        f"范围：{prepared.year} 待遇年度全部单据 {prepared.size:,} 张（含冲正，冲正为负），{prepared.people:,} 人。",
        SAME,
        "本次测算没有写入任何标准表。",
    )


def dip(rows: Sequence[Under], names: Mapping[str, str]) -> Listing:
    """Booked at DIP hospitals and due under DIP, before and after."""
    headings: Headings = [
        ("险种", "text"), ("病例", "count"), ("记账 现行", "wan"), ("记账 假设", "wan"), ("应付 现行", "wan"), ("应付 假设", "wan"), ("应付变动", "wan"),
        ("点值 现行", "number"), ("点值 假设", "number"), ("支付比例 现行", "number"), ("支付比例 假设", "number"),
    ]  # fmt: skip
    found = [
        [names.get(row.insurance, row.insurance), row.cases, row.before.booked, row.after.booked, row.before.due, row.after.due, row.after.due - row.before.due,
         row.before.value, row.after.value, row.before.ratio, row.after.ratio] for row in rows
    ]  # fmt: skip
    return Listing("DIP应付", f"六、DIP 应付（{UNIT}）", headings, found, BY_DIP)


def listings(effects: Effects, reserve: Sequence[Reserve], fund_names: dict[str, str]) -> tuple[Listing, ...]:
    """Everything of one simulation, in the order in which a clerk asks."""
    return (
        _funds(effects), _people(effects),
        *(_group(effects, name, f"三、按{label}看谁受益、谁多负担") for name, label in GROUPS.items()),
        _largest(effects), _reserve(effects, reserve, fund_names),
    )  # fmt: skip


def _listing(
    title: str, headings: Headings, rows: Sequence[Row], base: str, total: int | None = None, most: int | None = None
) -> Listing:
    """A listing whose sheet is called as its title is, without number and unit. `base` names the rows that are summed up."""
    name = title.split("、", 1)[-1].split("（", 1)[0]
    bold = frozenset() if total is None else frozenset({total})
    return Listing(name, title, headings, rows, (f"口径：{base}",), bold, len(rows) if most is None else most)


def _columns(kind: Kind, *labels: str) -> list[tuple[str, Kind]]:
    return [(label, kind) for label in labels]


def _funds(effects: Effects) -> Listing:
    rows: list[Row] = [
        (row.insurance, FUNDS[row.fund][0], *_amounts(row.paid), _share(row.paid)) for row in effects.funds()
    ]
    rows.append(("合计", "", *_amounts(effects.fund), _share(effects.fund)))
    return _listing(
        f"一、基金支出（记账，{UNIT}）",
        [*_columns("text", "险种", "基金"), *_columns("wan", "现行", "假设", "变动"), ("变动率", "rate")],
        rows,
        "Σ 各基金支付，不含个人账户和医院负担；全部单据，按单据的险种",
        total=len(rows) - 1,
    )


def _people(effects: Effects) -> Listing:
    burden = Change(effects.cash.before + effects.account.before, effects.cash.after + effects.account.after)
    found = [("个人现金", effects.cash), ("个人账户（含共济）", effects.account), ("个人负担合计", burden)]
    if effects.hospital.before or effects.hospital.after:
        found.append(("医院负担", effects.hospital))
    rows: list[Row] = [(name, *_amounts(change), _share(change)) for name, change in found]
    same = effects.prepared.people - effects.better - effects.worse
    return _listing(
        f"二、个人负担（{UNIT}）：{effects.better:,} 人减轻，{effects.worse:,} 人加重，{same:,} 人不变",
        [("项目", "text"), *_columns("wan", "现行", "假设", "变动"), ("变动率", "rate")],
        rows,
        "Σ 各项个人支付，全部单据；减轻、加重按每人全年个人负担（现金加账户）合计比较",
        total=2,
    )


def _group(effects: Effects, name: str, heading: str) -> Listing:
    rows: list[Row] = []
    found = list(effects.groups(effects.prepared.grouping(name)))
    if name == "town":
        found.sort(key=lambda row: -abs(row.burden.by))
    for row in found:
        rows.append((row.label, row.bills, row.fund.before, row.fund.by, row.burden.before, row.burden.by, row.better, row.worse))  # fmt: skip
    wan = _columns("wan", "基金现行", "基金变动", "个人现行", "个人变动")
    return _listing(
        f"{heading}（{UNIT}）",
        [(GROUPS[name], "text"), ("单据", "count"), *wan, *_columns("count", "减轻人数", "加重人数")],
        rows,
        f"{BASES[name]}；基金为各基金支付之和，个人为现金加账户；人数按每人在该组内的全年合计比较，一人可在几组",
        most=SHOWN if name == "town" else None,
    )


def _largest(effects: Effects) -> Listing:
    rows: list[Row] = [
        (one.bill_id, one.insurance, one.care, one.level, one.fund.before, one.fund.after, one.burden.before, one.burden.after, one.burden.by)
        for one in effects.largest(LARGEST)
    ]  # fmt: skip
    money = _columns("money", "基金现行", "基金假设", "个人现行", "个人假设", "个人变动")
    return _listing(
        "四、对个人影响最大的单据（元）",
        [*_columns("text", "单据号", "险种", "医疗类别", "医院等级"), *money],
        rows,
        f"个人负担变动的绝对值最大的 {len(rows)} 张；不含已冲正的单据和冲正本身",
        most=10,
    )


def _reserve(effects: Effects, reserve: Sequence[Reserve], names: dict[str, str]) -> Listing:
    rows: list[Row] = [
        (names.get(one.fund, one.fund), one.balance, one.expense, one.change, _months(one.months_before), _months(one.months_after))
        for one in reserve
    ]  # fmt: skip
    lacking = [f"{names.get(one.fund, one.fund)}缺{one.missing}" for one in reserve if one.missing]
    year = effects.prepared.year
    source = reserve[0].expense_from if reserve else ""
    base = (
        f"结余为 {year} 年末各账户银行流水的余额之和，支出为 {year} 年{source}，都是过账口径；变动为本次测算的记账支出之差，结算口径。"
        "可支付月数＝结余÷（支出÷12），假设下结余减变动、支出加变动；个人账户的变动不计"
    )
    if lacking:
        base += f"。算不出的：{'；'.join(lacking)}（工作区里没有 {year} 年的数据）"
    return _listing(
        f"五、基金可支付月数（{UNIT}）",
        [
            ("基金", "text"),
            *_columns("wan", "年末结余", "当年支出", "支出变动"),
            *_columns("number", "现行月数", "假设月数"),
        ],
        rows,
        base,
    )


def swept(label: str, points: Sequence[tuple[str, Decimal, Totals]], now: int | None) -> tuple[Listing, Curves]:
    """A range of simulations: value by value what the funds and the people pay, and the picture of it."""
    rows: list[Row] = [
        (said + ("（现行）" if place == now else ""), *_amounts(e.fund)[1:], *_amounts(e.cash)[1:], *_amounts(e.account)[1:], e.better, e.worse)
        for place, (said, _, e) in enumerate(points)
    ]  # fmt: skip
    wan = _columns("wan", "基金支出", "变动", "个人现金", "变动", "个人账户", "变动")
    listing = _listing(
        f"{label}：取值与结果（{UNIT}）",
        [("取值", "text"), *wan, *_columns("count", "减轻人数", "加重人数")],
        rows,
        "每行与现行政策比较；基金支出为 Σ 各基金支付（记账），现金、账户为 Σ 个人支付，全部单据（冲正为负）",
    )
    curves = (
        Curve("基金支出，记账", tuple(_mark(e.fund.after) for _, _, e in points)),
        Curve("个人现金", tuple(_mark(e.cash.after) for _, _, e in points)),
    )
    return listing, Curves(UNIT, label, tuple(Mark(value, said) for said, value, _ in points), curves, now)


def _mark(fen: int) -> Mark:
    value = in_unit(Fen(fen), UNIT) + 0  # what is too small for the unit is a plain zero
    return Mark(value, str(value))


def _amounts(change: Change) -> tuple[int, int, int]:
    return change.before, change.after, change.by


def _share(change: Change) -> int | str | None:
    """What a change is of the amount before, 10⁻⁴, half-up; in words where there was none, or it is too small to print."""
    if not change.before:
        return "新增" if change.by else None
    share = int((Decimal(change.by) * 10_000 / change.before).quantize(Decimal(1), ROUND_HALF_UP))
    return share if share or not change.by else f"不到 {'-' if change.by < 0 else ''}0.01%"


def _months(months: Decimal | None) -> Decimal | str:
    return "算不出" if months is None else months.quantize(Decimal("0.01"), ROUND_HALF_UP)


def said_of(value: Decimal, kind: str) -> str:
    """A value of a range as people read it: a rate in per cent, an amount in yuan.

    >>> said_of(Decimal("0.755"), "rate"), said_of(Decimal("500"), "money")
    ('75.5%', '500元')
    """
    if kind in ("rate", "bands", "rates"):
        percent = (value * 100).normalize()
        return f"{percent:f}%"
    return f"{value}元"
