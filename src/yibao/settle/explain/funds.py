"""What each fund pays, as sentences: what it looks at, band by band, its caps, what it pays."""

from __future__ import annotations

from collections.abc import Iterator

from yibao.region.benefits.knobs import COMPONENTS, FUNDS, PERS, part_label
from yibao.region.benefits.plan import Component, Layer, Per
from yibao.settle import arrays as a
from yibao.settle.explain.replay import Replayed, Step
from yibao.settle.explain.wording import ROUNDED, percent, product, yuan


def fund_name(layer: Layer) -> str:
    """The layer as people call it, and the fund behind it where that has another name."""
    name, fund = part_label(layer.name), FUNDS[layer.fund][0]
    return name if name in fund or fund in name else f"{name}（{fund}）"


def layer_name(layer: Layer) -> str:
    """大病保险, 医疗救助, …; the pool under the name of its fund."""
    return part_label(layer.name) if layer.base else FUNDS[layer.fund][0]


def pool_lines(replayed: Replayed) -> Iterator[str]:
    """The pool: what is left after the deductible, at its rates."""
    plan = replayed.plan
    [base] = replayed.of(a.T_BASE)
    [first] = replayed.of(a.T_FIRST)
    [deductible] = replayed.of(a.T_DEDUCTIBLE)
    less = [yuan(fen) for fen in (first.result, 0 if plan.pool.from_zero else deductible.result) if fen]
    taken = " − ".join([yuan(first.one), *less])
    if not replayed.of(a.T_BAND):
        yield "没有进入支付范围的费用。不支付。"
        return
    if not any(band.rate for band in plan.pool.bands):
        yield "这类就诊统筹基金的支付比例是 0%。不支付。"
        return
    at_once = bool(less) and len(plan.pool.bands) == 1 and not base.one
    if less and not at_once:
        yield f"进入支付范围：{taken} = {yuan(base.three)}。"
    if plan.pool.yearly:
        yield f"分段按全年累计，今年以前已累计 {yuan(base.one)}。"
    if plan.pool.from_zero:
        yield f"分段从 0 元量起，起付线 {yuan(deductible.result)} 以内不支付。"
    yield from _paid(replayed, 0, instead=f"({taken})" if at_once else "")


def layer_lines(replayed: Replayed, k: int) -> Iterator[str]:
    """A further fund: of what the patient still bears, the part over its threshold."""
    layer = replayed.layers[k]
    [base] = replayed.of(a.T_BASE, k)
    yield f"个人还要负担的{_components(layer)}，本次共 {yuan(base.three)}。"
    if layer.yearly:
        yield f"全年累计，今年以前已累计 {yuan(base.one)}。"
    if layer.threshold:
        over = f"超过的部分 {yuan(base.result)}" if base.result else "没有超过，不支付"
        yield f"起付线 {yuan(layer.threshold)}，{over}。"
    if base.result:
        yield from _paid(replayed, k)


def idle(replayed: Replayed, k: int) -> str:
    """Why a further fund has nothing to look at; empty where it has."""
    layer = replayed.layers[k]
    if not k:
        return ""
    if not replayed.of(a.T_BASE, k)[0].three:
        return f"{part_label(layer.name)}：没有{_components(layer)}的费用。"
    if not any(band.rate for band in layer.bands):
        return f"{part_label(layer.name)}：按您的人员类别和身份，支付比例是 0%。"
    return ""


def _components(layer: Layer) -> str:
    return "、".join(COMPONENTS[component][0] for component in Component if component in layer.base)


def _paid(replayed: Replayed, k: int, instead: str = "") -> Iterator[str]:
    """Bands, caps and the payment of a layer; `instead`: how the whole base came about, in place of its amount."""
    plan, layer = replayed.plan, replayed.layers[k]
    bands, [due], [pay] = replayed.of(a.T_BAND, k), replayed.of(a.T_DUE, k), replayed.of(a.T_PAY, k)
    for band in bands:
        yield _band(layer, band, instead)
    if len(bands) > 1 or any(band.result != due.result * 1_000_000 for band in bands):
        several = ("各段分别" if plan.round_each_band else "合计") if len(bands) > 1 else ""
        yield f"{several}{ROUNDED[plan.rounding]}到分：{yuan(due.result)}。"
    yield from _caps(replayed, k)
    for joint in replayed.of(a.T_JOINT, k):
        of = "医疗费总额" if plan.joint_of_total else "政策范围内费用"
        yield (
            f"各层合计不超过{of} {yuan(joint.one)} 的 {percent(joint.two)}，前面各层已付 {yuan(joint.three)}，"
            f"还可以付 {yuan(joint.result)}。"
        )
    limited = f"（应付 {yuan(pay.one)}，受封顶限制）" if pay.result < pay.one else ""
    yield f"{layer_name(layer)}支付 {yuan(pay.result)}{limited}。"


def _band(layer: Layer, band: Step, instead: str) -> str:
    arithmetic = product(band.one, band.two, band.three, band.result)
    if len(layer.bands) == 1:
        return (instead + arithmetic[len(yuan(band.two)) :] if instead else arithmetic) + "。"
    at = next(n for n, b in enumerate(layer.bands) if b.upto is None or band.two <= b.upto)
    above = layer.threshold and not layer.from_zero
    low, high = (layer.bands[at - 1].upto or 0) if at else 0, layer.bands[at].upto
    name = f"超过 {yuan(low)}" if high is None else f"{yuan(low)} 至 {yuan(high)}"
    return f"{'起付线以上 ' if above else ''}{name}：{arithmetic}。"


def _caps(replayed: Replayed, k: int) -> Iterator[str]:
    """The caps of a layer that limit, with what is used of them before and left after nothing is paid yet."""
    limiting = [cap for cap in replayed.layers[k].caps if cap.amount is not None]
    for cap, step in zip(limiting, replayed.of(a.T_CAP, k), strict=True):
        raised = f"（封顶 {yuan(cap.amount or 0)}，激励提高后）" if step.one != cap.amount else ""
        used = "" if cap.per is Per.VISIT else f"，已用 {yuan(step.two)}，本次前还可以用 {yuan(step.result)}"
        yield f"{PERS[cap.per.name.lower()][0]}封顶 {yuan(step.one)}{raised}{used}。"
