"""The steps of one settlement as passages of Chinese sentences, in the order in which the kernel takes them (ADR 0014).

Every amount printed is one of the trace, of the result row, of the bill or of the plan; nothing is computed here again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from yibao.region.benefits.knobs import MODES
from yibao.settle import arrays as a
from yibao.settle.explain.funds import fund_name, idle, layer_lines, pool_lines
from yibao.settle.explain.names import Names
from yibao.settle.explain.replay import Replayed
from yibao.settle.explain.wording import NUMERALS, basis, grades, percent, yuan
from yibao.settle.verify import STEP_OF_FUND

RATES = ("bands", "rate", "rate_plus", "selfpay_factor")


@dataclass(frozen=True, slots=True)
class Passage:
    """One step: its title, its sentences, the documents behind it, and its code (settlement_step; empty for none)."""

    title: str
    lines: tuple[str, ...]
    basis: str = ""
    step: str = ""
    idle: str = ""  #: why this fund has nothing to do with the bill


def passages(replayed: Replayed, names: Names, platform: Mapping[str, str] | None = None) -> list[Passage]:
    """The explanation of one bill. `platform`: what to say at a step of what the platform reported, by code."""
    if replayed.bill["reverses_bill_id"]:
        found = [_who(replayed, names), _reversal(replayed)]
    else:
        found = [_who(replayed, names), _bill(replayed), *_first_pay(replayed), _deductible(replayed)]
        funds = [_with_platform(passage, platform or {}) for passage in _funds(replayed)]
        found += [passage for passage in funds if not passage.idle]
        if unconcerned := tuple(passage.idle for passage in funds if passage.idle):
            found.append(Passage("其他各层", unconcerned))
        found += [*_account(replayed), _altogether(replayed)]
    return [_with_platform(passage, platform or {}) for passage in found]


def text(found: list[Passage]) -> str:
    """Passages as plain text, numbered."""
    lines = []
    for number, passage in zip(NUMERALS, found, strict=False):
        lines += [f"{number}、{passage.title}", *(f"　　{line}" for line in passage.lines)]
        lines += [f"　　依据：{passage.basis}"] if passage.basis else []
    return "\n".join(lines) + "\n"


def _with_platform(passage: Passage, platform: Mapping[str, str]) -> Passage:
    said = platform.get(passage.step)
    if not said or said in passage.lines:
        return passage
    return replace(passage, lines=(*passage.lines, said), idle="")


def _who(replayed: Replayed, names: Names) -> Passage:
    bill = replayed.bill
    days = f"{bill['stay_start_date']} 至 {bill['policy_date']}" if _is_stay(replayed) else str(bill["policy_date"])
    kind = "　".join(
        filter(None, (names.care, f"病种 {names.disease}" if names.disease else "", names.area, names.settled))
    )
    person = "，".join(
        filter(None, (names.person, names.insurance, names.category, f"{bill['age_years']} 岁", names.identity))
    )
    lines = [
        f"{person}。",
        f"{names.provider}（{names.level or '未定级'}）　{kind}　{days}。",
        f"{bill['settlement_time']:%Y-%m-%d} 结算，单据号 {bill['bill_id']}；用 {names.region} {bill['policy_date']} 有效的规定。",
    ]
    if names.others:
        lines.append(f"同时有几种身份的只算一种：算{names.identity}，另有{'、'.join(names.others)}。")
    if bill["stay_start_date"].year != bill["policy_date"].year:
        lines.append("这次住院跨年，按出院时的年度和规定结算。")
    if not bill["reverses_bill_id"] and replayed.plan.counts:
        lines.append(f"这是 {bill['benefit_year']} 年第 {replayed.row['admission_no']} 次住院。")
    return Passage("就诊", tuple(lines))


def _is_stay(replayed: Replayed) -> bool:
    return bool(replayed.bill["stay_start_date"] != replayed.bill["policy_date"])


def _bill(replayed: Replayed) -> Passage:
    bill = replayed.bill
    return Passage(
        "费用",
        (
            f"医疗费总额 {yuan(bill['total_fee'])}，分成四块：",
            f"全自费（目录外）{yuan(bill['full_selfpay_total'])}，超限价 {yuan(bill['over_cap_total'])}，"
            f"先行自付（乙类）{yuan(bill['pre_selfpay_total'])}，政策范围内 {yuan(bill['in_scope_total'])}。",
        ),
    )


def _first_pay(replayed: Replayed) -> Iterator[Passage]:
    [step] = replayed.of(a.T_FIRST)
    if step.two:
        line = f"在参保地以外就医，政策范围内的费用先由个人付一部分：{yuan(step.one)} × {percent(step.two)}，计 {yuan(step.result)}。"
        yield Passage("转外先行自付", (line,), basis(replayed.plan, replayed.plan.care, "first_pay"), "first_pay")


def _deductible(replayed: Replayed) -> Passage:
    plan = replayed.plan
    [step] = replayed.of(a.T_DEDUCTIBLE)
    behind = basis(plan, plan.care, "deductible", "deductible_mode")
    if not step.one:
        return Passage("起付线", ("这类就诊没有起付线。",), behind, "deductible")
    if replayed.is_linked:
        how = f"与上一次就诊连续计算（{a.CONTINUES[replayed.of(a.T_ADMISSION)[0].two][1]}）"
        behind = basis(plan, plan.care, "deductible", "deductible_merge", "referral")
    else:
        how = f"{MODES[plan.deductible_per.name.lower()][0]}计算"
    lines = [
        f"起付线 {yuan(step.one)}，{how}"
        + (f"，前面已付 {yuan(step.two)}，还差 {yuan(step.three)}。" if step.two else "。")
    ]
    short = "（范围内的费用不够起付线）" if step.result < step.three else ""
    lines.append(f"本次个人付起付线 {yuan(step.result)}{short}。")
    return Passage("起付线", tuple(lines), behind, "deductible")


def _funds(replayed: Replayed) -> Iterator[Passage]:
    plan = replayed.plan
    last = {layer.fund: k for k, layer in enumerate(replayed.layers)}
    for k, layer in enumerate(replayed.layers):
        knobs: tuple[str, ...] = (*RATES, "caps", "joint_ratio") if k == 0 else ("base", "threshold", *RATES, "caps")
        knobs += ("cap_raise",) if replayed.bill["cap_raise"] and layer.cap_raise is not None else ()
        behind = basis(plan, layer.name, *knobs)
        lines = tuple(layer_lines(replayed, k) if k else pool_lines(replayed))
        step = STEP_OF_FUND[layer.fund] if last[layer.fund] == k else ""
        yield Passage(fund_name(layer) if k else "统筹支付", lines, behind, step, idle(replayed, k))


def _account(replayed: Replayed) -> Iterator[Passage]:
    [own], [family] = replayed.of(a.T_ACCOUNT), replayed.of(a.T_FAMILY)
    if not own.two and not own.result:
        return
    if not own.three and not family.result:
        yield Passage("个人账户", (f"本次没有使用个人账户，余额 {yuan(own.one)} 不变。",), step="account")
        return
    lines = [f"个人账户余额 {yuan(own.one)}，可以用于其中 {yuan(own.two)}，支付 {yuan(own.result)}。"]
    if family.one:
        lines.append(f"家人的账户愿付 {yuan(family.one)}，支付 {yuan(family.result)}。")
    yield Passage("个人账户", tuple(lines), basis(replayed.plan, replayed.plan.care, "account"), "account")


def _altogether(replayed: Replayed) -> Passage:
    row, [cash] = replayed.row, replayed.of(a.T_CASH)
    account = (
        f"其中个人账户 {yuan(row['account_pay'])}，现金 {yuan(cash.result)}" if row["account_pay"] else "全部是现金"
    )
    borne = f"，医院负担 {yuan(row['hospital_burden'])}" if row["hospital_burden"] else ""
    lines = [f"您一共要付 {yuan(row['person_burden_total'])} 元（{account}），基金付 {yuan(cash.two)} 元{borne}。"]
    return Passage("合计", (*lines, *grades(replayed.plan.sources.values())), step="cash")


def _reversal(replayed: Replayed) -> Passage:
    bill, row = replayed.bill, replayed.row
    account = (
        f"其中个人账户 {yuan(-row['account_pay'])}，现金 {yuan(-row['cash_pay'])}"
        if row["account_pay"]
        else "全部是现金"
    )
    return Passage(
        "冲正",
        (
            f"这是对单据 {bill['reverses_bill_id']} 的冲正：那一次的每一项金额都退回，起付线、封顶、住院次数和账户恢复到那一次之前。",
            f"医疗费总额 {yuan(bill['total_fee'])}，基金支付 {yuan(row['fund_pay_total'])}，个人负担 {yuan(row['person_burden_total'])}。",
            f"一共退给您 {yuan(-row['person_burden_total'])} 元（{account}），退回基金 {yuan(-row['fund_pay_total'])} 元。",
        ),
    )
