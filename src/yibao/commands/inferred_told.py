"""Inferred rules as listings: each cell with its share of explained records, the caps, and the exceptions."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from yibao.money import Fen, in_unit
from yibao.region.benefits.knobs import CARES, MODES, PERS, SCHEMES
from yibao.region.benefits.words import said as word
from yibao.settle.evidence import Cell
from yibao.settle.infer import CareEstimate, Inferred
from yibao.settle.inferred_ratio import RATE_BASE, Ratio
from yibao.store.listing import Headings, Listing

SHOWN = 20
STEPS = {"deductible": "起付线", "pool": "统筹支付"}


def remarks(found: Inferred) -> tuple[str, ...]:
    """What stands above the listings."""
    cells = [cell for care in found.cares for cell in care.cells]
    records, right = sum(cell.records for cell in cells), sum(cell.explained for cell in cells)
    thin = sum(cell.ratio is None for cell in cells)
    said = [
        f"用了 {records:,} 条平台结算（不含冲正和已冲正的），其中 {right:,} 条（{_percent(right, records)}）的起付线和统筹支付都与推断的规则分毫不差。",
        f"例外 {len(found.exceptions):,} 条：平台算错，或推断不到的规则。{thin} 类记录太少，没有推断。"
        if thin
        else f"例外 {len(found.exceptions):,} 条：平台算错，或推断不到的规则。",
        "只推断起付线、转外先行自付、支付比例（含分段）和封顶线；大病、大额、公务员、救助等后续各层不推断。",
        "推断的规则状态是“inferred”：可以用来核对和测算，不能用来结算。请逐条对照文件，写明文号后再改为“verified”。",
    ]
    if found.continued:
        said.append(f"中途结算、转院等接续的 {found.continued:,} 条没有参加推断。")
    if found.unnamed:
        said.append(f"险种、医疗类别或人员类别没有对应待遇词的 {found.unnamed:,} 条没有参加推断。")
    untold = [f"{SCHEMES[care.scheme]} {care.crossing[0]:,} 笔" for care in found.cares if _year_end_untold(care)]
    if untold:
        said.append(f"跨年住院怎样结算看不出来，没有写：{'，'.join(untold)}。")
    return tuple(said)


def _year_end_untold(care: CareEstimate) -> bool:
    return care.care == "inpatient" and care.crossing[0] > 0 and not care.whole_at_discharge


def listings(found: Inferred) -> tuple[Listing, ...]:
    rows: list[tuple[str | int | None, ...]] = []
    for care in found.cares:
        for one in sorted(care.cells, key=lambda cell: cell.cell):
            rows.append((*_named(one.cell), *_rule(care, one.ratio, one.deductibles), one.records, one.explained, _share(one.explained, one.records)))  # fmt: skip
    title = "一、各类的起付线和比例"
    headings: Headings = [*_texts("险种", "类别", "等级", "就医地", "人员", "起付线（元）", "先行自付", "支付比例"), ("记录", "count"), ("相符", "count"), ("占比", "rate")]  # fmt: skip
    base = "口径：每类为险种、医疗类别、医院等级、就医地、人员类别相同的平台结算；相符为起付线和统筹支付两项都分毫不差"
    cells = Listing(title[2:], title, headings, rows, (base,), most=len(rows))
    return cells, _caps(found), _exceptions(found)


def _named(cell: Cell) -> tuple[str, ...]:
    scheme, care, level, area, person = cell
    return (
        SCHEMES.get(scheme, scheme),
        CARES.get(care, care),
        word("level", level),
        word("area", area),
        word("person", person),
    )


def _rule(care: CareEstimate, ratio: Ratio | None, deductibles: tuple[int | None, ...]) -> tuple[str, str, str]:
    if ratio is None:
        return "", "", "记录太少"
    known = [(nth, fen) for nth, fen in enumerate(deductibles, 1) if fen is not None]
    known = [one for place, one in enumerate(known) if not place or one[1] != known[place - 1][1]]
    last = known[-1][0] if known else 0
    stays = "，".join(f"第{nth}次{'起' if nth == last else ''}{_yuan(fen)}" for nth, fen in known)
    if len(known) == 1:
        stays = _yuan(known[0][1])
    counted = (
        ""
        if care.mode == "visit" or not any(deductibles)
        else f"（{MODES[care.mode][0]}{'，门诊急诊合并' if care.shared_deductible else ''}）"
    )
    bands = []
    for upto, rate in ratio.bands:
        share = f"{Decimal(rate) * 100 / RATE_BASE:.2f}".rstrip("0").rstrip(".") + "%"
        bands.append(
            f"至{_yuan(upto)}元 {share}" if upto is not None else f"以上 {share}" if len(ratio.bands) > 1 else share
        )
    first = f"{Decimal(ratio.first_pay) * 100 / RATE_BASE:.0f}%" if ratio.first_pay else ""
    return stays + counted, first, "，".join(bands)


def _caps(found: Inferred) -> Listing:
    rows: list[tuple[str | int | None, ...]] = [
        (SCHEMES[care.scheme], CARES[care.care], PERS[care.limit.per][0], "门诊急诊合并" if care.limit.shared else "", word("person", person), disease, _yuan(amount))
        for care in found.cares if care.limit
        for (person, disease), amount in care.limit.amounts
    ]  # fmt: skip
    headings = _texts("险种", "类别", "期间", "合并", "人员", "病种", "封顶（元）")
    base = "口径：支付低于比例应付的记录，其累计停在同一个整元数上的至少 3 条；没有人达到的封顶线推断不出"
    return Listing("封顶线", "二、封顶线", headings, rows, (base,), most=len(rows))


def _exceptions(found: Inferred) -> Listing:
    rows: list[tuple[str | int | None, ...]] = [
        (odd.settlement_id, " ".join(_named(odd.cell)), STEPS[odd.step], odd.reported, odd.estimated, odd.reported - odd.estimated)
        for odd in sorted(found.exceptions, key=lambda odd: -abs(odd.reported - odd.estimated))
    ]  # fmt: skip
    headings: Headings = [*_texts("结算", "类别", "步骤"), ("平台", "money"), ("推断", "money"), ("相差", "money")]
    base = "口径：不符合本类推断规则的全部结算，每笔只列先出现差异的一步，按相差的大小"
    return Listing("例外", "三、例外（元）", headings, rows, (base,), most=SHOWN)


def _texts(*labels: str) -> Headings:
    return [(label, "text") for label in labels]


def _share(part: int, whole: int) -> int | None:
    """In 10⁻⁴, rounded down: only what is all is 100 %."""
    return part * 10_000 // whole if whole else None


def _percent(part: int, whole: int) -> str:
    """Rounded down: only what is all is 100 %."""
    return f"{(Decimal(part) * 100 / whole).quantize(Decimal('0.01'), ROUND_DOWN)}%" if whole else "—"


def _yuan(fen: int) -> str:
    return f"{in_unit(Fen(fen)):,f}".removesuffix(".00")
