"""A city bureau's own figures, reckoned here and nowhere else: three hospitals, two insurances, stays of some months, and workbooks of them.

Nothing of the product is used: scores × coefficients × factor, four places, points × value, fen half-up. Tests write the figures into
workbooks as bureaus do, and plant mistakes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

D = Decimal
NOTHING, USUAL = D(0), D("0.05")
#: name → code, institution coefficient
HOSPITALS = {
    "甲县人民医院": ("H12345600001", D("1.2")),
    "甲县中医医院": ("H12345600002", D("1.0")),
    "丙镇中心卫生院": ("H12345600003", D("0.85")),
}
#: code, diagnosis, operation, layer, score, mean (yuan)
GROUPS = [
    ("K35.3-0", "K35.300", "", "核心病种", D("512.3301"), 5200), ("K35.3-47.0100", "K35.300", "47.0100", "核心病种", D("1033.4507"), 10400),
    ("I63.9-0", "I63.900", "", "核心病种", D("921.7719"), 9300), ("J18.9-0", "J18.900", "", "基层病种", D("298.1207"), 3100),
    ("E11-ZH0", "E11.900", "", "综合病种", D("455.0903"), 4600),
]  # fmt: skip
INSURANCES = {"居民": ("390", D("7.0783"), D("0.62")), "职工": ("310", D("8.3127"), D("0.78"))}


def half_up(value: Decimal, places: int) -> Decimal:
    return value.quantize(D(1).scaleb(-places), ROUND_HALF_UP)


@dataclass(frozen=True)
class Case:
    """A stay; money in yuan."""

    number: str
    hospital: str
    insurance: str
    when: datetime
    group: str
    dx: str
    operation: str
    layer: str
    score: Decimal
    coefficient: Decimal
    auxiliary: Decimal
    ratio: Decimal
    band: str
    factor: Decimal
    points: Decimal
    fee: Decimal
    booked: Decimal
    value: Decimal
    pay_ratio: Decimal

    @property
    def share(self) -> Decimal:
        return self.fee - self.booked

    @property
    def code(self) -> str:
        return HOSPITALS[self.hospital][0]

    @property
    def month(self) -> int:
        return self.when.year * 100 + self.when.month


def reckoned(case: Case, **changed: Any) -> Case:
    """The stay with its points worked out again from its numbers."""
    case = replace(case, **changed)
    points = half_up(case.score * case.coefficient * case.auxiliary * case.factor, 4)
    return replace(case, points=points)


def cases(months: Iterable[int], each: int = 9, auxiliary: bool = False) -> list[Case]:
    """`each` stays a month, hospital and insurance; costs that reach from a third of the standard to three times."""
    found: list[Case] = []
    for month in months:
        for hospital, (_, own) in HOSPITALS.items():
            for insurance, (_, value, pay_ratio) in INSURANCES.items():
                for at in range(each):
                    n = len(found)
                    group, dx, operation, layer, score, mean = GROUPS[(at + n // each) % len(GROUPS)]
                    coefficient = D(1) if layer == "基层病种" else own
                    share = (33, 70, 88, 96, 104, 117, 150, 183, 291)[(at * 4 + n // 7) % 9]
                    fee = half_up(D(mean) * coefficient * share / 100 + D(n % 97) / 7, 2)
                    ratio = half_up(fee / (D(mean) * coefficient), 4)
                    band, factor = (
                        ("超低", ratio) if ratio < D("0.5") else ("正常", D(1)) if ratio <= 2 else ("超高", ratio - 1)
                    )
                    split = D("1.15") if auxiliary and layer == "核心病种" and at % 3 == 0 else D(1)
                    booked = half_up(fee * (pay_ratio + D(n % 9 - 4) / 100), 2)
                    when = datetime(month // 100, month % 100, 1 + n % 27, 8 + n % 9, n % 60, 11)
                    found.append(
                        reckoned(
                            Case(
                                f"2025{n + 1:08d}",
                                hospital,
                                insurance,
                                when,
                                group,
                                dx,
                                operation,
                                layer,
                                score,
                                coefficient,
                                split,
                                ratio,
                                band,
                                factor,
                                D(0),
                                fee,
                                booked,
                                value,
                                pay_ratio,
                            )
                        )
                    )
    return found  # fmt: skip


@dataclass
class Month:
    """A hospital's month of an insurance; `payable` by the base."""

    month: int
    hospital: str
    insurance: str
    count: int
    points: Decimal
    fee: Decimal
    booked: Decimal
    value: Decimal
    pay_ratio: Decimal
    payable: Decimal = NOTHING
    deposit: Decimal = NOTHING
    deduction: Decimal = NOTHING
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def share(self) -> Decimal:
        return self.fee - self.booked

    @property
    def paid(self) -> Decimal:
        return self.payable - self.deposit - self.deduction

    @property
    def key(self) -> str:
        return f"{self.month}|{HOSPITALS[self.hospital][0]}|{INSURANCES[self.insurance][0]}"


def by_ratio(month: Month, of: Sequence[Case]) -> Decimal:
    return half_up(month.points * month.value * month.pay_ratio, 2)


def by_share(month: Month, of: Sequence[Case]) -> Decimal:
    return max(D(0), half_up(month.points * month.value - month.share, 2))


def by_case(month: Month, of: Sequence[Case]) -> Decimal:
    return half_up(sum((one.points * one.value * one.booked / one.fee for one in of), D(0)), 2)


def months_of(
    found: Sequence[Case], base: Callable[[Month, Sequence[Case]], Decimal], deposit: Decimal = USUAL
) -> list[Month]:
    rows = []
    for key in dict.fromkeys((one.month, one.hospital, one.insurance) for one in found):
        mine = [one for one in found if (one.month, one.hospital, one.insurance) == key]
        _, value, ratio = INSURANCES[key[2]]
        row = Month(
            *key,
            len(mine),
            sum((o.points for o in mine), D(0)),
            sum((o.fee for o in mine), D(0)),
            sum((o.booked for o in mine), D(0)),
            value,
            ratio,
        )
        row.payable = base(row, mine)
        row.deposit = half_up(row.payable * deposit, 2)
        rows.append(row)
    return rows  # fmt: skip


Cell = Any
Columns = Mapping[str, Callable[[Any], Cell]]


def write(
    sheet: Worksheet, titles: Sequence[str], columns: Columns, rows: Iterable[Any], *, upper: Sequence[str] = (), blank_after: int = 0
) -> None:  # fmt: skip
    """Titles merged over the table, one or two heading rows, and the rows; `upper`: the row of headings above, "" within a merged one."""
    width = len(columns)
    for title in titles:
        sheet.append([title])
        sheet.merge_cells(start_row=sheet.max_row, start_column=1, end_row=sheet.max_row, end_column=width)
    if upper:
        _two_rows(sheet, upper, list(columns))
    else:
        sheet.append(list(columns))
    for at, row in enumerate(rows, 1):
        sheet.append([read(row) for read in columns.values()])
        if blank_after and at % blank_after == 0:
            sheet.append([])


def _two_rows(sheet: Worksheet, upper: Sequence[str], lower: Sequence[str]) -> None:
    top = sheet.max_row + 1
    own = [above or lower[at] if above == lower[at] else above for at, above in enumerate(upper)]
    sheet.append([None if text == "<" else text for text in own])
    sheet.append([None if upper[at] == lower[at] else lower[at] for at in range(len(lower))])
    at = 0
    while at < len(lower):
        end = at + 1
        while end < len(lower) and upper[end] == "<":
            end += 1
        if upper[at] == lower[at]:
            sheet.merge_cells(start_row=top, start_column=at + 1, end_row=top + 1, end_column=at + 1)
        elif end - at > 1:
            sheet.merge_cells(start_row=top, start_column=at + 1, end_row=top, end_column=end)
        at = end


def book(path: Path, **sheets: Callable[[Worksheet], None]) -> Path:
    """A workbook of sheets by name."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, fill in sheets.items():
        fill(made.create_sheet(name))
    made.save(path)
    return path


def wan(value: Decimal) -> float:
    """In 万元, as a number."""
    return float(value / 10_000)


def commas(value: Decimal) -> str:
    """As text with separators."""
    return f"{value:,.2f}"
