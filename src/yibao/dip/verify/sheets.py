"""The city's sheets of a year, and of our own tables what belongs to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from yibao.dip.verify.filled import Absent, absent_of, by_code, by_settlement, fill, names_visits
from yibao.dip.verify.found import CLEARING, MONTHLY, RESULTS, VALUES, Row, decimal
from yibao.errors import UserError
from yibao.store.workspace import Workspace

READ = (
    "dip_groups", "dip_results", "dip_monthly", "dip_point_values", "dip_clearing", "dip_assessments", "dip_deductions",
    "dip_special_cases", "dip_groupings", "dip_sheet_rows", "dip_sheet_totals", "providers", "settlements", "visits", "visit_diagnoses", "visit_operations", "payments",
)  # fmt: skip
_INPATIENT = "('21', '22', '23', '24', '52', '92')"
_STAYS = f"""(SELECT r.visit_id FROM dip_results AS r WHERE YEAR(r.settlement_time) = $year AND r.visit_id IS NOT NULL
    UNION SELECT s.visit_id FROM settlements AS s WHERE YEAR(s.settlement_time) = $year AND s.care_type IN {_INPATIENT}) AS k"""
_SETTLED = "s.settlement_id, s.visit_id, s.provider_code, s.insurance_type, s.care_type, s.settlement_time, s.total_fee, s.pool_fund_pay"
TEXTS = {
    "results": "SELECT r.* FROM dip_results AS r WHERE YEAR(r.settlement_time) = $year ORDER BY r.settlement_id NULLS LAST",
    "months": "SELECT m.* FROM dip_monthly AS m WHERE m.service_month > $year * 100 AND m.service_month <= $year * 100 + 12",
    "values": "SELECT v.* FROM dip_point_values AS v WHERE v.service_year = $year",
    "clearing": "SELECT c.* FROM dip_clearing AS c WHERE c.service_year = $year",
    "groups": "SELECT g.* FROM dip_groups AS g ORDER BY g.pack_version NULLS LAST, g.dip_group_code NULLS LAST",
    "assessments": "SELECT a.* FROM dip_assessments AS a WHERE a.service_year = $year",
    "deductions": "SELECT d.* FROM dip_deductions AS d WHERE d.service_year = $year",
    "specials": "SELECT s.* FROM dip_special_cases AS s",
    "providers": "SELECT p.provider_code, p.provider_name, p.hospital_level, p.is_dip FROM providers AS p",
    "settled": f"""SELECT {_SETTLED} FROM settlements AS s JOIN providers AS p ON p.provider_code = s.provider_code
        WHERE p.is_dip AND s.is_valid AND NOT s.is_reversal AND YEAR(s.settlement_time) = $year
        AND s.care_type IN {_INPATIENT}""",
    "named": f"SELECT {_SETTLED} FROM settlements AS s JOIN dip_results AS r ON r.settlement_id = s.settlement_id WHERE YEAR(r.settlement_time) = $year",
    "by_visit": f"SELECT {_SETTLED} FROM settlements AS s JOIN dip_results AS r ON r.settlement_id = s.visit_id WHERE YEAR(r.settlement_time) = $year AND r.visit_id IS NULL AND s.is_valid AND NOT s.is_reversal AND s.care_type IN {_INPATIENT}",
    "diagnoses": f"SELECT d.visit_id, d.diagnosis_code, d.is_principal_diagnosis FROM visit_diagnoses AS d JOIN {_STAYS} ON k.visit_id = d.visit_id WHERE d.diagnosis_kind = 'western'",
    "operations": f"SELECT o.visit_id, o.operation_code, o.operation_role FROM visit_operations AS o JOIN {_STAYS} ON k.visit_id = o.visit_id",
    "discharges": f"SELECT v.visit_id, v.discharge_time FROM visits AS v JOIN {_STAYS} ON k.visit_id = v.visit_id",
    "subtypes": f"""SELECT g.visit_id, g.dip_group_code, g.auxiliary_subtype, g.auxiliary_coefficient FROM dip_groupings AS g
        JOIN {_STAYS} ON k.visit_id = g.visit_id""",
    "placed": "SELECT p.* FROM dip_sheet_rows AS p WHERE p.service_year = $year",
    "totals": "SELECT t.* FROM dip_sheet_totals AS t WHERE t.service_year = $year",
    "payments": """SELECT p.payment_kind, p.service_month, p.provider_code, p.insurance_type, CAST(SUM(p.due_amount) AS BIGINT) AS due_amount
        FROM payments AS p WHERE p.service_year = $year AND p.payment_kind IN ('dip', 'advance', 'clearing')
        GROUP BY p.payment_kind, p.service_month, p.provider_code, p.insurance_type""",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Codes:
    """What a stay's record says: the principal diagnosis, the other ones, the main operation (may be empty), all operations."""

    principal: str
    others: tuple[str, ...] = ()
    main: str = ""
    operations: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Sheets:
    """A year. Where a table was not sent, or we hold none of it, its rows are none."""

    year: int
    results: Sequence[Row] = ()
    months: Sequence[Row] = ()
    values: Sequence[Row] = ()
    clearing: Sequence[Row] = ()
    groups: Sequence[Row] = ()
    assessments: Sequence[Row] = ()
    deductions: Sequence[Row] = ()
    specials: Mapping[str, Row] = field(default_factory=dict)  #: by settlement
    providers: Mapping[str, Row] = field(default_factory=dict)
    settled: Mapping[str, Row] = field(
        default_factory=dict
    )  #: our settlements of hospitals paid by score, and those that results name
    codes: Mapping[str, Codes] = field(default_factory=dict)  #: by visit
    discharges: Mapping[str, Row] = field(default_factory=dict)
    payments: Sequence[Row] = ()
    subtypes: Mapping[str, Row] = field(default_factory=dict)  #: our groups with their auxiliary coefficients, by visit
    placed: Sequence[Row] = ()  #: where rows stand in the files that were sent
    totals: Sequence[Row] = ()  #: totals of the files that do not add up
    absent: Absent = frozenset()
    base: str = "ratio"  #: of the months, as `dip.pay_base` calls it, once it was read off them

    def has(self, sheet: str, *columns: str) -> bool:
        """Does a sheet say something in each of these columns?"""
        return not any((sheet, column) in self.absent for column in columns)

    def value(self, insurance: str) -> Row | None:
        return next((row for row in self.values if row["insurance_type"] == insurance), None)

    def name(self, provider: str | None) -> str:
        """What a hospital is called; its code where nobody says."""
        found = self.providers.get(provider or "")
        return str(found["provider_name"]) if found else provider or ""


def price_of(row: Row, base: str = "ratio", value: Decimal | None = None) -> Decimal:
    """What a point is worth in fen: at the row's point value, or another, and where the base has one at its pay ratio."""
    price = decimal(row["preliminary_point_value"]) if value is None else value
    return price * ratio_of(row, base) * 100


def ratio_of(row: Row, base: str) -> Decimal:
    """The pay ratio by which points become money; 1 where the base knows none."""
    if base == "case_ratio":
        return Decimal(row["booked_pay"]) / row["total_fee"] if row.get("total_fee") else Decimal(1)
    return decimal(row["preliminary_pay_ratio"]) if base == "ratio" else Decimal(1)


def read_sheets(workspace: Workspace, year: int) -> Sheets:
    """Everything of a year; UserError where the city sent nothing for it."""

    def rows(name: str) -> list[Row]:
        text = TEXTS[name]
        asked = workspace.query(text, year=year) if "$year" in text else workspace.query(text)
        return list(asked.read_all().to_pylist())

    def ordered(name: str, *keys: str) -> list[Row]:
        return sorted(rows(name), key=lambda row: tuple(str(row[key]) for key in keys))

    results, named, by_visit, providers = rows("results"), rows("named"), rows("by_visit"), rows("providers")
    if names_visits(results, {row["settlement_id"]: row for row in named}, by_visit):
        named = by_visit
    else:
        by_visit = []
    settled = {row["settlement_id"]: row for row in (*rows("settled"), *named)}
    sent = {
        RESULTS: list(by_settlement(results, settled, by_visit)),
        MONTHLY: rows("months"),
        VALUES: ordered("values", "insurance_type"),
        CLEARING: rows("clearing"),
    }
    absent = frozenset[tuple[str, str]]().union(*(absent_of(sheet, mine) for sheet, mine in sent.items()))

    def of(sheet: str, *keys: str) -> list[Row]:
        filled = fill(sheet, sent[sheet] if sheet == VALUES else list(by_code(sent[sheet], providers)))
        return sorted(filled, key=lambda row: tuple(str(row[key]) for key in keys))

    found = Sheets(
        year,
        of(RESULTS, "settlement_id"),
        of(MONTHLY, "service_month", "provider_code", "insurance_type"),
        of(VALUES, "insurance_type"),
        of(CLEARING, "provider_code", "insurance_type"),
        rows("groups"),
        list(by_code(rows("assessments"), providers)),
        rows("deductions"),
        {row["settlement_id"]: row for row in rows("specials")},
        {row["provider_code"]: row for row in providers},
        dict(sorted(settled.items())),
        _codes(rows("diagnoses"), rows("operations")),
        {row["visit_id"]: row for row in rows("discharges")},
        rows("payments"),
        {row["visit_id"]: row for row in rows("subtypes")},
        rows("placed"),
        ordered("totals", "dip_sheet", "source_place", "source_row", "totalled_column"),
        absent,
    )
    if not (found.results or found.months or found.values or found.clearing):
        raise UserError(
            f"工作区里没有 {year} 年统筹区的 DIP 表（分组结果、月预结算、点值、年终清算），没有可以核对的。请写明要核对的文件，或检查年度。"
        )
    return found


def latest_year(workspace: Workspace) -> int:
    """The last year that the city sent anything for; UserError where it sent nothing."""
    texts = (
        "SELECT MAX(YEAR(r.settlement_time)) AS year FROM dip_results AS r",
        "SELECT MAX(m.service_month) // 100 AS year FROM dip_monthly AS m",
        "SELECT MAX(v.service_year) AS year FROM dip_point_values AS v",
        "SELECT MAX(c.service_year) AS year FROM dip_clearing AS c",
    )
    years = [workspace.query(text).read_all()["year"][0].as_py() for text in texts]
    if not (known := [year for year in years if year is not None]):
        raise UserError("工作区里没有统筹区的 DIP 表，没有可以核对的。请写明文件：yibao dip verify 文件…。")
    return int(max(known))


def _codes(diagnoses: Sequence[Row], operations: Sequence[Row]) -> dict[str, Codes]:
    principal: dict[str, str] = {}
    others: dict[str, list[str]] = defaultdict(list)
    main: dict[str, str] = {}
    all_of: dict[str, set[str]] = defaultdict(set)
    for row in diagnoses:
        if row["is_principal_diagnosis"]:
            principal[row["visit_id"]] = row["diagnosis_code"]
        else:
            others[row["visit_id"]].append(row["diagnosis_code"])
    for row in operations:
        all_of[row["visit_id"]].add(row["operation_code"])
        if row["operation_role"] == "main":
            main[row["visit_id"]] = row["operation_code"]
    return {
        visit: Codes(code, tuple(sorted(others[visit])), main.get(visit, ""), frozenset(all_of[visit]))
        for visit, code in principal.items()
    }
