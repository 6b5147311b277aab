"""The arithmetic of the results sheet alone: points, one score a group, one coefficient a hospital, ratio, band and factor.

No catalogue, no terms: what holds for nearly all rows is the rule, the others are told. Whatever our own reckoning judges precisely
takes the place of what is told here (`run`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from yibao.dip.verify.bands import NAMES, Told, bands
from yibao.dip.verify.filled import COLUMN_LABELS, Absent
from yibao.dip.verify.found import RESULTS, Found, Row, decimal, differs, plain
from yibao.dip.verify.infer import Rounding, commonest, explains, rounding_of
from yibao.dip.verify.sheets import Sheets

Way = tuple[str, ...]  #: the columns that the score is multiplied by
MILLION = 1_000_000
#: what the score may be multiplied by; a sheet without the column has 1 there
TIMES = {"institution_coefficient": "机构系数", "auxiliary_coefficient": "辅助分型系数", "deviation_factor": "偏差系数"}
#: the ways from score to points, the usual one first
WAYS: tuple[Way, ...] = (
    ("institution_coefficient", "auxiliary_coefficient", "deviation_factor"),
    ("auxiliary_coefficient", "deviation_factor"),
    ("institution_coefficient", "deviation_factor"),
    ("deviation_factor",),
)


def full(row: Row) -> Decimal:
    """Score times everything that the row has."""
    return product(WAYS[0], row)


def product(way: Sequence[str], row: Row) -> Decimal:
    found = decimal(row["base_score"])
    for column in way:
        found *= decimal(row.get(column, MILLION))
    return found


def said(way: Sequence[str], absent: Absent = frozenset()) -> str:
    """
    >>> said(("institution_coefficient", "deviation_factor"))
    '病种分值 × 机构系数 × 偏差系数'
    """
    return " × ".join(["病种分值", *(TIMES[column] for column in way if (RESULTS, column) not in absent)])


def check_results(sheets: Sheets, found: Found) -> None:
    """Every check of the sheet; a sheet that was not sent, or a column that it does not have, is told."""
    rows, absent = sheets.results, sheets.absent
    for name, check, needs in (
        (f"结算点数 = {said(WAYS[0], absent | _unused(rows))}", lambda rows: _points(rows, absent), ()),
        ("一个病种一个分值", _scores, ("dip_group_code",)),
        ("一家机构一个系数", _coefficients, ("institution_coefficient",)),
        ("一个病种的一种辅助分型一个系数", _subtypes, ("auxiliary_subtype", "auxiliary_coefficient")),
        ("费用偏差率、偏差类型、偏差系数一致", bands, ("deviation_ratio", "deviation_band", "deviation_factor")),
    ):  # fmt: skip
        lacks = [column for column in needs if not sheets.has(RESULTS, column)]
        if "auxiliary_subtype" in needs and not any(row.get("auxiliary_subtype") for row in rows):
            continue  # most cities have none
        if not rows:
            found.not_run(name, "没有分组结果")
        elif lacks:
            found.not_run(name, f"分组结果里没有{'、'.join(COLUMN_LABELS[one] for one in lacks)}")
        else:
            note, differences, reason = check(rows)
            found.ran(name, len(rows), note) if not reason else found.not_run(name, reason)
            found.add(differences)


def _unused(rows: Sequence[Row]) -> Absent:
    """An auxiliary coefficient that no row has."""
    there = any(row.get("auxiliary_coefficient", MILLION) != MILLION for row in rows)
    return frozenset() if there else frozenset({(RESULTS, "auxiliary_coefficient")})


def points_rules(rows: Sequence[Row]) -> dict[str, tuple[Way, Rounding]]:
    """By band the product and rounding that explain most of its rows."""
    by_band: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_band[row["deviation_band"]].append(row)
    plain_pairs = [(full(row), decimal(row["dip_points"])) for row in rows]
    if (read := rounding_of(plain_pairs)) is None:
        return {}
    found = {}
    for band, mine in by_band.items():
        told = [
            (explains([(product(way, row), decimal(row["dip_points"])) for row in mine], read[0]), -place)
            for place, way in enumerate(WAYS)
        ]
        found[band] = (WAYS[-max(told)[1]], read[0])
    return found


def _points(rows: Sequence[Row], absent: Absent) -> Told:
    rules = points_rules(rows)
    wrong = {}
    for row in rows:
        way, rounding = rules[row["deviation_band"]]
        exact = product(way, row)
        if rounding(exact) != decimal(row["dip_points"]):
            wrong[row["settlement_id"]] = (row, exact, rounding(exact))
    if 2 * len(wrong) > len(rows):
        return "", [], "多数病例的点数不是这样算的，看不出统筹区的算法"
    unused = absent | _unused(rows)
    says = "；".join(
        sorted({f"{NAMES[band]}按{said(way, unused)}" for band, (way, _) in rules.items() if said(way, unused) != said(WAYS[0], unused)} | {next(iter(rules.values()))[1].says})
    )  # fmt: skip
    if wrong and (RESULTS, "deviation_factor") in absent:
        return f"{says}；没有偏差系数，{len(wrong)} 例的点数不等于乘积，分不清是费用偏差还是算错", [], ""
    seen = {decimal(row["institution_coefficient"]) for row in rows}
    found = []
    for row, exact, right in wrong.values():
        cause, why = points_cause(row, exact, right, seen)
        official, own = plain(decimal(row["dip_points"])), plain(right)
        found.append(differs(row, RESULTS, "points", cause, official, own, why, None, int(right * 1_000_000)))
    return says, found, ""


def points_cause(row: Row, exact: Decimal, right: Decimal, coefficients: set[Decimal]) -> tuple[str, str]:
    """Why the points are not `right`: (cause, sentence). `coefficients`: all that the sheet has."""
    stated, score, factor = (decimal(row[name]) for name in ("dip_points", "base_score", "deviation_factor"))
    coefficient, auxiliary = decimal(row["institution_coefficient"]), decimal(row.get("auxiliary_coefficient", MILLION))
    places = max(0, -int(stated.normalize().as_tuple().exponent))
    if min(abs(stated - exact), abs(stated - right)) <= Decimal(1).scaleb(-min(places, 4)):
        return "rounding", f"乘积是 {plain(exact)}，进位不同"
    near = max(abs(right) / 10**6, Decimal("0.0002"))
    if auxiliary != 1 and abs(stated - score * coefficient * factor) <= near:
        return "coefficient", "点数没有乘辅助分型系数"
    if auxiliary != 1 and abs(stated - score * coefficient * factor * auxiliary * auxiliary) <= near:
        return "coefficient", "点数乘了两次辅助分型系数"
    if factor != 1 and abs(stated - score * coefficient * auxiliary) <= near:
        return "band", "点数没有乘偏差系数"
    for other in sorted({*coefficients, Decimal(1)} - {coefficient}):
        if abs(stated - score * other * factor * auxiliary) <= near:
            return "coefficient", f"点数是按机构系数 {plain(other)} 算的，表上写的是 {plain(coefficient)}"
    way = WAYS[0] if auxiliary != 1 else WAYS[2]
    return "unexplained", f"点数不等于{said(way)}"


def _scores(rows: Sequence[Row]) -> Told:
    """Score and layer of a group are the same in every row of it."""
    of: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["dip_group_code"] is not None:
            of[row["dip_group_code"]].append(row)
    found = []
    for group, mine in of.items():
        usual = commonest(row["base_score"] for row in mine)
        for row in mine:
            if usual is not None and row["base_score"] != usual:
                says = f"病种 {group} 的其他病例分值是 {plain(decimal(usual))}，像是用了另一版目录"
                found.append(
                    differs(
                        row, RESULTS, "score", "pack", plain(decimal(row["base_score"])), plain(decimal(usual)), says
                    )
                )
    return f"{len(of)} 个病种", found, ""


def _subtypes(rows: Sequence[Row]) -> Told:
    """The coefficient of a subtype is one in its group, and a stay without a subtype has none."""
    of: dict[tuple[str | None, str], list[Row]] = defaultdict(list)
    for row in rows:
        of[row["dip_group_code"], row.get("auxiliary_subtype") or ""].append(row)
    found = []
    for (group, subtype), mine in of.items():
        usual = commonest(row["auxiliary_coefficient"] for row in mine) if subtype else MILLION
        if usual is None or (
            2 * sum(row["auxiliary_coefficient"] == usual for row in mine) <= len(mine) > 1 and subtype
        ):
            continue
        what = f"病种 {group} 的 {subtype} 其他病例是 {plain(decimal(usual))}" if subtype else "没有辅助分型的不乘系数"
        for row in mine:
            if row["auxiliary_coefficient"] != usual:
                official, own = (plain(decimal(value)) for value in (row["auxiliary_coefficient"], usual))
                found.append(differs(row, RESULTS, "auxiliary", "coefficient", official, own, what))
    return f"{sum(1 for _, subtype in of if subtype)} 种", found, ""


def is_basic(row: Row) -> bool:
    """A stay that bears no coefficient of a hospital: 基层病种, or without a group."""
    return row["dip_layer"] == "primary" or row["dip_group_code"] is None


def _coefficients(rows: Sequence[Row]) -> Told:
    """A hospital's coefficient is one; where two are equally frequent nothing can be said."""
    of: dict[tuple[str, bool], list[Row]] = defaultdict(list)
    for row in rows:
        of["" if is_basic(row) else row["provider_code"], is_basic(row)].append(row)
    found, unsure = [], []
    for (provider, basic), mine in sorted(of.items()):
        usual = commonest(row["institution_coefficient"] for row in mine)
        assert usual is not None
        if 2 * sum(row["institution_coefficient"] == usual for row in mine) <= len(mine):
            unsure.append(provider)
            continue
        for row in mine:
            if row["institution_coefficient"] != usual and not _may_be_basic(row):
                what = "基层病种和未入组的病例" if basic else "这家机构的其他病例"
                says = f"{what}机构系数是 {plain(decimal(usual))}"
                official, own = (plain(decimal(value)) for value in (row["institution_coefficient"], usual))
                found.append(differs(row, RESULTS, "coefficient", "coefficient", official, own, says))
    note = f"{sum(1 for provider, _ in of if provider)} 家机构" + (
        f"；{'、'.join(unsure)} 的系数看不出是哪一个，没有核对" if unsure else ""
    )
    return note, found, ""


def _may_be_basic(row: Row) -> bool:
    """Without its layer a stay that bears no coefficient may be one of 基层病种."""
    return row["dip_layer"] is None and row["institution_coefficient"] == MILLION
