"""Reading the plan of one situation at one admission count; every key that is read is cited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from yibao.errors import UserError
from yibao.region.benefits.cells import Cell, Row, Tie
from yibao.region.benefits.knobs import CARES, key
from yibao.region.benefits.plan import (
    RATE_BASE,
    Band,
    Cap,
    Component,
    Fund,
    Layer,
    Merge,
    Per,
    Plan,
    Rounding,
    Situation,
    no_benefit,
)
from yibao.region.benefits.rules import Rules
from yibao.region.benefits.values import BandRule, CapRule, JointRule, Read
from yibao.region.benefits.words import DIMENSIONS, TOP, said
from yibao.region.pack import MissingKey
from yibao.region.rules import Value

_MODES = {mode.name.lower(): mode for mode in Per} | {"top_up": Per.YEAR}
SCHEME = ""  #: the part of a knob of the whole scheme


class Reading:
    """One pass over the rules for a visit that is the `nth` admission of its year."""

    def __init__(self, rules: Rules, situation: Situation, nth: int) -> None:
        self.rules, self.situation, self.nth = rules, situation, nth
        self.facts = {name: nth if name == "nth" else getattr(situation, name) for name in DIMENSIONS}
        self.sources: dict[str, Value] = {}
        self.depth = 1  #: the largest admission count that some cell tells apart

    def plan(self, *, to_the_pool: bool = False) -> Plan:
        """The plan, or the part of it that ends with the pool; MissingKey names what is not said."""
        scheme, care = self.situation.scheme, self.situation.care
        deductible, per = self.number(care, "deductible"), _MODES[self.word(care, "deductible_mode")]
        joint = self.maybe(care, "joint_ratio")
        return Plan(
            scheme=scheme,
            care=care,
            nth=self.nth,
            first_pay=self.number(care, "first_pay", 0),
            deductible=deductible,
            deductible_per=per,
            deductible_slot=self._deductible_slot(),
            merge=Merge[self.word(care, "deductible_merge", "none").upper()],
            continuous=self.word(care, "referral", "") == "continuous",
            counts=self._counts_admission(),
            pool=self.layer(care),
            layers=() if to_the_pool else tuple(self.layer(name) for name in self.names(care, "layers")),
            account=_components(self.names(care, "account", ())),
            joint_rate=self._whole(care, "joint_ratio", joint.rate) if isinstance(joint, JointRule) else None,
            joint_of_total=isinstance(joint, JointRule) and joint.of_total,
            rounding=Rounding[self.word(SCHEME, "rounding").upper()],
            round_each_band=self.number(SCHEME, "round_each_band", 0) == 1,
            sources=self.sources,
            cited=tuple((name, value.cited) for name, value in self.sources.items()),  # last: all has been read
        )

    def to_the_pool(self) -> Plan:
        """The plan that ends with the pool. MissingKey also where a later layer may pay from the same fund: then one amount holds both."""
        care = self.situation.care
        fund = self.word(care, "fund", "pool")
        for name in self.names(care, "layers", ()):
            if self.word(name, "fund") == fund:
                raise self._missing(care, "layers")
        return self.plan(to_the_pool=True)

    def carried(self) -> Plan:
        """What later visits need of one whose benefit is not said: whether it counts, and the sums to which its reported amounts go."""
        scheme, care = self.situation.scheme, self.situation.care
        nothing = no_benefit(scheme, care)
        pool = replace(
            nothing.pool,
            fund=Fund[self.word(care, "fund", "pool").upper()],
            yearly=self.word(care, "bands_over", "visit") == "year",
            caps=tuple(cap for _, cap in self._sums(care)),
        )
        return replace(
            nothing,
            deductible_slot=self._deductible_slot(),
            counts=self._counts_admission(),
            pool=pool,
        )

    def _deductible_slot(self) -> str:
        care = self.situation.care
        return f"{self.situation.scheme}.{self.word(care, 'deductible_shares', care)}.deductible"

    def _counts_admission(self) -> bool:
        care = self.situation.care
        return self.number(care, "counts_admission", int(care == "inpatient")) == 1

    def layer(self, part: str) -> Layer:
        """The formula of one fund; the pool is that of a care."""
        pool = part in CARES
        fund = Fund[self.word(part, "fund", "pool" if pool else None).upper()]
        bands = self.bands(part)
        raised = None if pool else self.maybe(part, "cap_raise")
        return Layer(
            name=part,
            fund=fund,
            base=frozenset() if pool else _components(self.names(part, "base")),
            yearly=self.word(part, "bands_over" if pool else "over", "visit" if pool else None) == "year",
            slot=f"{self.situation.scheme}.{part}.base",
            threshold=0 if pool else self.number(part, "threshold"),
            bands=bands,
            from_zero=len(bands) > 1 and self.word(part, "bands_from") == "zero",
            caps=self.caps(part),
            cap_raise=self._whole(part, "cap_raise", raised) if isinstance(raised, Cell) else None,
        )

    def bands(self, part: str) -> tuple[Band, ...]:
        """Rates by band, with what is added and the factor on what the patient pays."""
        written = self.maybe(part, "bands")
        name = "bands" if written is not None else "rate"
        rules = written if isinstance(written, tuple) else (BandRule(None, self._cell(part, "rate")),)
        added, factor = self.maybe(part, "rate_plus"), self.maybe(part, "selfpay_factor")
        plus = (
            sum(self._whole(part, "rate_plus", c) for c in added or () if isinstance(c, Cell))
            if isinstance(added, tuple)
            else 0
        )
        times = self._whole(part, "selfpay_factor", factor) if isinstance(factor, Cell) else RATE_BASE
        rates = [(r.upto, self._whole(part, name, r.rate)) for r in rules if isinstance(r, BandRule)]
        return tuple(Band(upto, self._final(part, rate, plus, times)) for upto, rate in rates)

    def _final(self, part: str, rate: int, plus: int, factor: int) -> int:
        own, rest = divmod((RATE_BASE - rate - plus) * factor, RATE_BASE)
        if rest:
            raise UserError(
                f"“{self.rules.pack.name}”的 {self._name(part, 'selfpay_factor')} 与支付比例相乘后小数多于六位，请改正。"
            )
        return min(RATE_BASE, max(0, RATE_BASE - own))

    def caps(self, part: str) -> tuple[Cap, ...]:
        return tuple(replace(cap, amount=self._row(part, "caps", rule.amount).value) for rule, cap in self._sums(part))

    def _sums(self, part: str) -> Iterator[tuple[CapRule, Cap]]:
        """The caps of a part, each without its amount."""
        written = self.need(part, "caps")
        for rule in written if isinstance(written, tuple) else ():
            if isinstance(rule, CapRule):
                slot = f"{self.situation.scheme}.{rule.shares or part}.{rule.per}"
                each = f".{self.situation.disease}" if rule.each else ""
                yield rule, Cap(slot + each, Per[rule.per.upper()], None)

    def need(self, part: str, knob: str) -> Read:
        """What a key says; UserError where nobody has written it."""
        found = self.maybe(part, knob)
        if found is None:
            raise self._missing(part, knob)
        return found

    def maybe(self, part: str, knob: str) -> Read | None:
        """What a key says, None where nobody has written it."""
        name = self._name(part, knob)
        if (found := self.rules.get(name)) is None:
            return None
        self.sources[name] = found[0]
        return found[1]

    def word(self, part: str, knob: str, default: str | None = None) -> str:
        found = self.maybe(part, knob) if default is not None else self.need(part, knob)
        return str(default if found is None else found)

    def names(self, part: str, knob: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        found = self.maybe(part, knob) if default is not None else self.need(part, knob)
        return tuple(map(str, found)) if isinstance(found, tuple) else default or ()

    def number(self, part: str, knob: str, default: int | None = None) -> int:
        """A number of the cell of a key: fen, millionths, or 1 and 0."""
        if default is not None and self.maybe(part, knob) is None:
            return default
        return self._whole(part, knob, self._cell(part, knob))

    def _cell(self, part: str, knob: str) -> Cell:
        found = self.need(part, knob)
        assert isinstance(found, Cell)
        return found

    def _whole(self, part: str, knob: str, cell: Cell) -> int:
        return self._row(part, knob, cell).value or 0

    def _row(self, part: str, knob: str, cell: Cell) -> Row:
        self.depth = max([self.depth, *_counts(cell)])
        try:
            row = cell.read(self.facts)
        except Tie as error:
            name = self._name(part, knob)
            raise self.sources[name].error(name, str(error)) from None
        if row is None:
            raise self._missing(part, knob, cell)
        return row

    def _name(self, part: str, knob: str) -> str:
        return ".".join(filter(None, (self.situation.scheme, part, knob)))

    def _missing(self, part: str, knob: str, cell: Cell | None = None) -> MissingKey:
        name = self._name(part, knob)
        asked = [said(dimension, self.facts[dimension]) for dimension in (cell.dimensions if cell else ())]
        words = "：" + "、".join(filter(None, asked)) if any(asked) else ""
        return MissingKey(
            f"“{self.rules.pack.name}”的地区包里没有 {self.situation.on.isoformat()} 有效的 {name}"
            f"（{key(name).label}{words}），请在地区包中补上并注明来源。",
            name,
        )


def _counts(cell: Cell) -> list[int]:
    """The admission counts at which a cell changes."""
    tests = [test for test in cell.tests() if test.dimension == "nth"]
    return [n for test in tests for n in (test.low, test.high + 1) if n <= TOP]


def _components(names: tuple[str, ...]) -> frozenset[Component]:
    return frozenset(Component[name.upper()] for name in names)
