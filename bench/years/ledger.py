"""What a drawn year holds: figures of the register by key, as a bureau would type them; and their files under 数据/."""

from __future__ import annotations

import io
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from openpyxl import Workbook

from yibao.vocabulary.figures import load_figures

WORDS = {
    "initial": "年初预算",
    "added": "调整追加",
    "adjusted": "全年预算",
    "budget": "预算",
    "final": "决算",
}
YUAN = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A figure of one year, basis and scope."""

    figure: str
    basis: str
    year: int
    scope: str = ""

    @property
    def quote(self) -> str:
        """As texts and forms quote it."""
        scope = f"/{self.scope}" if self.scope else ""
        return f"{{{self.figure}:{WORDS[self.basis]}@{self.year}{scope}}}"


@dataclass(frozen=True, slots=True)
class Coin:
    """How an office prints amounts. `trim`: needless zeros are left out."""

    unit: str = "万元"
    decimals: int = 2
    trim: bool = False

    @property
    def grain(self) -> Decimal:
        """The smallest amount that it prints, in yuan."""
        return YUAN[self.unit].scaleb(-self.decimals)

    def text(self, yuan: Decimal) -> str:
        value = (yuan / YUAN[self.unit]).quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)
        shown = f"{value:f}"
        if self.trim and "." in shown:
            shown = shown.rstrip("0").rstrip(".")
        return shown + self.unit


@dataclass(slots=True)
class Ledger:
    """Everything typed. `yuan`: money before it was printed, for what is drawn from it."""

    year: int
    coin: Coin
    typed: dict[Place, tuple[str, str]] = field(default_factory=dict)
    yuan: dict[Place, Decimal] = field(default_factory=dict)

    def place(self, figure: str, basis: str = "final", last: bool = False, scope: str = "") -> Place:
        return Place(figure, basis, self.year - last, scope)

    def money(self, figure: str, yuan: Decimal, basis: str = "final", *, last: bool = False, scope: str = "",
              source: str = "部门账册", coin: Coin | None = None) -> None:  # fmt: skip
        place = self.place(figure, basis, last, scope)
        if figure not in load_figures():
            return
        self.yuan[place] = yuan
        self.typed[place] = ((coin or self.coin).text(yuan), source)

    def count(self, figure: str, text: str, *, last: bool = False, scope: str = "", source: str = "部门账册") -> None:
        """A number that is no money, its unit behind it."""
        if figure not in load_figures():
            return
        self.typed[self.place(figure, last=last, scope=scope)] = (text, source)

    def rate(self, figure: str, part: Decimal, whole: Decimal, *, scope: str = "", source: str = "部门账册") -> None:
        """part ÷ whole as a percentage; nothing without a base."""
        if whole > 0:
            self.count(figure, percent(part / whole), scope=scope, source=source)

    def has(self, *quotes: str) -> bool:
        """Are all figures of quotes like {dept.balance} and {x:预算} there, those without a basis as results?"""
        return all(self._place(quote) in self.typed for quote in quotes)

    def _place(self, quote: str) -> Place:
        bare, _, scope = quote.strip("{}").partition("/")
        bare, _, year = bare.partition("@")
        figure, _, words = bare.partition(":")
        basis = next((b for b, name in WORDS.items() if name == words), "final")
        return Place(figure, basis, int(year or self.year), scope)

    def final(self, figure: str, scope: str = "") -> Decimal:
        return self.yuan.get(self.place(figure, scope=scope), Decimal(0))

    def far(self) -> Iterator[tuple[str, bool]]:
        """Results far from their budget, as 取舍.yaml has to explain them (appraise/deviations), and whether they lie above."""
        for place, value in sorted(self.yuan.items()):
            for basis, plans, said in (
                ("final", ("budget", "adjusted", "initial"), "决算与预算"),
                ("adjusted", ("initial",), "全年预算与年初预算"),
            ):
                if place.basis != basis or place.year != self.year or not place.figure.startswith("dept."):
                    continue
                others = (Place(place.figure, plan, place.year, place.scope) for plan in plans)
                plan = next((self.yuan[other] for other in others if other in self.yuan), Decimal(0))
                if plan > 0 and not Decimal("0.7") <= value / plan <= Decimal("1.3"):
                    scope = f" {place.scope}" if place.scope else ""
                    yield f"{place.year}年{scope} {load_figures().get(place.figure).label} {said}", value > plan


def percent(fraction: Decimal) -> str:
    return f"{(fraction * 100).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


Group = tuple[str, str, int, str]


def data_files(ledger: Ledger, rng: random.Random) -> dict[str, str | bytes]:
    """The figures as files under 数据/: blocks of one source, basis, year and scope; some sources as a workbook."""
    by_source: dict[str, dict[Group, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for place, (text, source) in ledger.typed.items():
        group = (source, place.basis, place.year, place.scope)
        by_source[source][group][place.figure] = text
    files: dict[str, str | bytes] = {}
    for source, groups in by_source.items():
        if rng.random() < 0.15:
            files[f"数据/{source}.xlsx"] = _workbook(groups)
        else:
            files[f"数据/{source}.yaml"] = "\n".join(["数据:", *_blocks(groups)]) + "\n"
    return files


def _blocks(groups: dict[Group, dict[str, str]]) -> Iterator[str]:
    for (source, basis, year, scope), values in groups.items():
        yield f"  - 来源: {source}"
        yield f"    年度: {year}"
        yield f"    口径: {WORDS[basis]}"
        if scope:
            yield f'    范围: "{scope}"'
        yield "    数:"
        for figure, text in values.items():
            yield f"      {figure}: {text}"


def _workbook(groups: dict[Group, dict[str, str]]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(("指标", "范围", "年度", "口径", "数值", "文件"))
    for (source, basis, year, scope), values in groups.items():
        for figure, text in values.items():
            sheet.append((figure, scope, str(year), WORDS[basis], text, source))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
