"""What stands beside a clearing: where the fund goes, what points are made of, and what was shared at each level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yibao.dip.pay.cases import Row
from yibao.dip.pay.parts import BONUS
from yibao.dip.pay.shapes import SharingLevel
from yibao.dip.pay.words import Words
from yibao.store.listing import Headings, Listing, rate_of

FUND = (
    "dip_fund", "undistributed_amount", "dip_payable", "sharing_amount", "capped_amount", "assessment_effect", "audit_deduction", "clearing_amount",
    "fund_balance",
)  # fmt: skip
_FUND_NOTES = (
    "应付＝基金总额－未分配；清算金额＝应付＋结余留用与超支分担－超过封顶＋考核增减－审核扣款；结余或缺口＝基金总额－清算金额，负数为超出基金。",
)
_PARTS_NOTE = "总点数＝各类之和。一例只列一类，依次：特例单议、基层病种、中医优势病种、有辅助分型的、综合病种（含保底组）、核心病种（含国家各层）；未入组的另列；新技术加分单独一列，不含在各类里。"


def fund_listing(words: Words, values: Sequence[Row], year: int, run: int) -> Listing:
    """From the fund of a scheme to what its hospitals get, a row a scheme. Runs of older versions say only the first steps."""
    headings: Headings = [("险种", "text"), *words.headings(*FUND)]
    due = [{**row, "dip_payable": row["dip_fund"] - row["undistributed_amount"]} for row in values]
    rows = [[words.insurance.get(row["insurance_type"], ""), *(row[name] for name in FUND)] for row in due]
    return Listing("基金去向", f"{year} 年 DIP 基金去向（第 {run} 次）", headings, rows, _FUND_NOTES)


def parts_listing(words: Words, parts: Sequence[Row], year: int, run: int) -> Listing:
    """Points of each hospital by part, the sum of each scheme first."""
    used = _used(words, parts)
    headings: Headings = [
        ("机构", "text"),
        ("险种", "text"),
        ("总点数", "decimal"),
        *((words.parts[p], "decimal") for p in used),
    ]
    of: dict[tuple[str, str], dict[str, int]] = {}
    for row in parts:
        of.setdefault((row["insurance_type"], row["provider_code"]), {})[row["points_part"]] = row["dip_points"]
    sums, rows = [], []
    for insurance in sorted({insurance for insurance, _ in of}):
        mine = {provider: points for (i, provider), points in of.items() if i == insurance}
        label = words.insurance.get(insurance, insurance)
        whole = {part: sum(points.get(part, 0) for points in mine.values()) for part in used}
        sums.append([f"合计（{len(mine)} 家）", label, *_points(whole, used)])
        rows += [[words.provider(provider), label, *_points(points, used)] for provider, points in sorted(mine.items())]
    bold = frozenset(range(len(sums)))
    return Listing("点数构成", f"{year} 年点数构成（第 {run} 次）", headings, [*sums, *rows], (_PARTS_NOTE,), bold)


def hospital_parts(words: Words, parts: Sequence[Row], year: int) -> Listing:
    """Cases and points of one hospital by part, schemes across."""
    used, schemes = _used(words, parts), sorted({row["insurance_type"] for row in parts})
    of = {(row["insurance_type"], row["points_part"]): row for row in parts}
    names = [words.insurance.get(one, one) for one in schemes]
    headings: Headings = [("项目", "text")]
    for name in names:
        headings = [*headings, (f"{name}例数", "count"), (f"{name}点数", "decimal")]
    rows: list[list[Any]] = []
    for part in used:
        found = [of.get((one, part), {"case_count": 0, "dip_points": 0}) for one in schemes]
        rows.append([words.parts[part], *(cell for row in found for cell in (row["case_count"], row["dip_points"]))])
    whole: list[Any] = ["合计"]
    for one in schemes:
        mine = [row for row in parts if row["insurance_type"] == one]
        whole += [sum(row["case_count"] for row in mine if row["points_part"] != BONUS), sum(row["dip_points"] for row in mine)]  # fmt: skip
    return Listing("点数构成", f"{year} 年点数构成", headings, [*rows, whole], (_PARTS_NOTE,), frozenset({len(rows)}))


def shares_listing(words: Words, shares: Sequence[Row], year: int, run: int) -> Listing:
    """What each level shared at each of its places."""
    headings: Headings = [
        ("次序", "count"), ("层级", "text"), ("险种", "text"), ("机构", "text"), ("病种", "text"),
        *words.headings("booked_pay", "dip_payable"), ("记账÷应付", "rate"), *words.headings("sharing_amount"),
    ]  # fmt: skip
    rows = [
        [
            row["sharing_order"], words.levels[row["sharing_level"]], words.insurance.get(row["insurance_type"], ""),
            words.provider(row["provider_code"]) if row["provider_code"] else "全部", _disease(row),
            row["booked_pay"], row["dip_payable"], rate_of(row["booked_pay"], row["dip_payable"]), row["sharing_amount"],
        ]
        for row in shares
    ]  # fmt: skip
    note = "几个层级依次计算，后一层级的应付是前一层级之后的；一处的金额按应付分到它的各机构，尾差按最大余数。"
    return Listing("留用与分担", f"{year} 年结余留用与超支分担（第 {run} 次）", headings, rows, (note,))


def levels_note(words: Words, levels: Sequence[SharingLevel]) -> str:
    """At which levels a region shares, in order."""
    said = "，再按".join(words.levels[level.level] for level in levels)
    return f"结余留用与超支分担按{said}：记账÷应付不到 1 的，按规定的份额留用；超过 1 的，按规定的份额分担。"


def _disease(row: Row) -> str:
    if row["sharing_level"] not in ("disease", "institution_disease"):
        return "全部"
    return row["dip_group_code"] or "未入组"


def _used(words: Words, parts: Sequence[Row]) -> list[str]:
    """The seven parts of the guide always, the stays without a group where there are any."""
    there = {row["points_part"] for row in parts}
    return [part for part in words.parts if part != "ungrouped" or part in there]


def _points(of: Mapping[str, int], used: Sequence[str]) -> list[int]:
    return [sum(of.values()), *(of.get(part, 0) for part in used)]
