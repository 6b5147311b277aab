"""Each stay beside ours, step by step from its codes to its points, with the city's own numbers up to the step: what only follows is not told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from yibao.dip.pay.scoring import ONE, Stay
from yibao.dip.verify import apart
from yibao.dip.verify.found import RESULTS, Difference, Row, decimal, differs, plain
from yibao.dip.verify.grouped import Parting, fits_score, group_cause, score_cause
from yibao.dip.verify.habits import other_habits
from yibao.dip.verify.measured import Measure
from yibao.dip.verify.sheets import Codes, Sheets
from yibao.dip.verify.subtypes import auxiliary
from yibao.dip.verify.terms_read import TermsRead, band_of, scored
from yibao.dip.verify.versions import Group, Version, codes_of_row, same_codes

STEPS = ("group", "layer", "score", "coefficient", "auxiliary", "ratio", "band", "factor", "points")


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
    missing_points: dict[str, Decimal] = field(default_factory=dict)  #: of stays that no sheet has
    usual: str | None = None  #: the version whose scores most rows have
    _measure: Measure | None = None

    def __post_init__(self) -> None:
        counted = Counter(
            version.name
            for row in self.sheets.results
            for version in self.versions
            if fits_score(version, row["dip_group_code"], decimal(row["base_score"]))
        )
        self.usual = max(counted, key=lambda name: (counted[name], name), default=None)
        if self.terms is not None:
            seen = {decimal(row["institution_coefficient"]) for row in self.sheets.results}
            self._measure = Measure(self.sheets, self.versions, self.terms, self.judged, seen)

    def differences(self) -> Iterator[Difference]:
        """Of the sheet as a whole, then of its rows."""
        measure, rows = self._measure, self.sheets.results
        scorer = measure.terms.scorer(rows[0]) if measure is not None and rows else None
        if measure is not None and scorer is not None:
            yield from other_habits(rows, measure.habits, scorer, self.sheets.year)
        for row in rows:
            yield from self.of(row)

    def of(self, row: Row) -> list[Difference]:
        """The steps at which a row parts from ours; the price of all stands at the first."""
        special, measure = self.sheets.specials.get(row["settlement_id"]), self._measure
        if special is not None and special["special_result"] in ("itemised", "adjusted"):
            return self._special(row, special, measure) if measure is not None else []
        found: list[Difference] = []
        stay = self._stay(row)
        used, own = self._grouped(row, stay, found)
        if measure is None:
            return found
        coefficient = None
        if row["dip_group_code"] is not None or not self.sheets.has(RESULTS, "dip_group_code"):
            coefficient = measure.of(row, used, own if found else None, found)
        elif not found:
            self._ungrouped(row, measure, found)
        return self._priced(row, measure, found, own, coefficient) if found else found

    def points_of(self, ours: Row) -> Decimal | None:
        """What a stay of ours would score; None where catalogue, codes or terms are lacking."""
        measure, record, version = self._measure, self.sheets.codes.get(ours["visit_id"]), self._version(ours)
        scorer = measure.terms.scorer(ours) if measure is not None else None
        if measure is None or scorer is None or record is None or version is None:
            return None
        own = version.groups.get(version.group(record, ours["total_fee"]) or "")
        subtype = self.sheets.subtypes.get(ours["visit_id"])
        known = subtype is not None and own is not None and subtype["dip_group_code"] == own.code
        of_type = decimal(subtype["auxiliary_coefficient"] or 1_000_000) if known and subtype else ONE
        score, mean, primary = (own.score, own.mean, own.layer == "primary") if own else (None, None, False)
        stay = Stay(ours["settlement_id"], ours["provider_code"], measure.level(ours), score, mean, primary, of_type, ours["total_fee"])  # fmt: skip
        found = scored(scorer, stay)
        return found.points if found else None

    # group and score

    def _stay(self, row: Row) -> Parting | None:
        version = self._version(row)
        if version is None:
            self.unversioned += bool(self.versions)
            return None
        record = self.sheets.codes.get(row["visit_id"])
        sheet = self._codes_of(row, record)
        if sheet is None or not self.sheets.has(RESULTS, "dip_group_code"):
            return None
        if record is not None and not same_codes(sheet, record):
            self.other_codes += 1
        others = [other for other in self.versions if other is not version]
        return Parting(
            row["dip_group_code"], decimal(row["base_score"]), record or sheet, sheet, version, others, row["total_fee"]
        )

    def _codes_of(self, row: Row, record: Codes | None) -> Codes | None:
        """The codes that the sheet has; what it has no column for is as in the record, None where nobody says."""
        sheet = codes_of_row(row)
        if not sheet.principal:
            return record
        if record is not None and not self.sheets.has(RESULTS, "operation_expression"):
            return replace(record, principal=sheet.principal)
        return sheet

    def _version(self, row: Row) -> Version | None:
        """The version that holds on the day of discharge; of the city's table the one whose scores most rows have."""
        dated = [version for version in self.versions if version.first_day is not None]
        if not dated:
            return next((version for version in self.versions if version.name == self.usual), None)
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
        elif row["dip_layer"] != own.layer and self.sheets.has(RESULTS, "dip_layer"):
            says = f"目录 {stay.version.name} 里是另一类"
            found.append(differs(row, RESULTS, "layer", "unexplained", row["dip_layer"], own.layer, says))
        return used, own

    # without a group, and decided one by one

    def _ungrouped(self, row: Row, measure: Measure, found: list[Difference]) -> None:
        scorer = measure.terms.scorer(row)
        if scorer is not None and (right := apart.ungrouped(row, scorer)) is not None:
            self.judged.add((row["settlement_id"], "points"))
            found += right

    def _special(self, row: Row, special: Row, measure: Measure) -> list[Difference]:
        scorer = measure.terms.scorer(row)
        own = apart.reviewed(row, special, scorer, measure.level(row)) if scorer is not None else None
        if own is None:
            return []
        self.judged |= {(row["settlement_id"], step) for step in STEPS}
        if decimal(row["dip_points"]) == own:
            return []
        self.own_points[row["settlement_id"]] = own
        return [apart.not_reviewed(row, own)]

    # the price

    def _priced(
        self, row: Row, measure: Measure, found: list[Difference], own: Group | None, coefficient: Decimal | None
    ) -> list[Difference]:
        """Keeps our points of a row that differs (`run` puts the price on): of its group, or where that is not in doubt of its score."""
        key, scorer = row["settlement_id"], measure.terms.scorer(row)
        if scorer is not None and (own is not None or any(one.step == "group" for one in found)):
            score, mean, primary = (own.score, own.mean, own.layer == "primary") if own else (None, None, False)
            of_type = auxiliary(self.sheets, row)
            stay = Stay(key, row["provider_code"], measure.level(row), score, mean, primary, of_type, row["total_fee"])
            mine = scored(scorer, stay)
            points = mine.points if mine else measure.points_of(row, scorer, own) if own else None
            if points is not None:
                self.own_points[key] = points
        elif scorer is not None and row["deviation_ratio"] is not None and coefficient is not None:
            ratio = decimal(row["deviation_ratio"])
            band = band_of(scorer.bands, ratio)
            factor = scorer.factor(band, ratio, coefficient) * (coefficient if band.institution else ONE)
            of_type = auxiliary(self.sheets, row) if band.auxiliary else ONE
            self.own_points[key] = scorer.shown(decimal(row["base_score"]) * factor * of_type)
        return found


def _holds(version: Version, day: date) -> bool:
    first, last = version.first_day, version.last_day
    return first is not None and first <= day and (last is None or day <= last)


def _used(stay: Parting) -> Group | None:
    """The group as the version has it whose score the city used; of this version where none has it."""
    for version in (stay.version, *stay.others):
        if fits_score(version, stay.official, stay.score):
            return version.groups[stay.official or ""]
    return stay.version.groups.get(stay.official or "")
