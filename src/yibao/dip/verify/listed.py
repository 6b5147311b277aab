"""What was found as listings: for the terminal, and as sheets of a workbook, one a cause."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from yibao.dip.verify.found import RESULTS, Difference
from yibao.dip.verify.pot import put_right
from yibao.dip.verify.run import Verified
from yibao.store.listing import Headings, Listing
from yibao.vocabulary.tables import Vocabulary

ROWS: Headings = (
    ("表", "text"), ("结算ID", "text"), ("机构", "text"), ("险种", "text"), ("月份", "text"), ("步骤", "text"), ("官方数", "text"),
    ("核对数", "text"), ("影响（元）", "money"), ("说明", "text"),
)  # fmt: skip
_INSURANCE = re.compile(r"(?<=（)\d{3}(?=）)")  #: in the name of a check
BASE = "影响：官方数减核对数；病例按预算点值折算（付费乘支付比例的再乘支付比例），正数为统筹区多付，算不出的不计"


class Named:
    """Codes in words."""

    def __init__(self, vocabulary: Vocabulary, verified: Verified) -> None:
        self.vocabulary, self.verified = vocabulary, verified

    def __call__(self, codes: str, value: str | None) -> str:
        return self.vocabulary.codes[codes].values.get(value or "", value or "")

    def code(self, provider: str | None) -> str:
        """The code of a hospital; nothing where the sheets know it by its name alone."""
        return provider if provider is not None and provider.isascii() else ""

    def provider(self, code: str | None) -> str:
        return self.verified.sheets.name(code)


def by_cause(verified: Verified, named: Named) -> Listing:
    """How many differences of each cause, in which sheet, and what they come to."""
    rows = _counted(
        verified.found.differences, lambda one: (named("dip_cause", one.cause), named("dip_sheet", one.sheet))
    )
    title = f"{verified.sheets.year} 年统筹区 DIP 各表的差异，按原因"
    return Listing(
        "按原因", title, (("原因", "text"), ("表", "text"), ("行数", "count"), ("影响（元）", "money")), rows, (BASE,)
    )


def by_provider(verified: Verified, named: Named) -> Listing:
    """The same by hospital."""
    rows = _counted(
        verified.found.differences, lambda one: (named.code(one.provider), named.provider(one.provider) or "（整表）")
    )
    headings: Headings = (("编号", "text"), ("机构", "text"), ("行数", "count"), ("影响（元）", "money"))
    return Listing("按机构", f"{verified.sheets.year} 年统筹区 DIP 各表的差异，按机构", headings, rows, (BASE,))


def _counted(
    differences: Iterable[Difference], key: Callable[[Difference], tuple[str, str]]
) -> list[tuple[object, ...]]:
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for one in differences:
        of = sums[key(one)]
        of[0] += 1
        of[1] += one.effect or 0
    return [(*name, *of) for name, of in sorted(sums.items(), key=lambda item: (-item[1][0], item[0]))]


def checks(verified: Verified, named: Named) -> Listing:
    """What was checked and what was not: a check that did not run is no pass."""
    rows = [
        (
            _INSURANCE.sub(lambda code: named("insurance_type", code[0]), one.name),
            "没有核对" if one.reason else "已核对",
            None if one.reason else one.looked,
            one.reason or one.note,
        )
        for one in verified.found.checks
    ]
    headings: Headings = (("核对", "text"), ("", "text"), ("行数", "count"), ("说明", "text"))
    return Listing("核对清单", f"{verified.sheets.year} 年统筹区 DIP 各表：核对了什么", headings, rows)


def differences(verified: Verified, named: Named) -> Iterator[Listing]:
    """A listing a cause, the costliest rows first."""
    by: dict[str, list[Difference]] = defaultdict(list)
    for one in verified.found.differences:
        by[one.cause].append(one)
    for cause, mine in sorted(by.items(), key=lambda item: (-len(item[1]), item[0])):
        label = named("dip_cause", cause)
        rows = [row_of(one, named) for one in sorted(mine, key=lambda one: (-abs(one.effect or 0), one.sheet, one.key))]
        yield Listing(label, f"{verified.sheets.year} 年，{label}：{len(rows)} 行", ROWS, rows, (BASE,))


def row_of(one: Difference, named: Named) -> tuple[object, ...]:
    """A difference in words, as `ROWS` has it."""
    return (
        named("dip_sheet", one.sheet), one.key if one.sheet == RESULTS and one.step != "total" else "", named.provider(one.provider), named("insurance_type", one.insurance),
        str(one.month or ""), named("dip_step", one.step), one.official or "", one.own or "", one.effect, one.says,
    )  # fmt: skip


def pot(verified: Verified, named: Named) -> Listing | None:
    """What each hospital should have had of the shared fund; None where that cannot be said."""
    parts = sorted(put_right(verified), key=lambda part: (part.insurance, -abs(part.due - part.own_due), part.provider))
    if not parts:
        return None
    rows = [
        (named.provider(p.provider), named("insurance_type", p.insurance), _millionths(p.points), _millionths(p.own_points), p.due, p.own_due, p.due - p.own_due)
        for p in parts
    ]  # fmt: skip
    headings: Headings = (
        ("机构", "text"), ("险种", "text"), ("官方点数", "decimal"), ("核对点数", "decimal"), ("按官方点数应得（元）", "money"),
        ("按核对点数应得（元）", "money"), ("多得（元）", "money"),
    )  # fmt: skip
    note = "基金总额不变，一家机构的点数错了，各家应得的都变；没有计入的是看不出应是多少点的病例"
    return Listing("基金重分", f"{verified.sheets.year} 年点数改正后各机构应得的基金", headings, rows, (note,))


def _millionths(points: Decimal) -> int:
    """10⁻⁶ points, as a listing holds them."""
    return int(points.scaleb(6).to_integral_value(ROUND_HALF_UP))


def workbook(verified: Verified, named: Named) -> Sequence[Listing]:
    """Every listing, in the order of the sheets."""
    shared = pot(verified, named)
    return [
        by_cause(verified, named), by_provider(verified, named), checks(verified, named), *([shared] if shared else []),
        *differences(verified, named),
    ]  # fmt: skip
