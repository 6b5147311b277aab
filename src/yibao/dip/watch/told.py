"""The measures of a year as listings, with denominators, clocks, sources and what was not run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

from yibao.dip.names import insurance
from yibao.dip.watch.balance import Line, Sum, added
from yibao.dip.watch.decomposition import PARTS, Change
from yibao.dip.watch.measures import Measures
from yibao.dip.watch.stays import LEVELS
from yibao.dip.watch.sums import per
from yibao.dip.watch.year import DRUGS, MATERIALS, TESTS, Watched
from yibao.dip.watch.year_on_year import SAID, explained
from yibao.store.listing import Headings, Kind, Listing, rate_of, shown

UNGROUPED = "（未入组）"
MEASURES: tuple[tuple[str, Kind, Callable[[Measures], Any]], ...] = (
    ("病例数", "count", lambda m: m.cases), ("CMI（分）", "index", lambda m: m.cmi), ("次均费用（元）", "money", lambda m: m.mean_cost),
    ("平均住院日", "index", lambda m: m.mean_days), ("费用指数", "index", lambda m: m.cost_index), ("时间指数", "index", lambda m: m.time_index),
    ("统筹支付率", "rate", lambda m: m.fund_share), ("费用超低", "rate", lambda m: m.low_share), ("费用超高", "rate", lambda m: m.high_share), ("未入组", "rate", lambda m: m.ungrouped_share),
)  # fmt: skip
PAID: Headings = (("记账÷应付", "rate"), ("盈亏（元）", "money"))


def listings(w: Watched) -> Iterator[Listing]:
    """All of them, in the order of the workbook's sheets."""
    yield overview(w)
    yield hospitals(w)
    yield months(w)
    yield from year_on_year(w)
    yield by_hospital(w)
    yield by_disease(w)
    yield by_hospital_and_disease(w)
    if w.fees is not None:
        yield fee_shares(w)
    yield variation(w)


def notes(w: Watched, *more: str) -> list[str]:
    """What stands under every listing of measures."""
    return [
        *more,
        f"病例：{w.year} 年出院（按出院日期）、机构当日按病种付费、已结算的住院 {len(w.stays):,} 例；另有 {w.stays.without_bill:,} 例没有结算，没有算入",
        *w.sources,
    ]


def overview(w: Watched) -> Listing:
    """This year beside the last one, with why the mean cost moved."""
    table = []
    for label, kind, value in MEASURES:
        if label in ("费用指数", "时间指数"):
            continue  # of the whole region they are 1
        before = w.region_before if w.region_before and (label != "未入组" or w.region_before.grouped) else None
        now, then = value(w.region), value(before) if before else None
        table.append((label, shown(now, kind), shown(then, kind)))
    paid = added(list(w.balance.lines))
    table += [
        ("记账÷应付", shown(paid.booked_rate, "rate"), ""),
        ("盈亏（应付－记账，元）", shown(paid.result, "money"), ""),
        ("清单首次质控通过", shown(_passed(w), "rate"), ""),
    ]
    said = [explained(w.changes.cost, w.year)] if w.changes.cost else []
    not_run = [f"没有运行：{x.what}（{x.why}）" for x in w.not_run]
    return Listing("概览", f"{w.year} 年按病种付费监测：全区", (("指标", "text"), (f"{w.year} 年", "text"), (f"{w.year - 1} 年", "text")), table, notes(w, *said, *not_run))  # fmt: skip


def hospitals(w: Watched) -> Listing:
    """The region, each level, scheme and hospital."""
    table: list[tuple[Any, ...]] = [("全区", "", *_measured(w.region), *_paid(list(w.balance.lines)))]
    level_of = {h.code: h.level for h in w.stays.hospitals}
    for level, found in reversed(w.levels):
        mine = [x for x in w.balance.lines if level_of.get(x.hospital) == level]
        table.append(("等级", LEVELS.get(level, level), *_measured(found), *_paid(mine)))
    for scheme, found in w.schemes:
        mine = [x for x in w.balance.lines if x.scheme == scheme]
        table.append(("险种", insurance(scheme), *_measured(found), *_paid(mine)))
    for i in w.order:
        hospital = w.stays.hospitals[i]
        table.append((hospital.level_name, hospital.name, *_measured(w.hospitals[i]), *_paid(_of(w, hospital.code))))
    headings: Headings = (("范围", "text"), ("名称", "text"), *((n, k) for n, k, _ in MEASURES), *PAID)
    return Listing("机构", f"{w.year} 年各等级、险种、机构的监测指标", headings, table, notes(w, *DEFINED, _due(w)))


DEFINED = (
    "统筹支付率＝统筹记账÷医疗费，按出院日期",
    "CMI＝Σ病种分值÷病种有分值的病例数；费用指数、时间指数＝每例费用（住院日）÷全区同病种本年均值，再对入组病例平均，1 为与全区相当",
    "费用超低、超高＝该类病例÷有偏差类型的病例，偏差类型按结算结果；未入组＝未入组病例÷病例数",
)


def months(w: Watched) -> Listing:
    """Month by month, the region and each hospital."""
    table = [("全区", str(m), *_measured(found)) for m, found in zip(w.months.months, w.months.region, strict=True)]
    for i in w.order:
        for at, month in enumerate(w.months.months):
            if found := w.months.hospitals.get((i, at)):
                table.append((w.stays.hospitals[i].name, str(month), *_measured(found)))
    headings: Headings = (("范围", "text"), ("出院月份", "text"), *((n, k) for n, k, _ in MEASURES))
    return Listing("逐月", f"{w.year} 年逐月监测指标", headings, table, notes(w, *DEFINED))


def year_on_year(w: Watched) -> Iterator[Listing]:
    """The differences of mean cost and mean stay, each with its parts, which add up to it."""
    costs = [("全区", w.changes.cost), *((h.name, cost) for h, cost, _ in w.changes.hospitals)]
    days = [("全区", w.changes.days), *((h.name, stay) for h, _, stay in w.changes.hospitals)]
    alone = {h.name for h in w.stays.hospitals} - {h.name for h, _, _ in w.changes.hospitals}
    said = (f"上年没有出院住院、没有单独列出的机构 {len(alone)} 家：{'、'.join(sorted(alone))}",) if alone else ()
    for label, found, kind in (("次均费用（元）", costs, "money"), ("平均住院日", days, "index")):
        rows = [(name, *_change(one)) for name, one in found if one is not None]
        title = f"{w.year} 年{label}同比：相差的各部分之和等于相差"
        name = f"同比-{label.removesuffix('（元）')}"
        yield Listing(name, title, _compared(cast(Kind, kind)), rows, notes(w, *said, *HOW_COMPARED))


def _compared(kind: Kind) -> Headings:
    return (("范围", "text"), *((said, kind) for said in ("上年", "本年", "相差", *(SAID[p] for p in PARTS))))


HOW_COMPARED = (
    "同院同病种的费用变化＝以上年的机构和病种结构为权数，本年均值与上年均值之差；病种为诊断亚目加主要手术操作，与目录版本无关",
    "病种结构变化＝同样的机构和病种，比重改变的影响；新加入、退出的机构和新收、不再收的病种各为整体均值与去掉它们以后的均值之差",
)


def by_hospital(w: Watched) -> Listing:
    """What each hospital is due, had booked, and keeps or loses."""
    table = []
    for i in w.order:
        hospital, paid = w.stays.hospitals[i], added(_of(w, w.stays.hospitals[i].code))
        table.append((hospital.level_name, hospital.name, *_sum(paid)))
    table.append(("", "合计", *_sum(added(list(w.balance.lines)))))
    return Listing("盈亏-机构", f"{w.year} 年各机构盈亏", (("等级", "text"), ("机构", "text"), *SUMS), table, notes(w, *_balance_notes(w)))  # fmt: skip


def by_disease(w: Watched) -> Listing:
    """The diseases that lose most first."""
    of: dict[str, list[Line]] = defaultdict(list)
    for line in w.balance.lines:
        of[line.group].append(line)
    found = sorted(((group, added(lines)) for group, lines in of.items()), key=lambda x: (x[1].result or 0, x[0]))
    table = [(group or UNGROUPED, w.group_names.get(group, ""), *_sum(paid)) for group, paid in found]
    return Listing("盈亏-病种", f"{w.year} 年各病种盈亏（亏得多的在前）", (("病种", "text"), ("名称", "text"), *SUMS), table, notes(w, *_balance_notes(w)))  # fmt: skip


def by_hospital_and_disease(w: Watched) -> Listing:
    """Every hospital's diseases."""
    names = {h.code: h.name for h in w.stays.hospitals}
    of: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in w.balance.lines:
        of[line.hospital, line.group].append(line)
    found = sorted(
        ((key, added(lines)) for key, lines in of.items()), key=lambda x: (x[0][0], x[1].result or 0, x[0][1])
    )
    table = [(names.get(h, h), g or UNGROUPED, w.group_names.get(g, ""), *_sum(paid)) for (h, g), paid in found]
    return Listing("盈亏-机构病种", f"{w.year} 年各机构各病种盈亏", (("机构", "text"), ("病种", "text"), ("名称", "text"), *SUMS), table, notes(w, *_balance_notes(w)))  # fmt: skip


def fee_shares(w: Watched) -> Listing:
    """Drugs, materials, tests of the fee lines of the stays."""
    table = []
    for i in w.order:
        fees = (w.fees or {}).get(w.stays.hospitals[i].code, {})
        whole = sum(fees.values())
        shares = (rate_of(sum(fees.get(c, 0) for c in part), whole) for part in (DRUGS, MATERIALS, TESTS))
        table.append((w.stays.hospitals[i].level_name, w.stays.hospitals[i].name, whole, *shares))
    headings: Headings = (("等级", "text"), ("机构", "text"), ("明细合计（元）", "money"), ("药品", "rate"), ("卫生材料", "rate"), ("检查化验", "rate"))  # fmt: skip
    return Listing("费用构成", f"{w.year} 年费用构成（占费用明细）", headings, table, notes(w, "药品＝西药、中药饮片、中成药；比例的分母是这些住院的费用明细之和"))  # fmt: skip


def variation(w: Watched) -> Listing:
    """Groups by their CV, the largest first; beyond the rule's bound a split is worth a look."""
    g = w.groups
    order = sorted(range(len(g.names)), key=lambda i: (-g.cv[i], g.names[i]))
    table = [
        (g.names[i], w.group_names.get(g.names[i], ""), int(g.cases[i]), per(int(g.cost[i]), int(g.cases[i])), round(g.cv[i] * 1_000_000),
         "看是否应当拆分" if round(g.cv[i] * 1_000_000) > w.rules.cv and g.cases[i] >= w.rules.least else "")
        for i in order
    ]  # fmt: skip
    headings: Headings = (("病种", "text"), ("名称", "text"), ("病例数", "count"), ("次均费用（元）", "money"), ("变异系数", "index"), ("提示", "text"))  # fmt: skip
    return Listing("病种变异", f"{w.year} 年病种费用的变异系数", headings, table, notes(w, "变异系数＝标准差÷均值（F18）；例数少于下限的不提示", *w.rules.cited))  # fmt: skip


SUMS: Headings = (("结算病例", "count"), ("医疗费（元）", "money"), ("统筹记账（元）", "money"), ("应付（元）", "money"), *PAID)  # fmt: skip


def _sum(s: Sum) -> tuple[Any, ...]:
    return s.cases, s.cost, s.booked, s.due, s.booked_rate, s.result


def _of(w: Watched, hospital: str) -> list[Line]:
    return [line for line in w.balance.lines if line.hospital == hospital]


def _paid(lines: list[Line]) -> tuple[int | None, int | None]:
    found = added(lines)
    return (found.booked_rate, found.result) if lines else (None, None)


def _due(w: Watched) -> str:
    return f"记账÷应付、盈亏：应付为{w.balance.source}，病例按结算日期" if w.balance.source else "盈亏没有运行：没有应付金额"  # fmt: skip


def _balance_notes(w: Watched) -> list[str]:
    said = [
        _due(w),
        "盈亏＝应付－统筹记账＝应付＋其他基金＋个人负担－医疗费（医院自己负担的部分除外）。记账÷应付低于 100% 为结余",
        "病种名称按市里的目录；目录里没有的，写病例最多的主要诊断（“……等”）",
        "一家机构一个险种的应付按结算点数分到病种，尾差用最大余数，各病种之和等于应付",
    ]
    if w.balance.without_due:
        said.append(f"没有应付金额的机构险种 {len(w.balance.without_due)} 个，盈亏空着")
    return said


def _measured(m: Measures) -> tuple[Any, ...]:
    return tuple(value(m) for _, _, value in MEASURES)


def _change(found: Change) -> Sequence[int]:
    return found.before, found.after, found.difference, *(found.parts[p] for p in PARTS)


def _passed(w: Watched) -> int | None:
    whole = sum(w.first_pass.stays.values())
    return rate_of(whole - w.first_pass.failed(), whole)
