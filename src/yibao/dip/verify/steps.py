"""Each stay beside ours, step by step from its codes to its points, with the city's own numbers up to the step: what only follows is not told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from yibao.dip.pay.scoring import ONE, Scorer, Stay
from yibao.dip.pay.shapes import Band
from yibao.dip.verify import apart
from yibao.dip.verify.found import RESULTS, Difference, Row, decimal, differs, plain
from yibao.dip.verify.grouped import Parting, fits_score, group_cause, score_cause
from yibao.dip.verify.results import NAMES, points_cause
from yibao.dip.verify.sheets import Sheets
from yibao.dip.verify.terms_read import TermsRead, band_of, scored
from yibao.dip.verify.versions import Group, Version, codes_of_row, same_codes

NEAR = Decimal("0.001")  #: of a ratio: a rounding, not another number
STEPS = ("group", "layer", "score", "coefficient", "ratio", "band", "factor", "points")


@dataclass
class Judge:
    """Holds rows of the results sheet against catalogue and terms, as far as there are any."""

    sheets: Sheets
    versions: Sequence[Version]
    terms: TermsRead | None
    judged: set[tuple[str, str]] = field(default_factory=set)  #: settlement and step
    other_codes: int = 0  #: stays whose codes in the sheet are not those of the record
    unversioned: int = 0
    own_points: dict[str, Decimal] = field(default_factory=dict)  #: by settlement, where a step differs
    _usual: str | None = None
    _coefficients: set[Decimal] = field(default_factory=set)

    def __post_init__(self) -> None:
        counted = Counter(
            version.name
            for row in self.sheets.results
            for version in self.versions
            if fits_score(version, row["dip_group_code"], decimal(row["base_score"]))
        )
        self._usual = max(counted, key=lambda name: (counted[name], name), default=None)
        self._coefficients = {decimal(row["institution_coefficient"]) for row in self.sheets.results}

    def differences(self) -> Iterator[Difference]:
        for row in self.sheets.results:
            yield from self.of(row)

    def of(self, row: Row) -> list[Difference]:
        """The steps at which a row parts from ours; the price of all stands at the first."""
        special = self.sheets.specials.get(row["settlement_id"])
        if special is not None and special["special_result"] in ("itemised", "adjusted"):
            return self._special(row, special)
        found: list[Difference] = []
        stay = self._stay(row)
        used, own = self._grouped(row, stay, found)
        coefficient = None
        if self.terms is not None:
            if row["dip_group_code"] is None and not found:
                self._ungrouped(row, found)
            elif row["dip_group_code"] is not None:
                coefficient = self._scored(row, used, own if found else None, found)
        return self._priced(row, found, own, coefficient) if found else found

    # group and score

    def _stay(self, row: Row) -> Parting | None:
        version = self._version(row)
        if version is None:
            self.unversioned += bool(self.versions)
            return None
        sheet = codes_of_row(row)
        record = self.sheets.codes.get(row["visit_id"])
        if record is not None and not same_codes(sheet, record):
            self.other_codes += 1
        others = [other for other in self.versions if other is not version]
        return Parting(row["dip_group_code"], decimal(row["base_score"]), record or sheet, sheet, version, others, row["total_fee"])

    def _version(self, row: Row) -> Version | None:
        """The version that holds on the day of discharge; of the city's table the one whose scores most rows have."""
        dated = [version for version in self.versions if version.first_day is not None]
        if not dated:
            return next((version for version in self.versions if version.name == self._usual), None)
        visit = self.sheets.discharges.get(row["visit_id"])
        day = (visit["discharge_time"] if visit and visit["discharge_time"] else row["settlement_time"]).date()
        return next((version for version in dated if _holds(version, day)), None)

    def _grouped(self, row: Row, stay: Parting | None, found: list[Difference]) -> tuple[Group | None, Group | None]:
        """The group that the city used, as a catalogue has it, and ours."""
        if stay is None:
            return None, None
        key = row["settlement_id"]
        self.judged |= {(key, step) for step in ("group", "layer", "score")}
        used = _used(stay)
        if not stay.agrees:
            cause, says = group_cause(stay)
            own = stay.version.groups.get(stay.own[0] or "")
            found.append(differs(row, RESULTS, "group", cause, stay.official, stay.own[0], says))
            return used, own
        own = stay.version.groups.get(stay.official or "")
        if own is None:
            return None, None
        if own.score is not None and own.score != stay.score:
            cause, says = score_cause(stay)
            found.append(differs(row, RESULTS, "score", cause, plain(stay.score), plain(own.score), says))
        elif row["dip_layer"] != own.layer:
            found.append(differs(row, RESULTS, "layer", "unexplained", row["dip_layer"], own.layer, f"目录 {stay.version.name} 里是另一类"))
        return used, own

    # coefficient, ratio, band, factor, points

    def _scored(self, row: Row, used: Group | None, own: Group | None, found: list[Difference]) -> Decimal | None:
        """Our coefficient, on the way."""
        assert self.terms is not None
        level = self._level(row)
        coefficient = self._coefficient(row, used, level, found)
        scorer = self.terms.scorer(row)
        if scorer is None:
            return coefficient
        ratio = None if row["deviation_ratio"] is None else decimal(row["deviation_ratio"])
        if ratio is not None:
            if used is not None:
                self._ratio(row, scorer, ratio, [g for g in (used, own) if g is not None], coefficient, found)
            band = self._band(row, scorer, ratio, found)
            self._factor(row, scorer, ratio, band, found)
            self._points(row, scorer, band, found)
        return coefficient

    def _level(self, row: Row) -> str | None:
        provider = self.sheets.providers.get(row["provider_code"])
        return provider["hospital_level"] if provider else None

    def _coefficient(self, row: Row, used: Group | None, level: str | None, found: list[Difference]) -> Decimal | None:
        """Ours; a difference where the row has another."""
        assert self.terms is not None
        stated = decimal(row["institution_coefficient"])
        primary = (used.layer if used is not None else row["dip_layer"]) == "primary"
        own = ONE if primary else self.terms.coefficient(row, level)
        if own is None:
            return None
        self.judged.add((row["settlement_id"], "coefficient"))
        if stated != own:
            says = next((why for value, why in self.terms.other_coefficients(row, level) if value == stated), "系数表里没有这个数")
            says = f"基层病种不乘机构系数，{says}" if primary else says
            found.append(differs(row, RESULTS, "coefficient", "coefficient", plain(stated), plain(own), says))
        return own

    def _ratio(
        self, row: Row, scorer: Scorer, ratio: Decimal, groups: Sequence[Group], own: Decimal | None, found: list[Difference]
    ) -> None:  # fmt: skip
        """The ratio under the city's coefficient or ours, its group's mean or ours."""
        coefficients = {decimal(row["institution_coefficient"]), own or ONE}
        expected = [r for g in groups for c in sorted(coefficients) if (r := _ratio(scorer, row, g, c)) is not None]
        if not expected:
            return
        self.judged.add((row["settlement_id"], "ratio"))
        if ratio not in expected:
            right = _ratio(scorer, row, groups[0], own or ONE) or expected[0]
            cause, says = self._ratio_cause(row, scorer, ratio, right)
            found.append(differs(row, RESULTS, "ratio", cause, plain(ratio), plain(right), says))

    def _ratio_cause(self, row: Row, scorer: Scorer, ratio: Decimal, right: Decimal) -> tuple[str, str]:
        if abs(ratio - right) <= NEAR:
            return "rounding", "进位不同"
        for version in self.versions:
            other = version.groups.get(row["dip_group_code"])
            if other is not None and _ratio(scorer, row, other, decimal(row["institution_coefficient"])) == ratio:
                return "pack", f"是按目录 {version.name} 的次均费用算的"
            for coefficient in sorted({*self._coefficients, ONE}):
                if other is not None and _ratio(scorer, row, other, coefficient) == ratio:
                    return "coefficient", f"费用标准是按机构系数 {plain(coefficient)} 算的"
        return "unexplained", "不等于费用 ÷ 费用标准"

    def _band(self, row: Row, scorer: Scorer, ratio: Decimal, found: list[Difference]) -> Band:
        """The band that the city read."""
        self.judged.add((row["settlement_id"], "band"))
        own = band_of(scorer.bands, ratio)
        stated = row["deviation_band"]
        if own.band == stated:
            return own
        found.append(differs(row, RESULTS, "band", "band", NAMES[stated], NAMES[own.band], self._band_says(scorer.bands, stated, ratio)))
        return next((band for band in scorer.bands if band.band == stated), own)

    def _band_says(self, bands: tuple[Band, ...], stated: str, ratio: Decimal) -> str:
        own = band_of(bands, ratio)
        if any(band.below == ratio for band in bands):
            return f"费用偏差率正好是界限 {plain(ratio)}，按规定算{NAMES[own.band]}"
        assert self.terms is not None
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
        cause = "rounding" if abs(stated - right) <= NEAR else "band"
        says = f"费用偏差率 {plain(ratio)}，{NAMES[band.band]}的偏差系数应是 {plain(right)}"
        found.append(differs(row, RESULTS, "factor", cause, plain(stated), plain(right), says))

    def _points(self, row: Row, scorer: Scorer, band: Band, found: list[Difference]) -> None:
        self.judged.add((row["settlement_id"], "points"))
        coefficient = decimal(row["institution_coefficient"]) if band.institution else ONE
        exact = decimal(row["base_score"]) * decimal(row["deviation_factor"]) * coefficient
        right = scorer.rounded(exact)
        stated = decimal(row["dip_points"])
        if stated != right and not (scorer.digits is None and abs(stated - exact) < Decimal("0.000001")):
            cause, says = points_cause(row, exact, right, self._coefficients)
            found.append(differs(row, RESULTS, "points", cause, plain(stated), plain(right), says))

    # without a group, and decided one by one

    def _ungrouped(self, row: Row, found: list[Difference]) -> None:
        scorer = self.terms.scorer(row) if self.terms is not None else None
        if scorer is not None and (right := apart.ungrouped(row, scorer)) is not None:
            self.judged.add((row["settlement_id"], "points"))
            found += right

    def _special(self, row: Row, special: Row) -> list[Difference]:
        scorer = self.terms.scorer(row) if self.terms is not None else None
        own = apart.reviewed(row, special, scorer, self._level(row)) if scorer is not None else None
        if own is None:
            return []
        self.judged |= {(row["settlement_id"], step) for step in STEPS}
        if decimal(row["dip_points"]) == own:
            return []
        self.own_points[row["settlement_id"]] = own
        return [apart.not_reviewed(row, own)]

    # the price

    def _priced(self, row: Row, found: list[Difference], own: Group | None, coefficient: Decimal | None) -> list[Difference]:
        """Keeps our points of a row that differs (`run` puts the price on): of its group, or where that is not in doubt of its score."""
        key, scorer = row["settlement_id"], self.terms.scorer(row) if self.terms is not None else None
        if scorer is not None and (own is not None or any(one.step == "group" for one in found)):
            score, mean, primary = (own.score, own.mean, own.layer == "primary") if own else (None, None, False)
            stay = Stay(key, row["provider_code"], self._level(row), score, mean, primary, ONE, row["total_fee"])
            if (mine := scored(scorer, stay)) is not None:
                self.own_points[key] = mine.points
        elif scorer is not None and row["deviation_ratio"] is not None and coefficient is not None:
            ratio = decimal(row["deviation_ratio"])
            band = band_of(scorer.bands, ratio)
            factor = scorer.factor(band, ratio, coefficient) * (coefficient if band.institution else ONE)
            self.own_points[key] = scorer.rounded(decimal(row["base_score"]) * factor)
        return found


def _holds(version: Version, day: date) -> bool:
    return version.first_day is not None and version.first_day <= day and (version.last_day is None or day <= version.last_day)


def _used(stay: Parting) -> Group | None:
    """The group as the version has it whose score the city used; of this version where none has it."""
    for version in (stay.version, *stay.others):
        if fits_score(version, stay.official, stay.score):
            return version.groups[stay.official or ""]
    return stay.version.groups.get(stay.official or "")


def _ratio(scorer: Scorer, row: Row, group: Group, coefficient: Decimal) -> Decimal | None:
    if scorer.standard.by == "mean" and not group.mean:
        return None
    if scorer.standard.by == "score" and not scorer.prices.point_value:
        return None
    stay = Stay(row["settlement_id"], "", None, group.score, group.mean, False, ONE, row["total_fee"])
    return scorer.ratio(stay, decimal(row["base_score"]), coefficient)


