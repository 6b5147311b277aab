"""The region's terms as the checks need them: of the day of a settlement, and of other years to tell what was read instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pydantic import TypeAdapter, ValidationError

from yibao.dip.pay.coefficients import coefficients
from yibao.dip.pay.scoring import ONE, Prices, Scored, Scorer, Stay
from yibao.dip.pay.shapes import Band, coefficient_of, schemes_of
from yibao.dip.pay.terms import Terms
from yibao.dip.verify.found import Row, decimal
from yibao.dip.verify.versions import Group
from yibao.errors import UserError
from yibao.region.pack import Pack
from yibao.region.rules import Value

SCHEMES = {"resident": "居民医保", "employee": "职工医保"}
_BANDS = TypeAdapter(tuple[Band, ...])


@dataclass
class TermsRead:
    """Terms by day. What the region does not say is in `lacking`, a sentence each, and gives None."""

    pack: Pack
    values: Mapping[str, Row]  #: of the sheet of point values, by insurance
    lacking: dict[str, str] = field(default_factory=dict)
    _terms: dict[date, Terms] = field(default_factory=dict)
    _scorers: dict[tuple[date, str], Scorer | None] = field(default_factory=dict)

    def coefficient(self, row: Row, level: str | None) -> Decimal | None:
        """The institution coefficient of a row's hospital on its day."""
        try:
            terms = self.on(row["settlement_time"].date())
            return terms.coefficient(row["provider_code"], level, terms.schemes.get(row["insurance_type"]))
        except UserError as error:
            self.lacking.setdefault("coefficient", error.sentence)
            return None

    def scorer(self, row: Row) -> Scorer | None:
        """What scores a stay of that day and insurance; prices of 0 where no point values were sent."""
        key = row["settlement_time"].date(), row["insurance_type"]
        if key not in self._scorers:
            value = self.values.get(key[1])
            prices = (
                Prices(value["region_mean_cost"], decimal(value["preliminary_point_value"]))
                if value
                else Prices(0, Decimal(0))
            )
            try:
                terms = self.on(row["settlement_time"].date())
                self._scorers[key] = Scorer(terms, prices, terms.schemes.get(key[1]))
            except UserError as error:
                self.lacking.setdefault("scorer", error.sentence)
                self._scorers[key] = None
        return self._scorers[key]

    def deposit(self, day: date) -> Decimal | None:
        try:
            return self.on(day).deposit
        except UserError as error:
            self.lacking.setdefault("deposit", error.sentence)
            return None

    def pay_base(self, day: date) -> str | None:
        try:
            return self.on(day).pay_base
        except UserError as error:
            self.lacking.setdefault("pay_base", error.sentence)
            return None

    def cited(self) -> dict[str, Value]:
        """The parameters that were asked for, with their sources."""
        return dict(pair for terms in self._terms.values() for pair in terms.cited())

    def other_coefficients(self, row: Row, level: str | None) -> Iterator[tuple[Decimal, str]]:
        """Coefficients that could have been read instead, each in words: other years', other levels', none."""
        kind = schemes_of(self.pack, row["settlement_time"].date()).get(row["insurance_type"])
        for since, values in self._ever("dip.coefficient"):
            try:
                then = coefficients(values)
            except ValidationError:
                continue
            found = coefficient_of(then, row["provider_code"], level, kind)
            if found is not None:
                yield found, f"是 {since}的系数"
        yield ONE, "没有乘机构系数"
        try:
            today = self.on(row["settlement_time"].date()).coefficients
        except UserError:
            return
        for key, value in today.items():
            if key != level:
                scheme, _, of = key.rpartition(":")
                said = f"{SCHEMES.get(scheme, '')}{of} 级机构的系数" if len(of) == 1 else f"机构 {key} 的系数"
                yield Decimal(value), f"是 {said}"

    def other_bands(self) -> Iterator[tuple[tuple[Band, ...], str]]:
        for since, values in self._ever("dip.bands"):
            try:
                yield _BANDS.validate_python(values), f"{since}的偏差区间"
            except ValidationError:
                continue

    def _ever(self, key: str) -> Iterator[tuple[str, Mapping[str, object]]]:
        """Every value that the region ever had, with the time it held."""
        for above in self.pack.chain():
            for value in above.parameters.get(key, ()):
                until = f"至 {value.valid_to:%Y-%m-%d} " if value.valid_to else "起"
                yield f"{value.valid_from:%Y-%m-%d} {until}", value.value

    def on(self, day: date) -> Terms:
        if day not in self._terms:
            self._terms[day] = Terms(self.pack, day)
        return self._terms[day]


def scored(scorer: Scorer, stay: Stay) -> Scored | None:
    """What a stay scores; None where the terms do not say, or a mean or point value is lacking."""
    lacks_mean = stay.score is None and stay.special != "adjusted" and not scorer.prices.region_mean
    lacks_value = not scorer.prices.point_value and (stay.special == "itemised" or scorer.standard.by == "score")
    if lacks_mean or lacks_value:
        return None
    try:
        return scorer.score(stay)
    except UserError:
        return None


def band_of(bands: tuple[Band, ...], ratio: Decimal) -> Band:
    """The stretch that holds a ratio."""
    return next(b for b in bands if b.below is None or ratio < b.below or (b.inclusive and ratio == b.below))


def group_ratio(scorer: Scorer, row: Row, group: Group, coefficient: Decimal) -> Decimal | None:
    """A row's cost over the standard of a group at a coefficient; None where its mean or the point value is lacking."""
    if scorer.standard.by == "mean" and not group.mean:
        return None
    if scorer.standard.by == "score" and not scorer.prices.point_value:
        return None
    stay = Stay(row["settlement_id"], "", None, group.score, group.mean, False, ONE, row["total_fee"])
    return scorer.ratio(stay, group.score or decimal(row["base_score"]), coefficient)
