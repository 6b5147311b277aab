"""The one-stop 结算单 of a bill as rows to print: what each fund paid, now and in the year, and what stands behind the patient's part.

The eight lines of 基本 … 其他 are those of benefits.md §12; a supplement is printed where it ever paid.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from yibao.region.benefits.knobs import FUNDS, LAYERS
from yibao.region.benefits.plan import Fund
from yibao.settle import arrays as a
from yibao.settle.batches import FUND_COLUMNS
from yibao.settle.explain.names import Names
from yibao.settle.explain.replay import Replayed
from yibao.settle.explain.wording import grades, yuan

#: layers of Fund.OTHER that have a line of their own
_NAMED = ("accident", "preferential", "fiscal")
_ALWAYS = (
    "基本医保",
    "大病",
    LAYERS["accident"],
    LAYERS["preferential"],
    "医疗救助",
    "医院减免",
    LAYERS["fiscal"],
    "其他",
)


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed; amounts as text, in yuan."""

    title: str
    facts: tuple[tuple[str, str], ...]
    fees: tuple[tuple[str, str], ...]
    paid: tuple[tuple[str, str, str], ...]  #: who, this time, this year with it
    patient: tuple[tuple[str, str, str], ...]
    policy: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def slip(replayed: Replayed, names: Names) -> Slip:
    """The statement of one bill; a reversal's is negative."""
    bill, row = replayed.bill, replayed.row
    people = (
        ("姓名", names.person), ("险种", names.insurance), ("人员类别", "　".join(filter(None, (names.category, names.identity)))),
        ("医疗机构", f"{names.provider}（{names.level or '未定级'}）"), ("医疗类别", "　".join(filter(None, (names.care, names.area, names.settled)))),
        ("起止日期", f"{bill['stay_start_date']} 至 {bill['policy_date']}"), ("单据号", bill["bill_id"]),
        ("结算时间", f"{bill['settlement_time']:%Y-%m-%d %H:%M}"), ("年内住院次数", str(row["admission_no"]) if row["counts_as_admission"] else "—"),
    )  # fmt: skip
    plan = replayed.plans[replayed.place]
    return Slip(
        title=f"{names.region}医疗保障“一站式”结算单" + ("（冲正）" if bill["reverses_bill_id"] else ""),
        facts=people,
        fees=(("医疗费总额", yuan(row["total_fee"])), ("政策范围内", yuan(row["in_scope_total"]))),
        paid=tuple(_paid(replayed)),
        patient=tuple(_patient(replayed)),
        policy=tuple(_policy(replayed)),
        notes=tuple(grades(plan.sources.values())) if plan else (),
    )


def _paid(replayed: Replayed) -> Iterator[tuple[str, str, str]]:
    year = [_by_line(replayed, place) for place in range(replayed.place + 1) if _same_insurance(replayed, place)]
    now = year[-1]
    for line in (*_ALWAYS, *(FUNDS[fund][0] for fund in _SUPPLEMENTS)):
        total = sum(of[line] for of in year)
        if line in _ALWAYS or now[line] or total:
            yield line, yuan(now[line]), yuan(total)
    yield "支付合计", yuan(sum(now.values())), yuan(sum(sum(of.values()) for of in year))


_SUPPLEMENTS = (Fund.CIVIL_SERVANT, Fund.ENTERPRISE_SUPPLEMENT, Fund.DISABLED_PERSON)


def _by_line(replayed: Replayed, place: int) -> dict[str, int]:
    """What each line of the statement paid of one bill, fen."""
    row = replayed.rows[place]
    paid = {fund: int(row[column]) for fund, column in FUND_COLUMNS.items()}
    named = {LAYERS[name]: _of_layer(replayed, place, name) for name in _NAMED}
    return {
        "基本医保": paid[Fund.POOL],
        "大病": paid[Fund.RESIDENT_CRITICAL_ILLNESS] + paid[Fund.EMPLOYEE_LARGE_AMOUNT],
        **named,
        "医疗救助": paid[Fund.MEDICAL_AID],
        "医院减免": paid[Fund.HOSPITAL],
        "其他": paid[Fund.OTHER] - sum(named.values()),
        **{FUNDS[fund][0]: paid[fund] for fund in _SUPPLEMENTS},
    }


def _of_layer(replayed: Replayed, place: int, name: str) -> int:
    """What a layer of Fund.OTHER paid of a bill; a reversal's plan is that of the bill it takes back."""
    back = replayed.bills["reverses_bill_id"][place].as_py()
    plan = replayed.plans[replayed.bills["bill_id"].to_pylist().index(back) if back else place]
    layers = enumerate((plan.pool, *plan.layers)) if plan else ()
    return sum(int(replayed.out[place, a.PAY + k]) for k, at in layers if at.name == name and at.fund == Fund.OTHER)


def _same_insurance(replayed: Replayed, place: int) -> bool:
    return bool(replayed.rows[place]["insurance_type"] == replayed.row["insurance_type"])


def _patient(replayed: Replayed) -> Iterator[tuple[str, str, str]]:
    rows = [row for place, row in enumerate(replayed.rows[: replayed.place + 1]) if _same_insurance(replayed, place)]
    for label, column in (
        ("个人账户", "account_pay"),
        ("个人现金", "cash_pay"),
        ("个人负担合计", "person_burden_total"),
    ):
        yield label, yuan(rows[-1][column]), yuan(sum(row[column] for row in rows))


def _policy(replayed: Replayed) -> Iterator[tuple[str, str]]:
    row = replayed.row
    yield "全自费＋超限额", yuan(row["full_selfpay_total"] + row["over_cap_total"])
    yield "乙类先自付", yuan(row["pre_selfpay_total"])
    yield "县外就医转外自付", yuan(row["first_pay"])
    yield "本次起付线", yuan(row["deductible_paid"])
    before = [
        r["deductible_paid"]
        for place, r in enumerate(replayed.rows[: replayed.place])
        if _same_insurance(replayed, place)
    ]
    yield "累计起付线（不含本次）", yuan(sum(before))
    plan = replayed.plans[replayed.place]
    critical = [layer for layer in plan.layers if layer.fund == Fund.RESIDENT_CRITICAL_ILLNESS] if plan else []
    yield "大病起付线", yuan(critical[0].threshold) if critical else "—"
