"""First-pass quality and the indicators as listings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yibao.dip.watch.handed import Row
from yibao.dip.watch.told import notes
from yibao.dip.watch.year import Watched
from yibao.store.listing import Headings, Listing, rate_of
from yibao.vocabulary.tables import load_tables

NO_VERDICT = "指标只说明哪里值得看，不是结论；认定要看病历"
HOW_RANKED = "期望＝把本院的病例放到同级其他医院（没有同级的，放到各级）的水平上；标准化超出＝超出÷标准误；在同级医院中由大到小排位，没有比例门槛"


def quality(w: Watched) -> Iterator[Listing]:
    """By rule, by hospital, stay by stay."""
    first, whole = w.first_pass, sum(w.first_pass.stays.values())
    counts = first.by_rule()
    table: list[tuple[Any, ...]] = [
        (r.label, counts.get(r.id, 0), whole, rate_of(counts.get(r.id, 0), whole), r.says, r.source)
        for r in sorted(first.run, key=lambda r: -counts.get(r.id, 0))
    ]
    table += [
        (r.label, None, whole, None, f"没有运行：{'、'.join(m)}没有数据，不等于通过", r.source)
        for r, m in first.not_run
    ]
    headings: Headings = (("规则", "text"), ("不符", "count"), ("住院", "count"), ("占比", "rate"), ("怎么办", "text"), ("出处", "text"))  # fmt: skip
    yield Listing("质控-规则", f"{w.year} 年清单质控：各条规则", headings, table, notes(w, f"运行 {len(first.run)} 条规则，没有运行 {len(first.not_run)} 条"))  # fmt: skip
    rows = []
    for i in w.order:
        hospital = w.stays.hospitals[i]
        n, failed = first.stays.get(hospital.code, 0), first.failed(hospital.code)
        rows.append((hospital.level_name, hospital.name, n, n - failed, rate_of(n - failed, n)))
    rows.append(("", "合计", whole, whole - first.failed(), rate_of(whole - first.failed(), whole)))
    yield Listing("质控-机构", f"{w.year} 年清单首次质控通过率", (("等级", "text"), ("机构", "text"), ("住院", "count"), ("首次通过", "count"), ("通过率", "rate")), rows, notes(w, f"首次通过＝运行的 {len(first.run)} 条规则都没有不符的住院"))  # fmt: skip
    names = {h.code: h.name for h in w.stays.hospitals}
    found = [(names[f.hospital], f.visit_id, f.rule.label, f.found) for f in first.faults]
    yield Listing("质控-名单", f"{w.year} 年清单质控：不符的住院（{len(found):,} 处）", (("机构", "text"), ("就诊ID", "text"), ("规则", "text"), ("内容", "text")), found, notes(w))  # fmt: skip


def leads(w: Watched) -> Iterator[Listing]:
    """Hospitals beside their peers, then categories, then stays."""
    names = {h.code: h for h in w.stays.hospitals}
    whole = [r for r in w.handed.indicators if not r["diagnosis_category"]]
    ordered = sorted(whole, key=lambda r: (_place(r), r["peer_rank"] or 10_000, r["provider_code"]))
    rows = [
        (said(r), names[r["provider_code"]].level_name, names[r["provider_code"]].name, *_numbers(r)) for r in ordered
    ]
    headings: Headings = (("指标", "text"), ("等级", "text"), ("机构", "text"), *NUMBERS)
    more = (HOW_RANKED, f"可比病例少于 {w.rules.least} 例的、同级只有一家的不排位", NO_VERDICT, *w.rules.cited)
    yield Listing("线索-机构", f"{w.year} 年监测指标：机构与同级相比", headings, rows, notes(w, *more))
    parts = sorted(
        (r for r in w.handed.indicators if r["diagnosis_category"]),
        key=lambda r: (_place(r), r["provider_code"], -(r["standardised_excess"] or 0)),
    )
    by_category = [
        (
            said(r),
            names[r["provider_code"]].level_name,
            names[r["provider_code"]].name,
            r["diagnosis_category"],
            *_numbers(r),
        )
        for r in parts
    ]
    yield Listing("线索-类目", f"{w.year} 年监测指标：超出来自哪些诊断类目", (*headings[:3], ("类目", "text"), *NUMBERS), by_category, notes(w, NO_VERDICT))  # fmt: skip
    stays = [
        (said(r), names[r["provider_code"]].name, r["visit_id"], r["diagnosis_category"], r["dip_group_code"] or "", r["indicator_value"], r["expected_value"], r["related_visit_id"] or "", r["total_fee"], r["booked_pay"])
        for r in w.handed.stays
    ]  # fmt: skip
    columns: Headings = (("指标", "text"), ("机构", "text"), ("就诊ID", "text"), ("类目", "text"), ("病种", "text"), ("本例", "index"), ("同级", "index"), ("再次住院", "text"), ("医疗费（元）", "money"), ("统筹记账（元）", "money"))  # fmt: skip
    yield Listing("线索-病例", f"{w.year} 年监测指标所指的住院（{len(stays):,} 例次）", columns, stays, notes(w, "只列超出期望的机构", NO_VERDICT))  # fmt: skip


#: what the values of an indicator are
UNITS = {"high_score": "倍", "more_diagnoses": "个", "thin_cost": "倍", "low_score": "倍", "outside_fees": "元"}
NUMBERS: Headings = (("单位", "text"), ("可比病例", "count"), ("本院", "index"), ("同级期望", "index"), ("超出", "index"), ("标准化超出", "index"), ("位次", "text"), ("涉及病例", "count"), ("涉及医疗费（元）", "money"), ("涉及记账（元）", "money"))  # fmt: skip


def _numbers(r: Row) -> tuple[Any, ...]:
    return (UNITS.get(r["dip_indicator"], "比例"), r["compared_count"], r["indicator_value"], r["expected_value"], r["indicator_excess"], r["standardised_excess"], ranked(r), r["behind_count"], r["total_fee"], r["booked_pay"])  # fmt: skip


def leads_of(w: Watched, hospital: str) -> list[tuple[Any, ...]]:
    """One hospital's indicators in the order of the code list."""
    mine = [r for r in w.handed.indicators if r["provider_code"] == hospital and not r["diagnosis_category"]]
    return [(said(r), *_numbers(r)) for r in sorted(mine, key=_place)]


def ranked(r: Row) -> str:
    return f"{r['peer_rank']}／{r['peer_count']}" if r["peer_rank"] else ""


def said(r: Row) -> str:
    """An indicator's name with its window."""
    name = load_tables().codes["dip_indicator"].values[r["dip_indicator"]]
    return f"{name}（{r['window_days']} 天）" if r["window_days"] else name


def _place(r: Row) -> tuple[int, int]:
    return list(load_tables().codes["dip_indicator"].values).index(r["dip_indicator"]), r["window_days"]


def top_leads(w: Watched, first: int = 3) -> Listing:
    """The hospitals that stand out most at their level, above what is expected of them: the most striking first."""
    names = {h.code: h for h in w.stays.hospitals}
    above = [r for r in w.handed.indicators if (r["peer_rank"] or first + 1) <= first and r["standardised_excess"] > 0]
    above.sort(key=lambda r: (-r["standardised_excess"], _place(r), r["provider_code"]))
    table = [
        (said(r), names[r["provider_code"]].level_name, names[r["provider_code"]].name, *_numbers(r)) for r in above
    ]
    title = f"{w.year} 年监测指标：各级医院里居前 {first} 位、高于期望的，最突出的在前"
    headings: Headings = (("指标", "text"), ("等级", "text"), ("机构", "text"), *NUMBERS)
    return Listing("线索", title, headings, table, notes(w, HOW_RANKED, NO_VERDICT))
