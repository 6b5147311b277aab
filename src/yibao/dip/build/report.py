"""What a bureau looks at before it signs a catalogue: what was counted, covered, how even and how steady the groups are, what stands askew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from yibao.dip.auxiliary.rules import KIND_NAMES as SPLIT_NAMES
from yibao.dip.build.catalogue import Catalogue
from yibao.dip.build.clean import SAID, Reason
from yibao.dip.build.columns import columns
from yibao.dip.build.groups import CELL, Group, rounded, ten_thousandths, treated
from yibao.dip.settings import LAYER_NAMES
from yibao.store.listing import Listing, rate_of

LEVEL_NAMES = {1: "一级", 2: "二级", 3: "三级"}


def listings(made: Catalogue) -> list[Listing]:
    """In the order in which they are read; the first three are the summary."""
    return [
        _cleaned(made), _covered(made), _steady(made), _uneven(made), _inverted(made), _coefficients(made),
        _split(made), _related(made), _dropped(made), _groups(made),
    ]  # fmt: skip


def _cleaned(made: Catalogue) -> Listing:
    """Every stay of the three years is in one line of this."""
    reasons, years = made.stays.reasons, made.terms.years
    headings = columns("|".join(["住院", *(f"{year} 年:count" for year in years), "合计:count"]))
    rows = [
        (SAID[reason], *map(int, reasons[:, reason]), int(reasons[:, reason].sum()))
        for reason in Reason
        if reasons[:, reason].any() or reason == Reason.COUNTED
    ]
    rows.append(("合计", *map(int, reasons.sum(axis=1)), int(reasons.sum())))
    notes = [
        f"一例只计第一个原因。住院超过 {made.terms.longest_stay} 天的不用。",
        f"有手术操作不在分类里的 {made.stays.unclassed:,} 例，按保守治疗看待。",
        _trimmed(made),
        *(f"{year} 年没有出院的住院。" for year, n in zip(years, reasons.sum(axis=1), strict=True) if not n),
        *made.notes,
    ]
    return Listing("清洗", f"{made.terms.year} 年病种目录：{years[0]}–{years[-1]} 年的住院", headings, rows, notes)


def _trimmed(made: Catalogue) -> str:
    trim, number = made.terms.trim, sum(row.measure.trimmed for row in made.rows)
    if trim is None:
        return "算次均费用前没有裁尾。"
    return f"算次均费用前，每个病种裁去费用在 {trim[0]:%} 以下、{trim[1]:%} 以上的，共 {number:,} 例；例数照计。"


def _covered(made: Catalogue) -> Listing:
    total = len(made.stays)
    headings = columns("层|病种:count|例数:count|占比:rate|平均变异系数:number|高于标准的病种:count")
    rows: list[tuple[Any, ...]] = []
    for layer in dict.fromkeys(("core", "primary", CELL, *(row.layer for row in made.rows))):
        own = [row for row in made.rows if row.layer == layer]
        number = sum(row.measure.stays for row in own)
        rows.append(
            (LAYER_NAMES.get(layer, layer), len(own), number, rate_of(number, total), _average(own), _high(own, made))
        )
    left = sum(one.measure.stays for one in made.dropped)
    rows.append(("没有入组（综合病种不设）", len(made.dropped), left, rate_of(left, total), None, None))
    rows.append(("合计", len(made.rows), total, rate_of(total, total), _average(made.rows), _high(made.rows, made)))
    core = sum(row.measure.stays for row in made.core)
    way = f"覆盖率 {made.terms.coverage:%}" if made.terms.coverage is not None else f"例数不少于 {made.terms.threshold}"
    notes = [
        f"核心病种（含基层病种）按{way}：{len(made.core):,} 个，{core:,} 例，占 {Decimal(core) / total:.2%}。",
        f"变异系数 = 标准差 ÷ 次均费用，平均按例数加权；高于 {made.terms.split_cv} 的提示研究拆分。",
        f"区域次均费用 {rounded(made.region.mean / 100, 2):,} 元（全部用于目录的病例，不裁尾），三年按 {':'.join(map(str, made.terms.weights))}。",
    ]
    return Listing("覆盖", "各层病种", headings, rows, notes)


def _average(rows: list[Group]) -> Decimal | None:
    stays = sum(row.measure.stays for row in rows)
    return round(sum((row.measure.cv * row.measure.stays for row in rows), Decimal(0)) / stays, 4) if stays else None


def _high(rows: list[Group], made: Catalogue) -> int:
    return sum(row.measure.cv > made.terms.split_cv for row in rows)


def _steady(made: Catalogue) -> Listing:
    """Core groups over the years: those that are there each year, and how far their score moved."""
    years = made.terms.years
    by_year = [f"{y} 例数:count" for y in years] + [f"{y} 分值:number" for y in years]
    headings = columns("|".join(["病种编码|病种名称", *by_year, "末两年变化:rate"]))
    means = _year_means(made)
    rows: list[tuple[Any, ...]] = []
    present: Counter[int] = Counter()
    for row in made.core:
        present[sum(number > 0 for number, _ in row.measure.years)] += 1
        scores = [
            rounded(Fraction(c, n) / means[y] * made.terms.scale, 2) if n else None
            for y, (n, c) in enumerate(row.measure.years)
        ]
        before, last = scores[-2], scores[-1]
        change = None if not before or last is None else ten_thousandths(last / before - 1)
        rows.append((row.code, row.name, *(n for n, _ in row.measure.years), *scores, change))
    rows.sort(key=lambda row: (-abs(row[-1] or 0), row[0]))
    moved = [abs(row[-1]) for row in rows if row[-1] is not None]
    notes = [
        f"核心病种 {len(made.core):,} 个：三年都有病例的 {present[3]:,} 个，两年 {present[2]:,} 个，一年 {present[1]:,} 个。"
    ]
    if moved:
        notes.append(
            f"末两年都有的 {len(moved):,} 个，分值变化的中位数 {Decimal(sorted(moved)[len(moved) // 2]) / 100}%。"
        )
    notes.append("各年的分值 = 该年次均费用 ÷ 该年区域次均费用 × 基数。")
    return Listing("稳定性", "核心病种三年的例数和分值，变化大的在前", headings, rows, notes)


def _year_means(made: Catalogue) -> list[Fraction]:
    found = []
    for place in range(len(made.terms.years)):
        own = made.stays["cost"][made.stays["year"] == place]
        found.append(Fraction(sum(own.tolist()), len(own)) if len(own) else Fraction(1))
    return found


def _uneven(made: Catalogue) -> Listing:
    rows = [
        (row.code, row.name, LAYER_NAMES.get(row.layer, row.layer), row.measure.stays, _fen(row.mean), round(row.measure.cv, 4))
        for row in made.rows
        if row.measure.cv > made.terms.split_cv
    ]  # fmt: skip
    rows.sort(key=lambda row: (-row[5], row[0]))
    headings = columns("病种编码|病种名称|层|例数:count|次均费用:money|变异系数:number")
    return Listing("变异系数高", f"变异系数高于 {made.terms.split_cv} 的病种", headings, rows)


def _inverted(made: Catalogue) -> Listing:
    headings = columns("病种编码|病种名称|低级别|例数:count|次均费用:money|高级别|例数:count|次均费用:money")
    rows = [
        (one.group, one.name, LEVEL_NAMES[one.lower], one.lower_stays, _fen(one.lower_mean), LEVEL_NAMES[one.higher], one.higher_stays, _fen(one.higher_mean))
        for one in made.inversions
    ]  # fmt: skip
    notes = [f"每级机构例数不少于 {made.terms.coefficient_least} 的核心病种（基层病种除外）。"]
    return Listing("级别倒挂", "低级别机构费用更高的病种", headings, rows, notes)


def _coefficients(made: Catalogue) -> Listing:
    headings = columns("病种编码|机构级别|例数:count|次均费用:money|建议系数:number")
    rows = [
        (one.group or "（全部）", LEVEL_NAMES[one.level], one.stays, _fen(one.mean), one.coefficient)
        for one in made.coefficients
    ]
    notes = [
        "建议系数 = 该级机构加权次均费用 ÷ 区域次均费用；分病种的 = 该级次均费用 ÷ 病种次均费用。测算，不是文件；（全部）的系数也含各级机构病种构成的差别。",
        "基层病种不乘机构系数。",
        f"机构级别不详的 {int((made.stays['level'] == 0).sum()):,} 例没有测算。",
    ]
    return Listing("机构系数", "机构系数测算", headings, rows, notes)


def _split(made: Catalogue) -> Listing:
    headings = columns(
        "病种编码|分型方式|级别|例数:count|变异系数:number|病种变异系数:number|系数:number|没有采用的原因"
    )
    rows = [
        (one.group, SPLIT_NAMES[one.kind], one.level, one.stays, round(one.cv, 4), round(one.group_cv, 4), one.coefficient, one.why_not)
        for one in sorted(made.splits, key=lambda one: (bool(one.why_not), one.group, one.kind, one.level))
    ]  # fmt: skip
    used = sum(not one.why_not for one in made.splits)
    notes = [
        f"采用 {used:,} 个。系数 = 分型次均费用 ÷ 病种次均费用（上一年）；例数和变异系数按三年。命中几种时只取最高的系数。"
    ]
    return Listing("辅助分型", "辅助分型测算", headings, rows, notes)


def _related(made: Catalogue) -> Listing:
    headings = columns("亚目|手术操作|例数:count|次均费用:money|不含相关手术|次均费用:money|升幅:rate|单列")
    rows = [
        (one.stem, "+".join(one.operations), one.stays, _fen(one.mean), "+".join(one.without), _fen(one.base_mean), ten_thousandths(one.rise), one.own)
        for one in made.combined.related
    ]  # fmt: skip
    notes = [f"升幅不到 {made.terms.related_rise:%} 的并入不含相关手术的组合；没有可比组合的自成一组。"]
    return Listing("相关手术", "相关手术操作是否单列", headings, rows, notes)


def _dropped(made: Catalogue) -> Listing:
    headings = columns("类目或范围|治疗方式|例数:count|变异系数:number|原因")
    rows = [
        (one.cell.key, treated(one.cell.kind, one.cell.level), one.measure.stays, round(one.measure.cv, 4), one.why)
        for one in made.dropped
    ]
    return Listing("不设的综合病种", "不设的综合病种；这些病例没有入组", headings, rows)


def _groups(made: Catalogue) -> Listing:
    return Listing("病种", "病种目录", _GROUP_HEADINGS, list(_group_rows(made)), [f"分值保留 {made.terms.digits} 位。"])


_GROUP_HEADINGS = columns(
    "病种编码|病种名称|层|治疗方式|主要诊断|手术操作|例数:count|裁尾:count|次均费用:money|分值:number|变异系数:number|"
    "平均住院日:number|次均药品:money|次均耗材:money|有明细例数:count"
)


def _group_rows(made: Catalogue) -> Iterator[tuple[Any, ...]]:
    for row in made.rows:
        yield (
            row.code, row.name, LAYER_NAMES.get(row.layer, row.layer), treated(row.kind, row.surgery_level), row.key, "+".join(row.operations),
            row.measure.stays, row.measure.trimmed, _fen(row.mean), row.score, round(row.measure.cv, 4),
            None if row.mean_los is None else rounded(row.mean_los, 2), _fen(row.mean_drug), _fen(row.mean_material), row.with_lines,
        )  # fmt: skip


def _fen(value: Fraction | None) -> int | None:
    return None if value is None else int(rounded(value, 0))
