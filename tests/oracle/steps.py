"""One bill, step by step as ADR 0014 numbers them. Amounts are whole fen, rates Decimal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tests.oracle.paid import Chain, Entry, Layered, Paid, Person
from tests.oracle.read import COMPONENTS, FUNDS, MODES, PERIODS, Band, Read
from tests.oracle.visit import Visit

MID_STAY, TRANSFER, UP, DOWN = 1, 2, 3, 4
#: what deductible_merge joins to the visit before
MERGED = {"none": (), "mid_stay": (MID_STAY,), "transfer": (TRANSFER, UP, DOWN), "both": (MID_STAY, TRANSFER, UP, DOWN)}


class Steps:
    """One bill of one benefit year."""

    def __init__(self, rules: Mapping[str, Any], person: Person, visit: Visit) -> None:
        self.rules, self.person, self.visit, self.care = rules, person, visit, visit.care
        self.added: Counter[Any] = Counter()
        self.fund_pay = 0

    def sum(self, *key: Any) -> int:
        """What the person has so far of one thing, this visit's own layers included."""
        return self.person.sums[(self.visit.scheme, *key)]

    def add(self, amount: int, *key: Any) -> None:
        self.added[(self.visit.scheme, *key)] += amount
        self.person.sums[(self.visit.scheme, *key)] += amount

    def run(self) -> Entry:
        visit, care = self.visit, self.care
        n = self.count()
        self.read = read = Read(self.rules, visit, n)
        first = read.rounded(visit.in_scope * read.number(f"{care}.first_pay", 0))
        scope = visit.in_scope - first
        standard = read.fen(f"{care}.deductible")
        owed = self.deductible(standard)
        paid = min(owed, scope)
        self.book_deductible(paid)
        pool_due, pool_pay = self.pool(scope, paid)
        left = {
            "over_pool_cap": pool_due - pool_pay,
            "coinsurance": scope - paid - pool_due,
            "deductible": paid,
            "first_pay": first,
            "pre_selfpay": visit.pre_selfpay,
            "over_cap": visit.over_cap,
            "full_selfpay": visit.full_selfpay,
        }
        layers = tuple(self.layer(name, left) for name in read.plain(f"{care}.layers"))
        account, family = self.account(left)
        cash = sum(left.values()) - account - family
        found = Paid(
            n, standard, owed, paid, first, pool_due, pool_pay, layers, account + family, family, cash, self.fund()
        )
        return Entry(found, self.added, [self.chain])

    def fund(self) -> str:
        """Whose account the care's own formula is on: mostly the pool."""
        return self.read.word(f"{self.care}.fund", FUNDS, "pool")

    def count(self) -> int:
        """Step 2: which admission of the year this is."""
        read, key = Read(self.rules, self.visit, None), ("admissions", self.visit.year)
        counts = int(read.number(f"{self.care}.counts_admission", 1 if self.care == "inpatient" else 0))
        n = max(1, self.sum(*key) + counts)
        self.add(counts, *key)
        return n

    def deductible(self, standard: int) -> int:
        """Step 3: what is owed before the pool pays."""
        read, visit = self.read, self.visit
        mode = read.word(f"{self.care}.deductible_mode", MODES)
        shares = f"{self.care}.deductible_shares"
        self.name = name = read.plain(shares) if read.has(shares) else self.care
        self.chain = self.chain_of((visit.scheme, name))
        merge = MERGED[read.word(f"{self.care}.deductible_merge", tuple(MERGED), "none")]
        continuous = read.word(f"{self.care}.referral", ("continuous", "none"), "none") == "continuous"
        if continuous and visit.continues == DOWN:
            return 0
        paid = 0 if mode == "visit" else self.paid_in_period("year" if mode == "top_up" else mode)
        if visit.continues in merge or (continuous and visit.continues == UP):
            paid = max(paid, self.sum("deductible", name, "chain", self.chain))
        return max(0, standard - paid)

    def paid_in_period(self, per: str) -> int:
        """What counts against the standard under the mode."""
        if per == "institution":
            return self.sum("deductible", self.name, per, self.visit.year, self.visit.provider)
        return self.sum("deductible", self.name, per, period(self.visit, per))

    def chain_of(self, deductible: tuple[str, str]) -> Chain:
        """The chain of the last standing visit with this deductible if this one continues it, else a new one."""
        if self.visit.continues:
            for entry in reversed(self.person.standing.values()):
                for chain in reversed(entry.chains):
                    if chain[0] == deductible:
                        return chain
        self.person.chains += 1
        return deductible, self.person.chains

    def book_deductible(self, paid: int) -> None:
        for per in PERIODS[1:]:
            self.add(paid, "deductible", self.name, per, period(self.visit, per))
        self.add(paid, "deductible", self.name, "institution", self.visit.year, self.visit.provider)
        self.add(paid, "deductible", self.name, "chain", self.chain)

    def pool(self, scope: int, paid: int) -> tuple[int, int]:
        """Step 4."""
        bands = self.read.bands(self.care)
        from_zero = self.read.counts_from_zero(self.care, bands)
        low, high = (paid, scope) if from_zero else (0, scope - paid)
        if self.read.word(f"{self.care}.bands_over", ("visit", "year"), "visit") == "year":
            earlier = self.sum("measure", self.care, self.visit.year)
            self.add(high, "measure", self.care, self.visit.year)
            low, high = low + earlier, high + earlier
        return self.pay(self.care, bands, low, high)

    def layer(self, name: str, left: dict[str, int]) -> Layered:
        """Step 5: what a further fund pays of what is left; takes its pay out of `left`."""
        read, visit = self.read, self.visit
        chosen = read.components(f"{name}.base")
        base = sum(left[component] for component in chosen)
        before = 0
        if read.word(f"{name}.over", ("visit", "year")) == "year":
            before = self.sum("base", name, visit.year)
            self.add(base, "base", name, visit.year)
        threshold, bands = read.fen(f"{name}.threshold"), read.bands(name)
        if read.counts_from_zero(name, bands):
            low, high = max(before, threshold), max(before + base, threshold)
        else:
            low, high = max(0, before - threshold), max(0, before + base - threshold)
        due, pay = self.pay(name, bands, low, high)
        rest = pay
        for component in COMPONENTS:
            taken = min(rest, left[component]) if component in chosen else 0
            left[component] -= taken
            rest -= taken
        return Layered(name, read.word(f"{name}.fund", FUNDS), base, due, pay)

    def pay(self, part: str, bands: list[Band], low: int, high: int) -> tuple[int, int]:
        """Due by the bands on (low, high], and what caps and the joint ratio let through."""
        products = [piece * band.rate for piece, band in slices(bands, low, high)]
        each = self.read.number("round_each_band", 0) == 1
        due = sum(map(self.read.rounded, products)) if each else self.read.rounded(sum(products, Decimal(0)))
        pay = min(due, self.joint_room(), *self.cap_rooms(part))
        for key in {key for _, key in self.caps(part)}:
            self.add(pay, *key)
        self.fund_pay += pay
        return due, pay

    def caps(self, part: str) -> list[tuple[int | None, tuple[Any, ...]]]:
        """The caps of a part, raised by incentives, and the sum that each counts."""
        found = []
        for cap in self.read.caps(part):
            amount = cap.amount
            if amount is not None and cap.per == "year" and self.read.has(f"{part}.cap_raise"):
                amount += min(self.visit.cap_raise, int(amount * self.read.number(f"{part}.cap_raise")))
            disease = self.visit.disease if cap.each else None
            found.append((amount, ("cap", cap.name, cap.per, period(self.visit, cap.per), cap.each, disease)))
        return found

    def cap_rooms(self, part: str) -> list[int]:
        return [max(0, amount - self.sum(*key)) for amount, key in self.caps(part) if amount is not None]

    def joint_room(self) -> int:
        """Step 6: of the share of the bill that all funds together may pay, what is left."""
        if not self.read.has(f"{self.care}.joint_ratio"):
            return self.visit.total
        rule = self.read.plain(f"{self.care}.joint_ratio")
        of = {"total": self.visit.total, "in_scope": self.visit.in_scope}[rule["of"]]
        return max(0, int(of * self.read.wanted(f"{self.care}.joint_ratio", rule["rate"])) - self.fund_pay)

    def account(self, left: dict[str, int]) -> tuple[int, int]:
        """Step 7: the own account, then the family's."""
        if not self.visit.uses_account or not self.read.has(f"{self.care}.account"):
            return 0, 0
        payable = sum(left[component] for component in self.read.components(f"{self.care}.account"))
        balance = max(0, self.visit.credited - self.person.sums["account"])
        own = min(balance, payable)
        self.added["account"] += own
        self.person.sums["account"] += own
        return own, min(self.visit.family, payable - own)


def slices(bands: list[Band], low: int, high: int) -> list[tuple[int, Band]]:
    """(low, high] cut by the bands.

    >>> two = [Band(Decimal(100), Decimal("0.5")), Band(None, Decimal("0.9"))]
    >>> [piece for piece, _ in slices(two, 40, 130)], [piece for piece, _ in slices(two, 120, 130)]
    ([60, 30], [0, 10])
    """
    found, begin = [], 0
    for band in bands:
        end = high if band.to is None else int(band.to)
        found.append((max(0, min(high, end) - max(low, begin)), band))
        begin = end
    return found


def period(visit: Visit, per: str) -> Any:
    """Month and quarter are those of the discharge, the year is the benefit year."""
    day = visit.discharge
    if per == "visit":
        return visit.id
    if per == "year":
        return visit.year
    return (day.year, day.month) if per == "month" else (day.year, (day.month + 2) // 3)
