"""Invented rules: any knob with any value, cells over any words, so made that no two rows tie and none is missing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from tests.oracle.read import COMPONENTS, FUNDS, MODES, PERIODS, ROUNDING

Rules = dict[str, Any]

CARES = (
    "inpatient",
    "outpatient",
    "chronic",
    "two_diseases",
    "dual_channel",
    "pharmacy",
    "maternity",
    "long_term_care",
    "emergency",
)
PERSONS = {
    "resident": ("adult", "minor", "student", "newborn"),
    "employee": ("in_service", "retired", "flexible"),
    "cadre": ("cadre",),
}
LAYERS = ("critical", "large", "civil", "enterprise", "aid", "aid_again", "relief")
AID_BASES = ("over_pool_cap", "coinsurance", "deductible")  #: medical aid pays nothing out of scope
#: words of one line exclude each other, but for a group and its members
DIMENSIONS = (
    ("level0", "level1", "level2", "level3"),
    ("home", "settled_away", "referred", "away_emergency", "unreferred"),
    ("in_service", "retired", "flexible", "adult", "minor", "student", "newborn", "cadre"),
    ("tekun", "dibao", "poor", "ordinary"),
    ("civil",),
    ("enterprise",),
    ("signed", "unsigned"),
    ("transfer",),
    ("mid_stay",),
    ("epidemic",),
    ("across",),
    ("disease:D1", "disease:D2"),
    ("provider:H1", "provider:H2"),
    ("maternity:M1", "maternity:M2"),
    ("age>=70", "age<=6"),
    ("age>69", "age<7", "age=40"),
    ("nth=1", "nth=2", "nth>=3"),
    ("nth>=2",),
    ("nth>1", "nth<2"),
    ("bill<=300", "bill>300"),
    ("bill<=30000",),
    ("fetus>=2", "fetus=1"),
)
CHINESE = {
    "level3": "三级",
    "retired": "退休",
    "tekun": "特困",
    "age>=70": "年龄>=70",
    "nth>=2": "次数>=2",
    "else": "其他",
}
RATES = ("0", "1", "0.5", "0.25", "0.75", "0.85", "0.9", "0.05", "0.6667", "0.125", "0.1235")
FINE_RATES = ("0.333333", "0.999999", "0.000001")
YUAN = ("0", "0.01", "99.99", "100", "200", "650", "800", "1500.5")
BOUNDS = ("0.01", "50", "300", "3000", "10000.01", "30000", "100000")
LIMITS = ("0", "33.33", "200", "999.99", "5000", "5000", "20000", "100000", "400000")
Draw = Callable[[], Any]


def draw_rules(random: Random) -> Rules:
    return RuleBook(random).draw()


class RuleBook:
    def __init__(self, random: Random) -> None:
        self.random, self.rules = random, Rules()

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def pick(self, *values: Any) -> Any:
        return self.random.choice(values)

    def of(self, *values: str) -> Draw:
        return lambda: Decimal(self.random.choice(values))

    def draw(self) -> Rules:
        random = self.random
        self.rules["identity.order"] = random.sample(["tekun", "dibao", "dibao_bianyuan"], 3)
        self.rules["identity.groups"] = self.pick(
            {"poor": ["tekun", "dibao"]}, {"poor": ["tekun", "dibao", "dibao_bianyuan"]}
        )
        for scheme in random.sample(sorted(PERSONS), random.choice((1, 1, 2))):
            self.scheme(scheme)
        return self.rules

    def scheme(self, scheme: str) -> None:
        random = self.random
        self.rules[f"{scheme}.rounding"] = self.pick(*ROUNDING)
        if self.chance(0.5):
            self.rules[f"{scheme}.round_each_band"] = self.pick(0, 1)
        layers = random.sample(LAYERS, random.randint(0, 4))
        for care in dict.fromkeys(("inpatient", *random.sample(CARES, 2))):
            self.care(f"{scheme}.{care}", random.sample(layers, random.randint(0, len(layers))))
        for layer in layers:
            self.layer(f"{scheme}.{layer}")

    def put(self, key: str, value: Any) -> None:
        self.rules[key] = value

    def care(self, part: str, layers: list[str]) -> None:
        self.put(f"{part}.layers", layers)
        self.put(f"{part}.deductible", self.cell(self.of(*YUAN)))
        self.put(f"{part}.deductible_mode", self.pick(*MODES))
        self.formula(part)
        optional: dict[str, Draw] = {
            "first_pay": lambda: self.cell(self.of("0", "0.1", "0.2", "0.125", "1")),
            "deductible_shares": lambda: self.pick("pot", "inpatient"),
            "deductible_merge": lambda: self.pick("none", "mid_stay", "transfer", "both"),
            "referral": lambda: "continuous",
            "counts_admission": lambda: self.cell(self.of("0", "1"), counting=True),
            "bands_over": lambda: self.pick("visit", "year"),
            "fund": lambda: self.pick("pool", "disabled_person", "other"),  # separate accounts: 离休, 长护
            "account": lambda: self.components(COMPONENTS),
            "joint_ratio": lambda: {"rate": self.of(*RATES[2:])(), "of": self.pick("total", "in_scope")},
            "year_end": lambda: self.pick("whole_at_discharge", "split_by_days", "two_settlements"),
        }
        for knob, value in optional.items():
            if self.chance(0.4):
                self.put(f"{part}.{knob}", value())

    def layer(self, part: str) -> None:
        fund = self.pick(*FUNDS[1:])
        self.put(f"{part}.fund", fund)
        self.put(f"{part}.base", self.components(AID_BASES if fund == "medical_aid" else COMPONENTS))
        self.put(f"{part}.over", self.pick("visit", "year"))
        self.put(f"{part}.threshold", self.cell(self.of("0", "0", "50", "800", "5000.01", "13000")))
        self.formula(part)
        if self.chance(0.4):
            self.put(f"{part}.cap_raise", self.of("0.2", "0.333333", "0.05")())

    def formula(self, part: str) -> None:
        """What a care and a layer have in common: bands, what is added, caps."""
        factor = self.chance(0.3)
        rates = self.of(*RATES) if factor else self.of(*RATES, *FINE_RATES)
        if self.chance(0.4):
            self.put(f"{part}.rate", self.cell(rates))
        else:
            bounds = sorted(Decimal(one) for one in self.random.sample(BOUNDS, self.random.randint(0, 3)))
            rows = [{"to": bound, "rate": self.cell(rates)} for bound in bounds]
            self.put(f"{part}.bands", [*rows, {"rate": self.cell(rates)}])
            self.put(f"{part}.bands_from", self.pick("zero", "deductible"))
        if factor:
            self.put(f"{part}.selfpay_factor", self.cell(self.of("0.6", "0.5", "1", "0.25", "0")))
        if self.chance(0.3):
            extra = self.of("0", "0.05", "0.1", "-0.2")
            self.put(f"{part}.rate_plus", [self.cell(extra) for _ in range(self.random.randint(1, 2))])
        self.put(f"{part}.caps", self.caps())

    def caps(self) -> list[dict[str, Any]]:
        """No two that count the same sum."""
        found: dict[Any, dict[str, Any]] = {}
        for _ in range(self.pick(0, 1, 1, 2, 3)):
            row: dict[str, Any] = {"per": self.pick(*PERIODS), "amount": self.cell(self.limit)}
            if self.chance(0.3):
                row["shares"] = self.pick("pot", "all")
            if self.chance(0.25):
                row["each"] = "disease"
            found[(row["per"], row.get("shares"), "each" in row)] = row
        return list(found.values())

    def limit(self) -> Any:
        return "none" if self.chance(0.15) else self.of(*LIMITS)()

    def components(self, among: tuple[str, ...]) -> list[str]:
        return self.random.sample(among, self.random.randint(1, len(among)))

    def cell(self, draw: Draw, counting: bool = False) -> Any:
        """A number, or rows over one to three dimensions: of words of the first, then of the first and second, …"""
        depth = self.pick(0, 0, 1, 1, 2, 3)
        if depth == 0:
            return draw()
        dimensions = self.random.sample([d for d in DIMENSIONS if not (counting and d[0].startswith("nth"))], depth)
        if len({self.about(words[0]) for words in dimensions}) < depth:
            dimensions = dimensions[:1]  # two ranges over one number might tie
        rows: dict[str, Any] = {}
        begun: list[tuple[str, ...]] = [()]
        for words in dimensions:
            begun = [(*row, word) for row in begun for word in words if self.chance(0.7)]
            rows |= {self.spelled(row): draw() for row in begun}
        complete = dimensions[0] == DIMENSIONS[0] and sum(len(row.split()) == 1 for row in rows) == 4
        if not complete or self.chance(0.5):
            rows[self.spelled(("else",))] = draw()
        keys = list(rows)
        self.random.shuffle(keys)
        return {key: rows[key] for key in keys}

    @staticmethod
    def about(word: str) -> str:
        return next((name for name in ("age", "nth", "bill") if word.startswith(name)), word)

    def spelled(self, words: tuple[str, ...]) -> str:
        """In any order, some in Chinese."""
        found = [CHINESE.get(word, word) if self.chance(0.2) else word for word in words]
        self.random.shuffle(found)
        return " ".join(found)
