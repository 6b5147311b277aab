"""A stay's coefficient, ratio, band, factor and points beside what the terms give, with the city's own numbers up to each step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import product

from yibao.dip.pay.scoring import ONE, Scorer
from yibao.dip.pay.shapes import Band
from yibao.dip.verify.bands import NAMES
from yibao.dip.verify.found import RESULTS, Difference, Row, decimal, differs, plain
from yibao.dip.verify.habits import Habits, read_habits
from yibao.dip.verify.infer import commonest
from yibao.dip.verify.results import is_basic, points_cause
from yibao.dip.verify.sheets import Sheets
from yibao.dip.verify.subtypes import check_auxiliary, completed
from yibao.dip.verify.terms_read import TermsRead, band_of, group_ratio
from yibao.dip.verify.versions import Group, Version

NEAR = Decimal("0.001")  #: of a ratio: a rounding, not another number


@dataclass
class Measure:
    """The terms over many rows; `judged` takes settlement and step of what was compared, `seen` are the coefficients of the sheet."""

    sheets: Sheets
    versions: Sequence[Version]
    terms: TermsRead
    judged: set[tuple[str, str]]
    seen: set[Decimal]

    def of(self, row: Row, used: Group | None, own: Group | None, found: list[Difference]) -> Decimal | None:
        """Our coefficient, on the way."""
        level = self.level(row)
        coefficient = self._coefficient(row, used, level, found)
        check_auxiliary(self.sheets, row, self.judged, found)
        scorer = self.terms.scorer(row)
        if scorer is None:
            return coefficient
        row = completed(self.sheets, row, scorer, used, coefficient)
        ratio = None if row["deviation_ratio"] is None else decimal(row["deviation_ratio"])
        if ratio is not None:
            if used is not None:
                groups = [group for group in (used, own) if group is not None]
                ratio = self._ratio(row, scorer, ratio, groups, coefficient, found)
            band = self._band(row, scorer, ratio, found)
            if self.sheets.has(RESULTS, "deviation_factor"):
                self._factor(row, scorer, ratio, band, found)
            self._points(row, scorer, band, found)
        return coefficient

    def points_of(self, row: Row, scorer: Scorer, own: Group) -> Decimal | None:
        """What a row would score in another group where nobody says the hospital's level: with the coefficient it mostly has."""
        usual = self.usual.get(row["provider_code"])
        coefficient = ONE if own.layer == "primary" else usual
        ratio = None if coefficient is None else group_ratio(scorer, row, own, coefficient)
        if coefficient is None or ratio is None or own.score is None:
            return None
        band = band_of(scorer.bands, ratio)
        return scorer.shown(
            own.score * scorer.factor(band, ratio, coefficient) * (coefficient if band.institution else ONE)
        )

    @cached_property
    def habits(self) -> Habits:
        return read_habits(self.sheets.results)

    @cached_property
    def usual(self) -> dict[str, Decimal]:
        """The coefficient of most rows of a hospital that bear one."""
        of: dict[str, list[int]] = defaultdict(list)
        for row in self.sheets.results:
            if not is_basic(row):
                of[row["provider_code"]].append(row["institution_coefficient"])
        return {provider: decimal(commonest(mine) or 0) for provider, mine in of.items()}

    def level(self, row: Row) -> str | None:
        """The level of the row's hospital."""
        provider = self.sheets.providers.get(self._home(row)["provider_code"])
        return provider["hospital_level"] if provider else None

    def _home(self, row: Row) -> Row:
        """The row at the hospital of our settlement, where the sheet names another."""
        ours = self.sheets.settled.get(row["settlement_id"])
        return row if ours is None else {**row, "provider_code": ours["provider_code"]}

    def _coefficient(self, row: Row, used: Group | None, level: str | None, found: list[Difference]) -> Decimal | None:
        """Ours; a difference where the row has another."""
        if not self.sheets.has(RESULTS, "institution_coefficient"):
            return self._own_coefficient(row, used, level)
        stated = decimal(row["institution_coefficient"])
        primary = (used.layer if used is not None else row["dip_layer"]) == "primary"
        own = self._own_coefficient(row, used, level)
        if own is None:
            return None
        self.judged.add((row["settlement_id"], "coefficient"))
        if stated != own:
            says = next(
                (why for value, why in self.terms.other_coefficients(row, level) if value == stated),
                "系数表里没有这个数",
            )
            says = f"基层病种不乘机构系数，{says}" if primary else says
            found.append(differs(row, RESULTS, "coefficient", "coefficient", plain(stated), plain(own), says))
        return own

    def _own_coefficient(self, row: Row, used: Group | None, level: str | None) -> Decimal | None:
        primary = (used.layer if used is not None else row["dip_layer"]) == "primary"
        return ONE if primary else self.terms.coefficient(self._home(row), level)

    def _ratio(
        self, row: Row, scorer: Scorer, ratio: Decimal, groups: Sequence[Group], own: Decimal | None, found: list[Difference]
    ) -> Decimal:  # fmt: skip
        """The row's ratio, before the sheet cut it: it must be one under the city's coefficient or ours, its group's mean or ours."""
        coefficients = {decimal(row["institution_coefficient"]), own or ONE}
        ours = self.sheets.settled.get(row["settlement_id"])
        fees = {row["total_fee"], ours["total_fee"] if ours else row["total_fee"]}
        rows = [{**row, "total_fee": fee} for fee in sorted(fees)]
        expected = [
            r
            for one in rows
            for g in groups
            for c in sorted(coefficients)
            if (r := group_ratio(scorer, one, g, c)) is not None
        ]
        if not expected or not self.sheets.has(RESULTS, "deviation_ratio") or not any(fees):
            return ratio
        self.judged.add((row["settlement_id"], "ratio"))
        uncut = next((one for one in expected if ratio in (one, self.habits.ratio(one))), None)
        if uncut is not None:
            return uncut
        right = group_ratio(scorer, row, groups[0], own or ONE) or expected[0]
        cause, says = self._ratio_cause(row, scorer, ratio, right)
        found.append(differs(row, RESULTS, "ratio", cause, plain(ratio), plain(right), says))
        return ratio

    def _ratio_cause(self, row: Row, scorer: Scorer, ratio: Decimal, right: Decimal) -> tuple[str, str]:
        if abs(ratio - right) <= NEAR:
            return "rounding", "进位不同"
        for version in self.versions:
            other = version.groups.get(row["dip_group_code"])
            if other is not None and group_ratio(scorer, row, other, decimal(row["institution_coefficient"])) == ratio:
                return "pack", f"是按目录 {version.name} 的次均费用算的"
            for coefficient in sorted({*self.seen, ONE}):
                if other is not None and group_ratio(scorer, row, other, coefficient) == ratio:
                    return "coefficient", f"费用标准是按机构系数 {plain(coefficient)} 算的"
        return "unexplained", "不等于费用 ÷ 费用标准"

    def _band(self, row: Row, scorer: Scorer, ratio: Decimal, found: list[Difference]) -> Band:
        """The band that the city read."""
        self.judged.add((row["settlement_id"], "band"))
        own = band_of(scorer.bands, ratio)
        stated = row["deviation_band"]
        if own.band == stated or not self.sheets.has(RESULTS, "deviation_band"):
            return own
        found.append(
            differs(
                row,
                RESULTS,
                "band",
                "band",
                NAMES[stated],
                NAMES[own.band],
                self._band_says(scorer.bands, stated, ratio),
            )
        )
        return next((band for band in scorer.bands if band.band == stated), own)

    def _band_says(self, bands: tuple[Band, ...], stated: str, ratio: Decimal) -> str:
        own = band_of(bands, ratio)
        if any(band.below == ratio for band in bands):
            return f"费用偏差率正好是界限 {plain(ratio)}，按规定算{NAMES[own.band]}"
        for other, why in self.terms.other_bands():
            if band_of(other, ratio).band == stated:
                return f"费用偏差率 {plain(ratio)}，与{why}相符"
        return f"费用偏差率 {plain(ratio)}，按规定算{NAMES[own.band]}"

    def _factor(self, row: Row, scorer: Scorer, ratio: Decimal, band: Band, found: list[Difference]) -> None:
        self.judged.add((row["settlement_id"], "factor"))
        stated, coefficient = decimal(row["deviation_factor"]), decimal(row["institution_coefficient"])
        right = scorer.factor(band, ratio, coefficient)
        if stated in (right, scorer.factor(band_of(scorer.bands, ratio), ratio, coefficient)):
            return
        places = self.habits.ratio.places
        if places < scorer.ratio_places and abs(stated - right) <= Decimal(5).scaleb(-places - 1):
            return  # reckoned from the ratio before it was cut for the sheet
        cause = "rounding" if abs(stated - right) <= NEAR else "band"
        says = f"费用偏差率 {plain(ratio)}，{NAMES[band.band]}的偏差系数应是 {plain(right)}"
        found.append(differs(row, RESULTS, "factor", cause, plain(stated), plain(right), says))

    def _points(self, row: Row, scorer: Scorer, band: Band, found: list[Difference]) -> None:
        """The product of the row's numbers, or of ours where they differ: what only follows is not told again."""
        self.judged.add((row["settlement_id"], "points"))
        own = {
            one.step: Decimal(one.own)
            for one in found
            if one.own and one.step in ("score", "coefficient", "auxiliary", "factor")
        }
        score, coefficient, factor = (
            decimal(row[n]) for n in ("base_score", "institution_coefficient", "deviation_factor")
        )
        auxiliary = decimal(row.get("auxiliary_coefficient", 1_000_000))
        numbers = (
            (score, own.get("score")), (coefficient, own.get("coefficient")), (auxiliary, own.get("auxiliary")), (factor, own.get("factor")),
        )  # fmt: skip
        exact = [
            s * (k if band.institution else ONE) * (a if band.auxiliary else ONE) * f
            for s, k, a, f in product(*([one for one in pair if one is not None] for pair in numbers))
        ]
        stated = decimal(row["dip_points"])
        if any(stated in (scorer.shown(one), self.habits.points(one)) for one in exact):
            return
        if scorer.digits == "none" and any(abs(stated - one) < Decimal("0.000001") for one in exact):
            return
        right = scorer.shown(exact[0])
        others = {value for value, _ in self.terms.other_coefficients(row, self.level(row))}
        cause, says = points_cause(row, exact[0], right, self.seen | others)
        points = int(right * 1_000_000)
        found.append(differs(row, RESULTS, "points", cause, plain(stated), plain(right), says, None, points))
