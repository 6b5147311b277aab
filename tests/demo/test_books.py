"""Everything agrees to the fen: lines, settlements, funds, payments, bank, journal, budgets; and nobody is in two places."""

from __future__ import annotations

import pytest

from tests.demo.conftest import NOT_TOLD, Sql
from yibao.vocabulary.tables import load_tables

NONE = {
    "the parts of a line add up to it": "SELECT count(*) FROM fee_lines WHERE line_full_selfpay + line_over_cap + line_pre_selfpay + line_in_scope <> line_amount",
    "a line is price times quantity, rounded half-up": "SELECT count(*) FROM fee_lines WHERE line_amount <> sign(quantity) * ((unit_price::HUGEINT * abs(quantity) + 50000000) // 100000000)",
    "the lines of a settlement add up to it": """
        SELECT count(*) FROM settlements s JOIN (SELECT settlement_id, sum(line_amount) a, sum(line_in_scope) b, sum(line_full_selfpay) c, sum(line_over_cap) d, sum(line_pre_selfpay) e
        FROM fee_lines GROUP BY 1) USING (settlement_id) WHERE a <> total_fee OR b <> in_scope_total OR c <> full_selfpay_total OR d <> over_cap_total OR e <> pre_selfpay_total""",
    "every settlement of a full year has lines": "SELECT count(*) FROM settlements ANTI JOIN fee_lines USING (settlement_id) WHERE benefit_year >= 2024",
    "every line has its settlement": "SELECT count(*) FROM fee_lines ANTI JOIN settlements USING (settlement_id)",
    "the parts of a fee add up": "SELECT count(*) FROM settlements WHERE full_selfpay_total + over_cap_total + pre_selfpay_total + in_scope_total <> total_fee",
    "the funds add up": "SELECT count(*) FROM settlements WHERE pool_fund_pay + civil_servant_pay + resident_critical_illness_pay + employee_large_amount_pay + medical_aid_pay <> fund_pay_total",
    "the payers add up": "SELECT count(*) FROM settlements WHERE fund_pay_total + hospital_burden + person_burden_total <> total_fee OR account_pay + cash_pay <> person_burden_total",
    "the fund rows add up": "SELECT count(*) FROM settlements LEFT JOIN (SELECT settlement_id, sum(fund_pay) AS paid FROM settlement_funds GROUP BY 1) USING (settlement_id) WHERE coalesce(paid, 0) <> fund_pay_total",
    "nobody pays less than nothing": "SELECT count(*) FROM settlements WHERE NOT is_reversal AND least(total_fee, in_scope_total, full_selfpay_total, over_cap_total, pre_selfpay_total, pool_fund_pay, medical_aid_pay, account_pay, cash_pay) < 0",
    "an account goes down by what it pays": "SELECT count(*) FROM settlements WHERE account_balance_after <> account_balance_before - account_pay + account_family_pay OR account_balance_after < 0",
    "a reversal mirrors its settlement": "SELECT count(*) FROM settlements r JOIN settlements o ON r.original_settlement_id = o.settlement_id WHERE r.total_fee <> -o.total_fee OR r.fund_pay_total <> -o.fund_pay_total OR r.account_pay <> -o.account_pay OR r.settlement_time <= o.settlement_time",
    "a refund mirrors its line": "SELECT count(*) FROM fee_lines r JOIN fee_lines o ON r.original_fee_line_no = o.fee_line_no WHERE r.line_amount <> -o.line_amount OR r.visit_id <> o.visit_id OR r.service_time < o.service_time",
    "a refund has its line": "SELECT count(*) FROM fee_lines WHERE original_fee_line_no IS NOT NULL AND original_fee_line_no NOT IN (SELECT fee_line_no FROM fee_lines)",
    "care lies inside enrolment": """
        SELECT count(*) FROM settlements s WHERE NOT EXISTS (SELECT 1 FROM enrolments e WHERE e.person_no = s.person_no AND e.insurance_type = s.insurance_type
        AND e.enrolment_start_date <= s.stay_start_date AND (e.enrolment_pause_date IS NULL OR e.enrolment_pause_date >= s.stay_end_date))""",
    "nobody is treated after death": "SELECT count(*) FROM visits JOIN persons USING (person_no) WHERE CAST(discharge_time AS DATE) > death_date",
    "nobody is treated before birth": "SELECT count(*) FROM visits JOIN persons USING (person_no) WHERE CAST(admission_time AS DATE) < birth_date",
    "a stay ends after it begins": "SELECT count(*) FROM visits WHERE discharge_time < admission_time",
    "nobody lies in two beds": "SELECT count(*) FROM (SELECT admission_time, lag(discharge_time) OVER (PARTITION BY person_no ORDER BY admission_time) AS before FROM visits WHERE care_type = '21') WHERE admission_time < before",
    "nobody leaves the ward for a clinic": "SELECT count(*) FROM visits o JOIN visits s USING (person_no) WHERE s.care_type = '21' AND o.care_type <> '21' AND o.admission_time BETWEEN s.admission_time AND s.discharge_time",
    "no line before admission": "SELECT count(*) FROM fee_lines JOIN visits USING (visit_id) WHERE service_time < admission_time",
    "the operation lies in the stay": "SELECT count(*) FROM visit_operations JOIN visits USING (visit_id) WHERE operation_time NOT BETWEEN admission_time AND discharge_time",
    "intensive care lies in the stay": "SELECT count(*) FROM icu_stays JOIN visits USING (visit_id) WHERE icu_in_time < admission_time OR icu_out_time > discharge_time OR icu_out_time < icu_in_time",
    "a payment follows its settlement": "SELECT count(*) FROM payments JOIN settlements USING (settlement_id) WHERE paid_date < CAST(settlement_time AS DATE)",
    "a paid payment stands in the bank": """
        SELECT count(*) FROM payments LEFT JOIN (SELECT payment_id, sum(CASE direction WHEN 'expense' THEN bank_amount ELSE -bank_amount END) AS paid
        FROM bank_lines WHERE bank_summary <> '资助参保' GROUP BY 1) USING (payment_id) WHERE coalesce(paid, 0) <> paid_amount""",
    "contributions are receipts": "SELECT (SELECT sum(employer_amount + person_amount) FROM contributions) - (SELECT sum(tax_amount) FROM tax_receipts)",
    "receipts of a day stand in the bank": """
        SELECT count(*) FROM (SELECT tax_date AS day, fund, sum(tax_amount) AS tax FROM tax_receipts WHERE year(tax_date) >= 2024 GROUP BY 1, 2)
        FULL JOIN (SELECT bank_date AS day, fund, sum(bank_amount) AS bank FROM bank_lines WHERE bank_summary LIKE '税务入库%' GROUP BY 1, 2) USING (day, fund) WHERE tax IS DISTINCT FROM bank""",
    "balances run on": """
        SELECT count(*) FROM (SELECT bank_balance - CASE direction WHEN 'income' THEN bank_amount ELSE -bank_amount END AS before,
        lag(bank_balance) OVER (PARTITION BY bank_account_no ORDER BY bank_line_no) AS was FROM bank_lines) WHERE was IS NOT NULL AND was <> before""",
    "no account is overdrawn": "SELECT count(*) FROM bank_lines WHERE bank_balance < 0",
    "the journal balances": "SELECT count(*) FROM (SELECT journal_no FROM fund_journal GROUP BY 1 HAVING sum(debit) <> sum(credit))",
    "the journal follows the bank": """
        SELECT count(*) FROM (SELECT sum(CASE direction WHEN 'income' THEN bank_amount ELSE -bank_amount END) AS moved, fund FROM bank_lines GROUP BY fund)
        JOIN (SELECT sum(debit - credit) AS net, fund FROM fund_journal WHERE account_code LIKE '100%' GROUP BY fund) j USING (fund) WHERE net <> moved""",
    "the accounts are the journal": """
        SELECT count(*) FROM (SELECT year, fund, income_item, sum(budget_amount) AS final FROM fund_budgets WHERE budget_stage = 'final' GROUP BY ALL)
        FULL JOIN (SELECT year(journal_date) AS year, fund, income_item, sum(CASE account_code WHEN '4001' THEN credit - debit ELSE debit - credit END) AS booked
        FROM fund_journal WHERE income_item IS NOT NULL GROUP BY ALL) USING (year, fund, income_item) WHERE final IS DISTINCT FROM booked""",
    "vouchers are what was spent, within the budget": """
        SELECT count(*) FROM (SELECT year, budget_unit, functional_code, economic_code, project_name, sum(budget_amount) FILTER (WHERE budget_stage = 'final') AS final,
        sum(budget_amount) FILTER (WHERE budget_stage <> 'final') AS budget FROM department_budgets GROUP BY ALL) FULL JOIN (SELECT year(voucher_date) AS year, budget_unit, functional_code,
        economic_code, coalesce(project_name, '') AS project_name, sum(debit) AS spent FROM department_vouchers WHERE direction = 'expense' GROUP BY ALL)
        USING (year, budget_unit, functional_code, economic_code, project_name) WHERE spent IS DISTINCT FROM final OR final > budget""",
    "stock is what came in and was not sold": """
        WITH year_of AS (SELECT provider_code, sku_code, year(movement_date) AS year, sum(quantity) FILTER (WHERE movement_kind = 'count' AND month(movement_date) = 12) AS closing,
          sum(quantity) FILTER (WHERE movement_kind = 'count' AND month(movement_date) = 1) AS counted,
          sum(CASE WHEN movement_kind IN ('purchase', 'transfer_in') THEN quantity WHEN movement_kind IN ('return_to_supplier', 'scrap') THEN -quantity ELSE 0 END) AS net FROM stock_movements GROUP BY ALL),
        opened AS (SELECT *, coalesce(counted, lag(closing) OVER (PARTITION BY provider_code, sku_code ORDER BY year)) AS opening FROM year_of),
        sold AS (SELECT provider_code, sku_code, CAST(left(ticket_no, 4) AS INT) AS year, sum(quantity) AS sold FROM pharmacy_sales WHERE is_drug GROUP BY ALL)
        SELECT count(*) FROM opened LEFT JOIN sold USING (provider_code, sku_code, year) WHERE opening + net - coalesce(sold, 0) <> closing OR closing < 0""",
    "the terminal took what the tickets cost": """
        SELECT count(*) FROM (SELECT provider_code, sum(sale_amount) AS sold FROM pharmacy_sales GROUP BY 1) JOIN (SELECT provider_code, sum(payment_amount) AS taken
        FROM terminal_payments GROUP BY 1) USING (provider_code) WHERE sold <> taken""",
    "a town is the sum of its villages": """
        SELECT count(*) FROM area_population p JOIN (SELECT parent_area_code AS area_code, year, sum(living_population) AS living, sum(registered_population) AS registered
        FROM area_population JOIN areas USING (area_code) GROUP BY ALL) USING (area_code, year) WHERE living <> living_population OR registered <> registered_population""",
}  # fmt: skip


@pytest.mark.parametrize("what", NONE)
def test_it_agrees(sql: Sql, what: str) -> None:
    assert sql(NONE[what]) == [(0,)]


@pytest.mark.parametrize("year", [2024, 2025])
def test_what_settlements_gave_is_due_once(sql: Sql, year: int) -> None:
    """What is due of a service year is its settlements, fund by fund; of the paid year the city's sheets say what stays are worth."""
    [(resident, employee, aid)] = sql(f"""
        SELECT sum(pool_fund_pay) FILTER (WHERE insurance_type = '390') + sum(resident_critical_illness_pay),
               sum(pool_fund_pay) FILTER (WHERE insurance_type = '310') + sum(employee_large_amount_pay + civil_servant_pay + account_pay), sum(medical_aid_pay)
        FROM settlements WHERE benefit_year = {year}""")
    due = dict(
        sql(f"""
        SELECT fund, sum(due_amount) FROM payments WHERE service_year = {year} AND payment_kind NOT IN ('remittance', 'recovery', 'subsidised_enrolment') GROUP BY 1""")
    )
    if year == 2025:
        for insurance, more in sql(
            "SELECT insurance_type, sum(clearing_amount - booked_pay) FROM dip_clearing GROUP BY 1"
        ):
            resident, employee = (resident + more, employee) if insurance == "390" else (resident, employee + more)
    assert due == {"resident": resident, "employee": employee, "medical_aid": aid}


def test_a_year_pays_the_clearing_of_the_year_before(sql: Sql) -> None:
    paid = sql(
        "SELECT DISTINCT service_year, year(paid_date) FROM payments WHERE payment_kind = 'clearing' AND payment_status = 'paid' ORDER BY 1"
    )
    assert paid == [(2023, 2024), (2024, 2025)]
    assert sql(
        "SELECT DISTINCT service_year, payment_status FROM payments WHERE payment_kind = 'clearing' AND service_year = 2025"
    ) == [(2025, "due")]


def test_december_before_the_first_year_is_paid_in_january(sql: Sql) -> None:
    """Its outpatients were not told; they cost about what they cost a year later."""
    for kind in ("monthly", "account"):
        before, later = (
            sql(f"SELECT sum(due_amount) FROM payments WHERE payment_kind = '{kind}' AND service_month = {month}")[0][0]
            for month in (202312, 202412)
        )
        assert 0.85 < before / later < 1.05


def test_aid_pays_the_contributions_it_pays_for(sql: Sql) -> None:
    [(aided,)] = sql("SELECT sum(subsidy_amount) FROM contributions WHERE paid_date >= DATE '2023-12-01'")
    assert sql("SELECT sum(due_amount) FROM payments WHERE payment_kind = 'subsidised_enrolment'") == [(aided,)]


@pytest.mark.parametrize("table", load_tables().tables.values(), ids=lambda table: table.name)
def test_a_table_keeps_its_declaration(sql: Sql, table) -> None:
    """Keys, empty values, allowed codes and the checks of a row."""
    if table.name in NOT_TOLD:
        pytest.skip("no one has worked on the county yet")
    names = ", ".join(table.key)
    assert sql(f"SELECT count(*) - count(DISTINCT ({names})) FROM {table.name}") == [(0,)]
    for column in table.columns:
        if not column.nullable:
            assert sql(f"SELECT count(*) FROM {table.name} WHERE {column.name} IS NULL") == [(0,)], column.name
        if column.type in ("code", "text") and not column.blank:
            assert sql(f"SELECT count(*) FROM {table.name} WHERE {column.name} = ''") == [(0,)], column.name
        codes = load_tables().codes_of(column)
        if codes is not None:
            found = {
                value
                for (value,) in sql(f"SELECT DISTINCT {column.name} FROM {table.name} WHERE {column.name} IS NOT NULL")
            }
            assert found - ({""} if column.blank else set()) <= set(codes.values), column.name
    for check in table.checks:
        if check.holds:
            assert sql(f"SELECT count(*) FROM {table.name} WHERE NOT ({check.holds})") == [(0,)], check.id


def test_every_reference_finds_its_row(sql: Sql) -> None:
    for table in load_tables().tables.values():
        if table.name in NOT_TOLD:
            continue
        for relation in table.relations:
            if relation.table in NOT_TOLD:
                continue
            key = load_tables().tables[relation.table].key[0]
            lost = sql(
                f"SELECT count(*) FROM {table.name} WHERE {relation.column} IS NOT NULL AND {relation.column} NOT IN (SELECT {key} FROM {relation.table})"
            )
            assert lost == [(0,)], (table.name, relation.column)
