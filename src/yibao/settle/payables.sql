-- name: payables
-- purpose: 一个待遇年度的应付款：谁欠谁、何时到期、已付多少；按病种付费已算出的月份、已清算的年度以按病种付费的应付代替记账
-- takes: year number, manual_days number, dip_monthly number, clearing_day date, later_days number
-- given: owings(owing text, insurance_type text, way text, payment_kind text, fund text, paid_insurance text), months(month number, provider_day date, away_day date), inpatient(care_type text), recognised(bill_id text, settlement_id text, recognised_by text)
-- writes: payables
WITH settled AS (
    SELECT s.benefit_year, s.settlement_id AS bill_id, s.visit_id, s.person_no, s.provider_code, s.insurance_type, s.care_type, s.settlement_time,
        CASE WHEN s.settlement_type = 'manual' THEN 'manual' WHEN s.out_of_area = '1' THEN 'away' ELSE 'home' END AS way,
        s.pool_fund_pay, s.resident_critical_illness_pay, s.employee_large_amount_pay, s.civil_servant_pay, s.enterprise_supplement_pay,
        s.disabled_person_pay, s.medical_aid_pay, s.other_fund_pay, s.account_pay, s.cash_pay, s.total_fee - s.hospital_burden AS advanced
    FROM settlements AS s
    WHERE s.benefit_year = $year AND s.is_valid
    UNION ALL
    SELECT l.benefit_year, l.bill_id, l.visit_id, l.person_no, l.provider_code, l.insurance_type, l.care_type, l.settlement_time,
        CASE WHEN l.settlement_type = 'manual' THEN 'manual' WHEN l.away_kind <> 'home' THEN 'away' ELSE 'home' END AS way,
        l.pool_fund_pay, l.resident_critical_illness_pay, l.employee_large_amount_pay, l.civil_servant_pay, l.enterprise_supplement_pay,
        l.disabled_person_pay, l.medical_aid_pay, l.other_fund_pay, l.account_pay, l.cash_pay, l.total_fee - l.hospital_burden AS advanced
    FROM live_settlements AS l
    WHERE l.benefit_year = $year AND NOT EXISTS (SELECT 1 AS one FROM recognised AS r WHERE r.bill_id = l.bill_id)),
dip_bills AS (
    SELECT s.bill_id
    FROM settled AS s
    JOIN providers AS p ON p.provider_code = s.provider_code
    WHERE EXISTS (SELECT a.agreement_no FROM provider_agreements AS a
                  WHERE a.provider_code = s.provider_code AND a.payment_method = 'dip' AND a.valid_from <= CAST(s.settlement_time AS DATE)
                      AND COALESCE(a.valid_to, CAST(s.settlement_time AS DATE)) >= CAST(s.settlement_time AS DATE))
        OR (p.is_dip AND NOT EXISTS (SELECT b.agreement_no FROM provider_agreements AS b WHERE b.provider_code = s.provider_code))
    GROUP BY s.bill_id),
owed AS (
    SELECT s.benefit_year, s.bill_id, o.owing, s.person_no, s.provider_code, s.way, s.insurance_type, o.fund, o.paid_insurance,
        YEAR(s.settlement_time) * 100 + MONTH(s.settlement_time) AS service_month, CAST(s.settlement_time AS DATE) AS settled_on,
        COALESCE(v.treatment_area_code, '') AS area, b.bill_id IS NOT NULL AND $later_days > 0 AS is_later,
        CASE WHEN o.owing = 'pool' AND s.way = 'home' AND d.bill_id IS NOT NULL AND i.care_type IS NOT NULL THEN 'dip' ELSE o.payment_kind END AS payment_kind,
        CASE o.owing WHEN 'pool' THEN s.pool_fund_pay WHEN 'critical_illness' THEN s.resident_critical_illness_pay
            WHEN 'large_amount' THEN s.employee_large_amount_pay WHEN 'civil_servant' THEN s.civil_servant_pay
            WHEN 'enterprise_supplement' THEN s.enterprise_supplement_pay WHEN 'disabled_person' THEN s.disabled_person_pay
            WHEN 'medical_aid' THEN s.medical_aid_pay WHEN 'other_fund' THEN s.other_fund_pay WHEN 'account' THEN s.account_pay
            WHEN 'cash' THEN CASE WHEN s.way = 'manual' THEN s.advanced ELSE s.cash_pay END ELSE 0 END AS amount
    FROM settled AS s
    JOIN owings AS o ON o.insurance_type = s.insurance_type AND o.way = s.way
    LEFT JOIN visits AS v ON v.visit_id = s.visit_id
    LEFT JOIN bills AS b ON b.bill_id = s.bill_id AND b.benefit_year = $year AND b.is_epidemic
    LEFT JOIN dip_bills AS d ON d.bill_id = s.bill_id
    LEFT JOIN inpatient AS i ON i.care_type = s.care_type),
dip_owed AS (
    SELECT d.dip_payable_no, d.service_month, d.provider_code, d.insurance_type, d.payment_kind, d.due_date, d.payable_amount, o.fund, o.paid_insurance
    FROM dip_payables AS d
    JOIN owings AS o ON o.insurance_type = d.insurance_type AND o.way = 'home' AND o.owing = 'pool'
    WHERE d.service_year = $year),
dip_known AS (
    SELECT d.provider_code, d.insurance_type, d.service_month FROM dip_owed AS d WHERE d.payment_kind = 'dip'
    GROUP BY d.provider_code, d.insurance_type, d.service_month),
dip_cleared AS (
    SELECT d.insurance_type FROM dip_owed AS d WHERE d.payment_kind = 'clearing' GROUP BY d.insurance_type),
parts AS (
    SELECT o.*, 'monthly' AS payable_part,
        CASE WHEN o.amount < 0 THEN -(-o.amount * $dip_monthly // 10000) ELSE o.amount * $dip_monthly // 10000 END AS part_amount
    FROM owed AS o
    LEFT JOIN dip_cleared AS y ON y.insurance_type = o.insurance_type
    LEFT JOIN dip_known AS k ON k.provider_code = o.provider_code AND k.insurance_type = o.insurance_type AND k.service_month = o.service_month
    WHERE o.payment_kind = 'dip' AND o.amount <> 0 AND y.insurance_type IS NULL AND k.provider_code IS NULL
    UNION ALL
    SELECT o.*, 'clearing' AS payable_part,
        o.amount - CASE WHEN o.amount < 0 THEN -(-o.amount * $dip_monthly // 10000) ELSE o.amount * $dip_monthly // 10000 END AS part_amount
    FROM owed AS o
    LEFT JOIN dip_cleared AS y ON y.insurance_type = o.insurance_type
    LEFT JOIN dip_known AS k ON k.provider_code = o.provider_code AND k.insurance_type = o.insurance_type AND k.service_month = o.service_month
    WHERE o.payment_kind = 'dip' AND o.amount <> 0 AND y.insurance_type IS NULL AND k.provider_code IS NULL
    UNION ALL
    SELECT o.*, 'whole' AS payable_part, o.amount AS part_amount
    FROM owed AS o
    WHERE o.payment_kind <> 'dip' AND o.amount <> 0),
due AS (
    SELECT p.benefit_year, p.bill_id, p.owing, p.payable_part, p.person_no, p.provider_code, p.way, p.area, p.fund, p.insurance_type, p.payment_kind,
        p.service_month, p.part_amount, p.is_later,
        CASE WHEN p.is_later AND p.owing = 'cash' THEN DAY_PLUS(p.settled_on, $later_days) WHEN p.owing = 'cash' THEN p.settled_on WHEN p.way = 'manual' THEN DAY_PLUS(p.settled_on, $manual_days)
            WHEN p.payable_part = 'clearing' THEN $clearing_day WHEN p.way = 'away' THEN m.away_day ELSE m.provider_day END AS due_date,
        CASE WHEN p.owing = 'cash' THEN '' WHEN p.way = 'manual' THEN 'manual ' || p.fund || ' ' || p.bill_id
            WHEN p.way = 'away' THEN 'away ' || p.fund || ' ' || p.paid_insurance || ' ' || p.area || ' ' || CAST(p.service_month AS VARCHAR)
            WHEN p.payment_kind = 'dip' THEN 'dip ' || p.fund || ' ' || p.paid_insurance || ' ' || p.provider_code
            ELSE p.payment_kind || ' ' || p.fund || ' ' || p.paid_insurance || ' ' || p.provider_code || ' ' || CAST(p.service_month AS VARCHAR) END AS payment_group
    FROM parts AS p
    JOIN months AS m ON m.month = p.service_month
    UNION ALL
    SELECT $year AS benefit_year, d.dip_payable_no AS bill_id, 'dip' AS owing,
        CASE d.payment_kind WHEN 'dip' THEN 'monthly' ELSE d.payment_kind END AS payable_part, CAST(NULL AS VARCHAR) AS person_no, d.provider_code, 'home' AS way,
        '' AS area, d.fund, d.insurance_type, d.payment_kind, d.service_month, d.payable_amount AS part_amount, FALSE AS is_later, d.due_date,
        'dip ' || d.fund || ' ' || d.paid_insurance || ' ' || d.provider_code AS payment_group
    FROM dip_owed AS d),
payment_rows AS (
    SELECT CASE WHEN y.payment_kind = 'manual' THEN 'manual ' || y.fund || ' ' || COALESCE(y.settlement_id, '')
            WHEN y.payment_kind = 'out_of_area' THEN 'away ' || y.fund || ' ' || COALESCE(y.insurance_type, '') || ' ' || COALESCE(y.payee_area_code, '') || ' ' || CAST(COALESCE(y.service_month, 0) AS VARCHAR)
            WHEN y.payment_kind IN ('dip', 'advance', 'clearing') THEN 'dip ' || y.fund || ' ' || COALESCE(y.insurance_type, '') || ' ' || COALESCE(y.provider_code, '')
            ELSE y.payment_kind || ' ' || y.fund || ' ' || COALESCE(y.insurance_type, '') || ' ' || COALESCE(y.provider_code, '') || ' ' || CAST(COALESCE(y.service_month, 0) AS VARCHAR) END AS payment_group,
        y.paid_amount
    FROM payments AS y
    WHERE y.service_year = $year AND y.payment_kind IN ('monthly', 'dip', 'advance', 'clearing', 'critical_illness', 'account', 'out_of_area', 'manual')),
paid AS (
    SELECT r.payment_group, CAST(SUM(r.paid_amount) AS BIGINT) AS paid_amount FROM payment_rows AS r GROUP BY r.payment_group),
running AS (
    SELECT d.*, COALESCE(y.paid_amount, 0) AS paid_amount,
        CAST(SUM(d.part_amount) OVER (PARTITION BY d.payment_group) AS BIGINT) AS group_amount,
        CAST(SUM(d.part_amount) OVER (PARTITION BY d.payment_group
            ORDER BY d.due_date NULLS FIRST, d.bill_id NULLS FIRST, d.owing NULLS FIRST, d.payable_part NULLS FIRST
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS BIGINT) AS upto
    FROM due AS d
    LEFT JOIN paid AS y ON y.payment_group = d.payment_group),
allotted AS (
    SELECT r.*,
        CASE WHEN r.owing = 'cash' AND r.is_later THEN 0 WHEN r.owing = 'cash' OR r.paid_amount = r.group_amount THEN r.part_amount
            ELSE GREATEST(LEAST(r.upto, GREATEST(r.paid_amount, 0)), LEAST(r.paid_amount, 0))
                - GREATEST(LEAST(r.upto - r.part_amount, GREATEST(r.paid_amount, 0)), LEAST(r.paid_amount, 0)) END AS settled_amount
    FROM running AS r)
SELECT a.benefit_year, a.bill_id, a.owing, a.payable_part, a.person_no, a.provider_code,
    CASE WHEN a.owing = 'cash' THEN 'person' ELSE 'fund' END AS debtor,
    CASE WHEN a.owing = 'cash' THEN 'provider' WHEN a.way = 'manual' THEN 'person' WHEN a.way = 'away' THEN 'other_area' ELSE 'provider' END AS creditor,
    CASE WHEN a.owing <> 'cash' AND a.way = 'manual' THEN a.person_no WHEN a.owing <> 'cash' AND a.way = 'away' THEN COALESCE(NULLIF(a.area, ''), a.provider_code)
        ELSE a.provider_code END AS creditor_code,
    NULLIF(a.fund, '') AS fund, a.insurance_type, NULLIF(a.payment_kind, '') AS payment_kind, a.service_month, a.due_date, a.part_amount AS payable_amount, a.settled_amount,
    CASE WHEN a.settled_amount = a.part_amount THEN 'paid' WHEN a.settled_amount = 0 THEN 'open' ELSE 'partly' END AS payable_status
FROM allotted AS a
WHERE a.part_amount <> 0
