"""A region's rules of enrolment on a day, typed, with what they cite. Nothing here has a default: what a pack does not say is refused.

Amounts in fen, rates in 10⁻⁴. Parameters of a benefit year are asked for on its first of January.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from yibao.errors import UserError
from yibao.money import Fen, exact_fen
from yibao.region.packs import Pack
from yibao.region.rules import Value

CRITICAL_ILLNESS = "benefit.critical_illness"  #: whose `cap` the incentives raise
_GRADES = {"official": "官方", "secondary": "转载", "unverified": "未核实", "proposal": "自拟"}
_STATUS = {"verified": "", "inferred": "，未核对原文", "example": "，示例，不作依据"}


@dataclass
class Book:
    """A pack and what was asked of it: `cited` is printed under whatever was computed with it."""

    pack: Pack
    known_at: date | None = None

    def __post_init__(self) -> None:
        self._asked: dict[str, Value] = {}

    def fresh(self) -> Book:
        """The same pack with nothing asked yet: each listing cites what it used itself."""
        return Book(self.pack, self.known_at)

    def also(self, other: Book) -> None:
        """What another book was asked is cited here too."""
        self._asked.update(other._asked)

    def value(self, key: str, on: date) -> Any:
        found = self.pack.parameter(key, on=on, known_at=self.known_at)
        self._asked[f"{key} {found.cited}"] = found
        return found.value

    def optional(self, key: str, on: date) -> Any:
        """None where no notice of the region holds on that day: for what is the exception (缓缴), never for a rule."""
        if any(v.applies(on, self.known_at) for pack in self.pack.chain() for v in pack.parameters.get(key, ())):
            return self.value(key, on)
        return None

    def words(self, key: str, on: date) -> tuple[str, ...]:
        said = self.value(key, on)
        if not isinstance(said, list):
            raise self.wrong(key, "应是一个列表")
        return tuple(map(str, said))

    def one_of(self, key: str, on: date, choices: Sequence[str]) -> str:
        said = str(self.value(key, on))
        if said not in choices:
            raise self.wrong(key, f"只能是 {'、'.join(choices)}，现在是“{said}”")
        return said

    def flag(self, key: str, on: date) -> bool:
        said = self.value(key, on)
        if not isinstance(said, bool):
            raise self.wrong(key, "应是 true 或 false")
        return said

    def count(self, key: str, on: date) -> int:
        return self.whole(key, self.value(key, on))

    def mapping(self, key: str, on: date, needed: Sequence[str]) -> Mapping[str, Any]:
        """A parameter of several parts; UserError names the part that is missing."""
        said = self.value(key, on)
        if not isinstance(said, Mapping):
            raise self.wrong(key, "应写成几项")
        if absent := [name for name in needed if name not in said]:
            raise UserError(f"“{self.pack.name}”的地区包里参数 {key} 缺少 {absent[0]}，请补上并注明来源。")
        return said

    def whole(self, key: str, said: Any) -> int:
        if isinstance(said, bool) or not isinstance(said, int) or said < 0:
            raise self.wrong(key, f"应是不小于零的整数，现在是“{said}”")
        return said

    def fen(self, key: str, said: Any) -> Fen:
        """Yuan of the pack as fen."""
        if isinstance(said, bool) or not isinstance(said, int | Decimal) or said < 0:
            raise self.wrong(key, f"应是不小于零的金额，现在是“{said}”")
        try:
            return exact_fen(said)
        except ValueError:
            raise self.wrong(key, f"的金额“{said}”比分还细") from None

    def rate(self, key: str, said: Any) -> int:
        """A share of the pack in 10⁻⁴."""
        if isinstance(said, bool) or not isinstance(said, int | Decimal) or not 0 <= said <= 1:
            raise self.wrong(key, f"应是 0 到 1 之间的比例，现在是“{said}”")
        scaled = Decimal(said) * 10_000
        if scaled != scaled.to_integral_value():
            raise self.wrong(key, f"的比例“{said}”比万分之一还细")
        return int(scaled)

    def wrong(self, key: str, what: str) -> UserError:
        return UserError(f"“{self.pack.name}”的地区包里参数 {key} {what}，请改正。")

    @property
    def cited(self) -> tuple[str, ...]:
        """Every parameter that was asked for, with document, grade and status: §15.7 asks for it on every printout."""
        return tuple(
            f"{asked.split()[0]}：{v.cited}（{_GRADES[v.grade]}{_STATUS[v.status]}）"
            for asked, v in sorted(self._asked.items())
        )

    @property
    def sources(self) -> str:
        """The documents alone, once each, for a column of a table; what is an example says so."""
        cited = {v.cited + ("（示例）" if v.status == "example" else "") for v in self._asked.values()}
        return "；".join(sorted(cited))


def year_start(year: int) -> date:
    return date(year, 1, 1)


@dataclass(frozen=True, slots=True)
class Window:
    """集中缴费期 of one benefit year, both days included."""

    opens: date
    closes: date


def window(book: Book, year: int) -> Window:
    """
    >>> from yibao.region.packs import region
    >>> window(Book(region("cn-9904")), 2025)
    Window(opens=datetime.date(2024, 10, 1), closes=datetime.date(2024, 12, 31))
    """
    key = "enrol.window"
    said = book.mapping(key, year_start(year), ("opens", "closes"))
    opens, closes = str(said["opens"]), str(said["closes"])
    try:
        first = date.fromisoformat(f"{year - 1}-{opens}")
        last = date.fromisoformat(f"{year if closes < opens else year - 1}-{closes}")
    except ValueError:
        raise book.wrong(key, "的日期应写成 10-01 的样子") from None
    return Window(first, last)


def resident_standard(book: Book, year: int) -> Fen:
    """What a resident pays for a benefit year, fen."""
    return book.fen("enrol.resident.person", book.value("enrol.resident.person", year_start(year)))


def aid_shares(book: Book, year: int) -> dict[str, int]:
    """Identity → share of the person's contribution that is paid for them, 10⁻⁴."""
    key = "enrol.aid.shares"
    return {str(name): book.rate(key, share) for name, share in book.mapping(key, year_start(year), ()).items()}


LEVELS = ("central", "province", "city", "county")


def subsidy_standard(book: Book, year: int) -> dict[str, int]:
    """Fen a person: the total and each level; UserError where the levels do not add up to it."""
    key = "enrol.resident.subsidy"
    said = book.mapping(key, year_start(year), ("total", *LEVELS))
    found = {name: int(book.fen(key, said[name])) for name in ("total", *LEVELS)}
    if sum(found[level] for level in LEVELS) != found["total"]:
        raise book.wrong(key, "各级之和不等于合计")
    return found


@dataclass(frozen=True, slots=True)
class EmployeeLevy:
    """What is due on a month's base: bounds in fen, rates in 10⁻⁴. `deferred_until`: a notice puts the payment off."""

    floor: int
    ceiling: int
    employer: int
    person: int
    flexible: int
    rounding: str
    deferred_until: date | None = None


def employee_levy(book: Book, day: date) -> EmployeeLevy:
    """The rules on a day; a month goes by its first."""
    base = book.mapping("enrol.employee.base", day, ("floor", "ceiling"))
    rate = book.mapping("enrol.employee.rate", day, ("employer", "person", "flexible"))
    employer, person, flexible = (book.rate("enrol.employee.rate", rate[n]) for n in ("employer", "person", "flexible"))
    floor, ceiling = (book.fen("enrol.employee.base", base[n]) for n in ("floor", "ceiling"))
    if floor > ceiling:
        raise book.wrong("enrol.employee.base", "下限高于上限")
    rounding = book.one_of("enrol.levy.rounding", day, ("half_up", "down"))
    deferral = book.optional("enrol.employee.deferral", day)
    if deferral is not None and not isinstance(deferral, date):
        raise book.wrong("enrol.employee.deferral", "应是缓缴截止的日期")
    return EmployeeLevy(floor, ceiling, employer, person, flexible, rounding, deferral)


def watch_thresholds(book: Book, on: date) -> dict[str, tuple[int, str]]:
    """Identity (or `others`) → (fen a year, office to notify)."""
    key = "enrol.watch"
    said = book.mapping(key, on, ("groups", "others"))
    found: dict[str, tuple[int, str]] = {}
    for name, rule in {**said["groups"], "others": said["others"]}.items():
        if not isinstance(rule, Mapping) or not {"amount", "office"} <= set(rule):
            raise book.wrong(key, f"里的 {name} 要有 amount 和 office")
        found[str(name)] = (int(book.fen(key, rule["amount"])), str(rule["office"]))
    return found
