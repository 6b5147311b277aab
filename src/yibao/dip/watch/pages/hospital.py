"""The page of a hospital: it names nobody else, so it can be handed to the hospital."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from yibao.dip.watch.balance import Line, Sum, added
from yibao.dip.watch.measures import Measures
from yibao.dip.watch.pages.blocks import Card, Section, page, two_places
from yibao.dip.watch.pages.pictures import by_month, gains_and_losses, where_it_stands, why_moved
from yibao.dip.watch.stays import Hospital
from yibao.dip.watch.told import DEFINED, HOW_COMPARED, SUMS, UNGROUPED, notes
from yibao.dip.watch.told_leads import HOW_RANKED, NO_VERDICT, NUMBERS, leads_of
from yibao.dip.watch.year import Watched
from yibao.dip.watch.year_on_year import explained
from yibao.store.listing import Headings, Listing, rate_of, shown

MOST, NAME = 10, 14


def hospital_page(w: Watched, place: int) -> str:
    """The HTML of the hospital at a place of the stays' list."""
    hospital, own = w.stays.hospitals[place], w.hospitals[place]
    paid = added(_lines(w, hospital))
    n, failed = w.first_pass.stays.get(hospital.code, 0), w.first_pass.failed(hospital.code)
    cards = [
        Card("病例数", shown(own.cases, "count"), f"全区 {shown(w.region.cases, 'count')}"),
        Card("CMI（分）", two_places(own.cmi), f"全区 {two_places(w.region.cmi)}"),
        Card("次均费用（元）", shown(own.mean_cost, "money"), f"全区 {shown(w.region.mean_cost, 'money')}"),
        Card("平均住院日", two_places(own.mean_days), f"全区 {two_places(w.region.mean_days)}"),
        Card("记账÷应付", shown(paid.booked_rate, "rate"), f"盈亏 {shown(paid.result, 'money')} 元；{w.balance.source or '没有应付金额'}"),
        Card("清单首次质控通过", shown(rate_of(n - failed, n), "rate"), f"{n:,} 例中 {failed:,} 例不符；{len(w.first_pass.run)} 条规则"),
    ]  # fmt: skip
    subtitle = f"{hospital.level_name}　编号 {hospital.code}　{w.year} 年 1 月至 12 月出院的住院"
    return page(f"{hospital.name}：{w.year} 年按病种付费监测", subtitle, cards, list(_sections(w, place, paid)), [*notes(w), *DEFINED, *w.rules.cited])  # fmt: skip


def _sections(w: Watched, place: int, paid: Sum) -> Iterator[Section]:
    hospital = w.stays.hospitals[place]
    peers, others = _peers(w, place)
    if drawn := where_it_stands("本院", others, w.hospitals[place], peers):
        yield Section(
            f"在{others}中的位置", (), (drawn,), None, (f"与 {len(peers)} 家{others}相比；每条线从最低到最高",)
        )
    yield from _moved(w, hospital)
    months = [w.months.hospitals.get((place, at)) for at in range(len(w.months.months))]
    if curves := by_month(w.months.months, months):
        yield Section("逐月", (), curves)
    yield from _money(w, hospital, paid)
    yield Section("监测指标", (NO_VERDICT + "。",), (), _leads(w, hospital), (HOW_RANKED,))
    yield _quality(w, hospital)
    if w.not_run:
        yield Section("没有运行的（不等于没有问题）", [f"{x.what}：{x.why}。" for x in w.not_run])


def _peers(w: Watched, place: int) -> tuple[list[Measures], str]:
    """Those of its level; all others where it is alone at it."""
    level = w.stays.hospitals[place].level
    same = [i for i, h in enumerate(w.stays.hospitals) if h.level == level and i != place]
    if same:
        return [w.hospitals[i] for i in same], f"其他{w.stays.hospitals[place].level_name}医院"
    return [m for i, m in enumerate(w.hospitals) if i != place], "其他各级医院（同级没有别的医院）"


def _moved(w: Watched, hospital: Hospital) -> Iterator[Section]:
    for other, cost, _ in w.changes.hospitals:
        if other.code == hospital.code:
            drawn = why_moved(cost)
            yield Section("次均费用为什么变化", (explained(cost, w.year),), (drawn,) if drawn else (), None, HOW_COMPARED)  # fmt: skip


def _money(w: Watched, hospital: Hospital, paid: Sum) -> Iterator[Section]:
    if not w.balance.source or not paid.cases:
        return
    of: dict[str, list[Line]] = defaultdict(list)
    for line in _lines(w, hospital):
        of[line.group].append(line)
    sums = sorted(((group, added(lines)) for group, lines in of.items()), key=lambda x: (x[1].result or 0, x[0]))
    named = [(_disease(w, group), found.result or 0) for group, found in sums]
    drawn = gains_and_losses("各病种盈亏（应付－记账）", named, 6)
    rows = [(g or UNGROUPED, w.group_names.get(g, ""), s.cases, s.cost, s.booked, s.due, s.booked_rate, s.result) for g, s in sums]  # fmt: skip
    kept = rows if len(rows) <= 2 * MOST else [*rows[:MOST], *rows[-MOST:]]
    title = f"亏得多的在前，共 {len(rows)} 个病种" + ("" if len(kept) == len(rows) else f"，列前 {MOST} 个和后 {MOST} 个")  # fmt: skip
    table = Listing("病种", title, (("病种", "text"), ("名称", "text"), *SUMS), kept)
    yield Section("各病种盈亏", (), (drawn,) if drawn else (), table)


def _disease(w: Watched, group: str) -> str:
    """A name that fits beside a bar."""
    name = w.group_names.get(group) or group or UNGROUPED
    return name if len(name) <= NAME else f"{name[: NAME - 1]}…"


def _leads(w: Watched, hospital: Hospital) -> Listing:
    headings: Headings = (("指标", "text"), *NUMBERS)
    return Listing("指标", "与同级医院相比", headings, leads_of(w, hospital.code))


def _quality(w: Watched, hospital: Hospital) -> Section:
    counts, n = w.first_pass.by_rule(hospital.code), w.first_pass.stays.get(hospital.code, 0)
    rows = [(r.label, counts[r.id], rate_of(counts[r.id], n), r.says) for r in w.first_pass.run if counts.get(r.id)]
    headings: Headings = (("规则", "text"), ("不符", "count"), ("占住院", "rate"), ("怎么办", "text"))
    said = () if rows else (f"运行的 {len(w.first_pass.run)} 条规则没有找到不符的住院。",)
    table = Listing("质控", f"{n:,} 例住院", headings, rows) if rows else None
    return Section("清单质控", said, (), table)


def _lines(w: Watched, hospital: Hospital) -> list[Line]:
    return [line for line in w.balance.lines if line.hospital == hospital.code]
