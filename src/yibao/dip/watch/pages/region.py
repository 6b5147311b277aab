"""The page of the region."""

from __future__ import annotations

from collections.abc import Iterator

from yibao.charts.shapes import Chart
from yibao.dip.watch.balance import added
from yibao.dip.watch.pages.blocks import Card, Section, page, two_places
from yibao.dip.watch.pages.pictures import by_month, gains_and_losses, why_moved
from yibao.dip.watch.told import DEFINED, HOW_COMPARED, by_disease, hospitals, notes
from yibao.dip.watch.told_leads import HOW_RANKED, NO_VERDICT, quality, top_leads
from yibao.dip.watch.year import Watched
from yibao.dip.watch.year_on_year import explained
from yibao.store.listing import Kind, Listing, rate_of, shown

MOST, LEADS = 12, 15  #: diseases on each side, and indicators, in the tables of the page


def region_page(w: Watched, name: str) -> str:
    """The HTML of the region."""
    subtitle = (
        f"{name}　{w.year} 年 1 月至 12 月出院的住院　{len(w.stays.hospitals)} 家机构　分组、点数的来源见文末口径"
    )
    return page(
        f"{w.year} 年按病种付费监测", subtitle, cards(w), list(_sections(w)), [*notes(w), *DEFINED, *w.rules.cited]
    )


def cards(w: Watched) -> list[Card]:
    """The six figures that a director asks for first."""
    now, then, paid = w.region, w.region_before, added(list(w.balance.lines))
    whole = sum(w.first_pass.stays.values())
    passed = rate_of(whole - w.first_pass.failed(), whole)
    return [
        Card("病例数", shown(now.cases, "count"), _before(then.cases if then else None, "count")),
        Card("CMI（分）", two_places(now.cmi), f"上年 {two_places(then.cmi if then else None)}"),
        Card("次均费用（元）", shown(now.mean_cost, "money"), _before(then.mean_cost if then else None, "money")),
        Card("平均住院日", two_places(now.mean_days), f"上年 {two_places(then.mean_days if then else None)}"),
        Card("记账÷应付", shown(paid.booked_rate, "rate"), f"盈亏 {shown(paid.result, 'money')} 元；{w.balance.source or '没有应付金额'}"),
        Card("清单首次质控通过", shown(passed, "rate"), f"{whole:,} 例中 {w.first_pass.failed():,} 例不符；{len(w.first_pass.run)} 条规则"),
    ]  # fmt: skip


def _before(value: int | None, kind: Kind) -> str:
    return f"上年 {shown(value, kind)}"


def _sections(w: Watched) -> Iterator[Section]:
    yield _moved(w)
    yield Section("逐月", (), by_month(w.months.months, w.months.region))
    yield from _money(w)
    table = hospitals(w)
    yield Section("各等级、险种、机构", (), (), Listing(table.name, table.title, table.headings, table.rows))
    found = top_leads(w, 1)
    table = Listing(found.name, found.title, found.headings, found.rows[:LEADS])
    under = (
        HOW_RANKED,
        f"每项指标、每个等级只取第 1 位，列最突出的 {LEADS} 行；全部机构和病例在工作簿的“线索”各页和“DIP监测指标”两张表里",
    )
    yield Section("值得看的机构", (NO_VERDICT + "。",), (), table, under)
    yield Section("清单质控", (), (), _bare(next(quality(w))))
    if w.not_run:
        yield Section("没有运行的（不等于没有问题）", [f"{x.what}：{x.why}。" for x in w.not_run])


def _moved(w: Watched) -> Section:
    if w.changes.cost is None:
        return Section("次均费用为什么变化", (f"{w.year - 1} 年没有可比的住院，没有作同比。",))
    drawn = why_moved(w.changes.cost)
    return Section("次均费用为什么变化", (explained(w.changes.cost, w.year),), (drawn,) if drawn else (), None, HOW_COMPARED)  # fmt: skip


def _money(w: Watched) -> Iterator[Section]:
    if not w.balance.source:
        return
    names = {h.code: h.name for h in w.stays.hospitals}
    results: dict[str, int] = {}
    for line in w.balance.lines:
        name = names.get(line.hospital, line.hospital)
        results[name] = results.get(name, 0) + (line.result or 0)
    drawn: Chart | None = gains_and_losses("盈亏（应付－记账）", list(results.items()))
    paid = added(list(w.balance.lines))
    said = f"应付（{w.balance.source}）{shown(paid.due, 'money')} 元，统筹记账 {shown(paid.booked, 'money')} 元，记账÷应付 {shown(paid.booked_rate, 'rate')}。"
    yield Section("各机构盈亏", (said,), (drawn,) if drawn else ())
    table = by_disease(w)
    rows = list(table.rows)
    kept = rows if len(rows) <= 2 * MOST else [*rows[:MOST], *rows[-MOST:]]
    title = (
        table.title if len(kept) == len(rows) else f"{table.title}：前 {MOST} 个和后 {MOST} 个，共 {len(rows)} 个病种"
    )
    yield Section("各病种盈亏", (), (), Listing(table.name, title, table.headings, kept))


def _bare(listing: Listing) -> Listing:
    """Without its notes: they stand once at the foot of the page."""
    return Listing(listing.name, listing.title, listing.headings, listing.rows)
