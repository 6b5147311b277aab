"""A typed figure: which one, how it was printed, and where it stands.

Shapes: `Key` (figure, scope, year, basis) names a figure; `Number` is a printed number, money as int64 fen beside its
printed form; `Typed` joins both with all places that print it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from yibao.money import FEN_PER, Fen, exact_fen
from yibao.vocabulary.figures import load_figures
from yibao.vocabulary.intervals import Range, round_half_up
from yibao.vocabulary.labels import Basis
from yibao.vocabulary.units import UNITS, Unit

LONGEST = 18  #: digits: longer ones are codes or account numbers
_NUMBER = re.compile(r"(?P<sign>[-+])?(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<rest>\.\d+)?")
_UNITS_BY_LENGTH = sorted(UNITS, key=len, reverse=True)
_BLANKS = frozenset(("", "-", "--", "—", "——", "―", "/", "~", "无"))
FEN_PER_YUAN = FEN_PER["元"]

_BASIS_NAMES: dict[Basis, str] = {
    "initial": "年初预算",
    "added": "调整追加",
    "adjusted": "全年预算",
    "budget": "预算",
    "final": "决算",
    "target": "目标",
    "actual": "实际",
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number is printed (document, table, place in it), and where the folder repeats it (file, line or cell)."""

    document: str
    table: str = ""
    place: str = ""
    file: str = ""
    at: str = ""

    @property
    def printed_in(self) -> str:
        return " ".join(part for part in (self.document, self.table, self.place) if part)

    @property
    def cited(self) -> str:
        """The printed place and the file that repeats it, as messages quote them."""
        return f"{self.printed_in}（{self.file} {self.at}）" if self.file else self.printed_in


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """One figure of one year. Results are `final`, for counts and rates too: actual and final are one basis."""

    figure: str
    scope: str
    year: int
    basis: Basis

    @property
    def name(self) -> str:
        """The key as messages and 取舍.yaml write it.

        >>> Key("dept.funds.total", "", 2025, "initial").name
        '2025年 年度资金总额 年初预算'
        """
        scope = f" {self.scope}" if self.scope else ""
        return f"{self.year}年{scope} {load_figures().get(self.figure).label} {self.basis_name}"

    @property
    def basis_name(self) -> str:
        """The basis in words: what was done is 决算 for amounts, 实际 for counts and rates."""
        role = load_figures().get(self.figure).role
        return _BASIS_NAMES["actual" if self.basis == "final" and role != "amount" else self.basis]


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number. `value` is in the unit as printed and keeps its zeros."""

    text: str
    value: Decimal
    unit: Unit

    @property
    def decimals(self) -> int:
        return len(self.text.partition(".")[2])

    @property
    def is_money(self) -> bool:
        return self.unit.dimension == "money"

    @property
    def fen(self) -> Fen:
        """Money as fen. ValueError where the unit is no unit of money."""
        if not self.is_money:
            raise ValueError(f"{self.printed} is no money")
        return exact_fen(self.value * self.unit.factor)

    @property
    def base(self) -> Decimal:
        """Comparable numbers of one dimension: fen, persons, a fraction for %."""
        return Decimal(self.fen) if self.is_money else self.value * self.unit.factor

    @property
    def step(self) -> Decimal:
        """One unit of the last printed place, in base units."""
        factor = self.unit.factor * FEN_PER_YUAN if self.is_money else self.unit.factor
        return Decimal(1).scaleb(-self.decimals) * factor

    @property
    def range(self) -> Range:
        """What the printed form can stand for; counts and scores stand for themselves."""
        return Range.number(self.base) if self.unit.exact else Range.printed(self.base, self.step)

    @property
    def printed(self) -> str:
        return f"{self.text}{self.unit.symbol}"

    def same_as(self, other: Number) -> bool:
        """Do two printings tell one value? In one unit counts and money must be equal; a rate, and anything in a larger
        unit, may be the other one rounded.

        >>> number("97.5", "%").same_as(number("97.51", "%")), number("43.47", "万人").same_as(number("434712", "人"))
        (True, True)
        >>> number("625.5", "万元").same_as(number("625.53", "万元"))
        False
        """
        if self.unit.dimension != other.unit.dimension:
            return False
        if self.unit == other.unit and self.unit.dimension != "ratio":
            return self.base == other.base
        fine, coarse = sorted((self, other), key=lambda n: n.step)
        return coarse.rewritten(fine.base).value == coarse.value

    def rewritten(self, base: Decimal) -> Number:
        """Another value printed in this number's unit and precision, half-up."""
        factor = self.unit.factor * FEN_PER_YUAN if self.is_money else self.unit.factor
        value = round_half_up(base / factor, self.decimals)
        return Number(str(value), value, self.unit)


@dataclass(frozen=True, slots=True)
class Typed:
    """A number of a figure, with every place that prints it."""

    key: Key
    number: Number
    sources: tuple[Source, ...]

    @property
    def cited(self) -> str:
        return f"{self.number.printed}：{'、'.join(source.cited for source in self.sources)}"


def is_blank(text: str) -> bool:
    """True for an empty cell and the dashes that offices write there."""
    return text.strip() in _BLANKS


def number(text: str, unit: str = "") -> Number:
    """A number as it is printed, its unit behind it or given; ValueError with a Chinese reason.

    >>> number("1,997.20", "万元").value, number("２５.０%").printed
    (Decimal('1997.20'), '25.0%')
    """
    plain = "".join(unicodedata.normalize("NFKC", text).replace("−", "-").split())
    symbol = next((u for u in _UNITS_BY_LENGTH if plain.endswith(u) and len(plain) > len(u)), "")
    if symbol and unit and symbol != unit:
        raise ValueError(f"“{text}”自带的单位与所写单位“{unit}”不同")
    found = _NUMBER.fullmatch(plain.removesuffix(symbol))
    if found is None:
        raise ValueError(f"“{text}”不是一个数")
    digits = f"{found['sign'] or ''}{found['digits'].replace(',', '')}{found['rest'] or ''}".removeprefix("+")
    if len(digits) > LONGEST:
        raise ValueError(f"“{text}”位数太多，不像是填报的数")
    known = UNITS.get(symbol or unit)
    if known is None:
        raise ValueError(f"不认识单位“{unit}”" if unit else f"“{text}”没有单位")
    made = Number(digits, Decimal(digits), known)
    _check_money(made)
    return made


def _check_money(made: Number) -> None:
    if not made.is_money:
        return
    try:
        _ = made.fen
    except ValueError:
        raise ValueError(f"“{made.printed}”比一分还细") from None
    except OverflowError:
        raise ValueError(f"“{made.printed}”太大") from None


def points(value: Decimal) -> str:
    """Points without needless zeros.

    >>> points(Decimal("10.00")), points(Decimal("9.50")), points(Decimal("100"))
    ('10', '9.5', '100')
    """
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
