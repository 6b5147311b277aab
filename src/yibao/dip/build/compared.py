"""The comparison of two packs as listings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pyarrow as pa

from yibao.dip.build.columns import columns
from yibao.dip.build.compare import Comparison, Side
from yibao.dip.build.groups import ten_thousandths
from yibao.dip.build.same import sign
from yibao.dip.names import insurance
from yibao.dip.pack import Row
from yibao.dip.settings import LAYER_NAMES
from yibao.store.listing import Headings, Listing, rate_of

NONE = "没有入组"
MOST_STAYS = 100_000
LEVEL_NAMES = {"1": "一级", "2": "二级", "3": "三级", "": "未定级"}


def listings(found: Comparison) -> list[Listing]:
    return [
        _summary(found),
        _layers(found),
        _levels(found),
        _hospitals(found),
        _moves(found),
        _moved(found),
        _groups(found),
    ]


def _titles(found: Comparison) -> tuple[str, str]:
    before, after = (side.pack.title for side in found.sides)
    return (before, after) if before != after else (f"{before}（甲）", f"{after}（乙）")


def _summary(found: Comparison) -> Listing:
    before, after = found.sides
    moved = sum(found.moves.values())
    rows: list[tuple[Any, ...]] = [
        ("病种", len(before.rows), len(after.rows)),
        ("住院", found.stays, found.stays),
        ("入组", sum(before.grouped.values()), sum(after.grouped.values())),
        ("没有入组", found.stays - sum(before.grouped.values()), found.stays - sum(after.grouped.values())),
        ("总点数", _total(before), _total(after)),
        ("病例组合指数（CMI）", _cmi(before, None, found.stays), _cmi(after, None, found.stays)),
    ]
    notes = [
        f"换了病种的 {moved:,} 例，占 {Decimal(moved) / found.stays:.2%}。名称不同、要求相同的病种算同一个。",
        f"不由按病种付费基金付费的 {found.left_out:,} 例没有算（出院当日没有按病种付费的协议、异地、手工报销或没有结算）。",
        f"基金按{found.fund_source}，两个方案相同：" + "，".join(f"{insurance(kind)} {Decimal(fen) / 100:,.2f} 元" for kind, fen in found.fund.items()) + "。",
        "点数 = 分值 × 机构系数 × 辅助分型系数；机构系数两边相同；不算费用偏差。点值按险种分别算，分到机构按最大余数法，合计分毫不差。",
        *([f"机构 {'、'.join(found.without_level)} 的级别没有机构系数，按 1。"] if found.without_level else []),
        *(note for side in found.sides for note in side.notes),
        *(f"{side.pack.title}没有区域次均费用，没有入组的病例按零分。" for side in found.sides if side.pack.manifest.measured_by is None),
    ]  # fmt: skip
    headings: Headings = [("项目", "text"), *((title, "number") for title in _titles(found))]
    return Listing("总览", f"{found.year} 年出院：两个分组方案", headings, rows, notes)


def _total(side: Side) -> Decimal:
    return round(sum(side.points.values(), Decimal(0)), 2)


def _cmi(side: Side, hospitals: Iterable[str] | None, stays: int) -> Decimal | None:
    """F17 over the stays in a group with a score; a score of the scale is 1."""
    own = side.base.keys() if hospitals is None else hospitals
    scored = sum(side.scored[hospital] for hospital in own)
    scale = side.pack.manifest.score_scale or 1
    return (
        round(sum((side.base[hospital] for hospital in own), Decimal(0)) / scored / scale, 4)
        if scored and stays
        else None
    )


def _layers(found: Comparison) -> Listing:
    counted: Counter[tuple[str, str]] = Counter()
    for (one, other), number in found.moves.items():
        counted[_layer(found.sides[0], one), _layer(found.sides[1], other)] += number
    rows = [(*pair, number, rate_of(number, found.stays)) for pair, number in _most(counted)]
    return Listing("换层", "换了病种的住院，按层", columns("原来|换到|例数:count|占全部住院:rate"), rows)


def _layer(side: Side, group: str) -> str:
    return LAYER_NAMES.get(side.rows[group].layer, side.rows[group].layer) if group else NONE


def _most(counted: Counter[tuple[str, str]]) -> list[tuple[tuple[str, str], int]]:
    return sorted(counted.items(), key=lambda one: (-one[1], one[0]))


def _moves(found: Comparison) -> Listing:
    rows = [
        (one or NONE, _name(found.sides[0], one), other or NONE, _name(found.sides[1], other), number, _change(found, one, other))
        for (one, other), number in _most(found.moves)
    ]  # fmt: skip
    headings = columns("原病种|名称|换到|名称|例数:count|分值变化:rate")
    return Listing("换病种", "换了病种的住院，例数多的在前", headings, rows)


def _moved(found: Comparison) -> Listing:
    """Stay by stay, as many as a sheet is looked through for."""
    table = pa.concat_tables(found.moved).sort_by("visit_id")
    rows = [
        (row["visit_id"], found.hospitals.get(row["provider_code"], (row["provider_code"], ""))[0], row["before"] or NONE, row["after"] or NONE, row["cost"], _change(found, row["before"], row["after"]))
        for row in table.slice(0, MOST_STAYS).to_pylist()
    ]  # fmt: skip
    notes = [f"共 {len(table):,} 例，列前 {MOST_STAYS:,} 例。"] if len(table) > MOST_STAYS else []
    headings = columns("就诊ID|机构|原病种|换到|医疗费（元）:money|分值变化:rate")
    return Listing("换病种-病例", "换了病种的住院，逐例", headings, rows, notes, most=5)


def _name(side: Side, group: str) -> str:
    return side.rows[group].name if group else ""


def _change(found: Comparison, one: str, other: str) -> int | None:
    """Of the scores, each by its own scale."""
    scores = [_score(side, group) for side, group in zip(found.sides, (one, other), strict=True)]
    return ten_thousandths(scores[1] / scores[0] - 1) if scores[0] and scores[1] is not None else None


def _score(side: Side, group: str) -> Decimal | None:
    score = side.rows[group].score if group else None
    return None if score is None else score / (side.pack.manifest.score_scale or 1)


_PAID = (
    "例数:count|未入组前:count|未入组后:count|点数前:number|点数后:number|占比前:rate|占比后:rate|"
    "金额前:money|金额后:money|得失:money|CMI前:number|CMI后:number"
)


def _paid(found: Comparison, hospitals: list[str]) -> tuple[Any, ...]:
    cases = sum(found.cases[hospital] for hospital in hospitals)
    money = [_sum(side.money, hospitals) if side.money else None for side in found.sides]
    points = [
        sum((value for (h, _), value in side.points.items() if h in hospitals), Decimal(0)) for side in found.sides
    ]
    shares = [_share(own, sum(side.points.values(), Decimal(0))) for own, side in zip(points, found.sides, strict=True)]
    gain = None if None in money else money[1] - money[0]  # type: ignore[operator]
    return (
        cases, *(cases - sum(side.grouped[h] for h in hospitals) for side in found.sides), *(round(own, 2) for own in points),
        *shares, *money, gain, *(_cmi(side, hospitals, cases) for side in found.sides),
    )  # fmt: skip


def _sum(money: dict[tuple[str, str], int], hospitals: list[str]) -> int:
    return sum(fen for (hospital, _), fen in money.items() if hospital in hospitals)


def _share(part: Decimal, whole: Decimal) -> int | None:
    return int(part / whole * 10_000 + Decimal("0.5")) if whole else None


def _hospitals(found: Comparison) -> Listing:
    rows = [
        (found.hospitals.get(one, (one, ""))[0], LEVEL_NAMES.get(_level(found, one), ""), *_paid(found, [one]))
        for one in found.cases
    ]
    rows.sort(key=lambda row: (-abs(row[11] or 0), row[0]))
    return Listing("机构得失", "各机构的点数、金额得失，大的在前", columns(f"机构|级别|{_PAID}"), rows)


def _level(found: Comparison, hospital: str) -> str:
    return found.hospitals.get(hospital, ("", ""))[1]


def _levels(found: Comparison) -> Listing:
    levels = sorted({_level(found, one) for one in found.cases}, reverse=True)
    rows = [
        (LEVEL_NAMES.get(level, level), *_paid(found, [one for one in found.cases if _level(found, one) == level]))
        for level in levels
    ]
    rows.append(("合计", *_paid(found, list(found.cases))))
    return Listing("级别得失", "各级机构的点数、金额得失", columns(f"级别|{_PAID}"), rows)


def _groups(found: Comparison) -> Listing:
    """Groups of one pack alone, renamed, or scored otherwise."""
    before, after = ({sign(row): row for row in side.rows.values()} for side in found.sides)
    rows = []
    for key in [*before, *(key for key in after if key not in before)]:
        one, other = before.get(key), after.get(key)
        if said := _said(found, one, other):
            stays = (_stays(found, 0, one), _stays(found, 1, other))
            scores = (_shown(_own(found, 0, one)), _shown(_own(found, 1, other)))
            rows.append((said, _code(one), _code(other), _called(other or one), *stays, *scores))
    rows.sort(key=lambda row: (row[0], row[1] or row[2]))
    counted = Counter(row[0] for row in rows)
    alone = counted["只在原方案"] + counted["只在新方案"]
    same = len(before.keys() & after.keys()) - (len(rows) - alone)
    notes = [
        "；".join([f"两边相同 {same:,} 个", *(f"{said} {number:,} 个" for said, number in sorted(counted.items()))])
        + "。",
        "分值按各自的基数（基数为 1）。",
    ]
    headings = columns("情况|原编码|新编码|名称|原例数:count|新例数:count|原分值:number|新分值:number")
    return Listing("病种对照", "两个方案不同的病种", headings, rows, notes)


def _said(found: Comparison, one: Row | None, other: Row | None) -> str:
    if one is None or other is None:
        return "只在新方案" if one is None else "只在原方案"
    renamed = "改名" if one.group != other.group else ""
    differs = "分值不同" if _own(found, 0, one) != _own(found, 1, other) else ""
    layers = (LAYER_NAMES.get(one.layer, one.layer), LAYER_NAMES.get(other.layer, other.layer))
    moved = f"{layers[0]}改为{layers[1]}" if one.layer != other.layer else ""
    return "，".join(filter(None, (renamed, moved, differs)))


def _called(row: Row | None) -> str:
    return row.name if row else ""


def _code(row: Row | None) -> str:
    return row.group if row else ""


def _stays(found: Comparison, side: int, row: Row | None) -> int | None:
    return found.sides[side].groups[row.group] if row else None


def _shown(score: Decimal | None) -> Decimal | None:
    return None if score is None else round(score, 6)


def _own(found: Comparison, side: int, row: Row | None) -> Decimal | None:
    score = _score(found.sides[side], row.group) if row else None
    return None if score is None else score.normalize()
