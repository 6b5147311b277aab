-- name: watched_stays
-- purpose: 一段时间内在按病种付费的机构出院的住院，一行一次：费用、天数、编码和分组
-- takes: first_day date, last_day date
WITH members AS (
    SELECT v.visit_id
    FROM visits AS v
    JOIN providers AS p ON p.provider_code = v.provider_code
    WHERE v.care_type IN ('21', '22', '23', '24', '52', '92')
        AND CAST(v.discharge_time AS DATE) >= $first_day AND CAST(v.discharge_time AS DATE) <= $last_day
        AND (EXISTS (SELECT a.agreement_no FROM provider_agreements AS a
                     WHERE a.provider_code = v.provider_code AND a.payment_method = 'dip' AND a.valid_from <= CAST(v.discharge_time AS DATE)
                         AND COALESCE(a.valid_to, CAST(v.discharge_time AS DATE)) >= CAST(v.discharge_time AS DATE))
             OR (p.is_dip AND NOT EXISTS (SELECT b.agreement_no FROM provider_agreements AS b WHERE b.provider_code = v.provider_code)))),
costs AS (
    SELECT s.visit_id, CAST(SUM(s.total_fee) AS BIGINT) AS total_fee, CAST(SUM(s.pool_fund_pay) AS BIGINT) AS booked_pay,
        CAST(SUM(s.full_selfpay_total + s.over_cap_total) AS BIGINT) AS own_expense
    FROM settlements AS s
    WHERE s.is_valid
    GROUP BY s.visit_id),
principals AS (
    SELECT d.visit_id, MIN(d.diagnosis_code) AS principal
    FROM visit_diagnoses AS d
    WHERE d.diagnosis_kind = 'western' AND d.is_principal_diagnosis
    GROUP BY d.visit_id),
others AS (
    SELECT d.visit_id, COUNT(DISTINCT SUBSTRING(d.diagnosis_code, 1, 3)) AS other_diagnoses
    FROM visit_diagnoses AS d
    LEFT JOIN principals AS p ON p.visit_id = d.visit_id
    WHERE d.diagnosis_kind = 'western' AND NOT d.is_principal_diagnosis
        AND (p.principal IS NULL OR SUBSTRING(p.principal, 1, 3) <> SUBSTRING(d.diagnosis_code, 1, 3))
    GROUP BY d.visit_id),
operations AS (
    SELECT o.visit_id, MIN(CASE WHEN o.operation_role = 'main' THEN o.operation_code END) AS main_operation, COUNT(*) AS operation_count
    FROM visit_operations AS o
    GROUP BY o.visit_id),
intensive AS (
    SELECT DISTINCT i.visit_id FROM icu_stays AS i)
SELECT v.visit_id, v.person_no, v.provider_code, v.insurance_type, v.admission_time, v.discharge_time, v.discharge_way,
    YEAR(v.discharge_time) * 100 + MONTH(v.discharge_time) AS month,
    GREATEST(DAYS_BETWEEN(CAST(v.admission_time AS DATE), CAST(v.discharge_time AS DATE)), 1) AS days,
    DAYS_BETWEEN(p.birth_date, CAST(v.admission_time AS DATE)) AS age_days,
    COALESCE(v.planned_readmission, FALSE) AS is_planned, i.visit_id IS NOT NULL AS is_intensive,
    c.total_fee, c.booked_pay, c.own_expense,
    d.principal, SUBSTRING(d.principal, 1, 3) AS category,
    CASE WHEN SUBSTRING(d.principal, 5, 1) = 'x' THEN SUBSTRING(d.principal, 1, 3) ELSE SUBSTRING(d.principal, 1, 5) END AS stem,
    COALESCE(e.other_diagnoses, 0) AS other_diagnoses, o.main_operation, COALESCE(o.operation_count, 0) AS operation_count,
    g.visit_id IS NOT NULL AS is_grouped_here, g.pack_version, g.dip_group_code, g.dip_layer, g.base_score, g.grouping_flags
FROM visits AS v
JOIN members AS m ON m.visit_id = v.visit_id
LEFT JOIN persons AS p ON p.person_no = v.person_no
LEFT JOIN costs AS c ON c.visit_id = v.visit_id
LEFT JOIN principals AS d ON d.visit_id = v.visit_id
LEFT JOIN others AS e ON e.visit_id = v.visit_id
LEFT JOIN operations AS o ON o.visit_id = v.visit_id
LEFT JOIN intensive AS i ON i.visit_id = v.visit_id
LEFT JOIN dip_groupings AS g ON g.visit_id = v.visit_id
ORDER BY v.visit_id ASC NULLS LAST
