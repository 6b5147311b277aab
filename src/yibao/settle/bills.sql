-- name: bills
-- purpose: 一个待遇年度要计算的单据：平台结算过的各次和冲正，平台还没有导出的逐笔结算，出院而没有结算的就诊
-- takes: year number, transfer_days number, province text
-- given: identity_ranks(identity_type text, rank number), epidemics(diagnosis_code text, valid_from date, valid_to date), recognised(bill_id text, settlement_id text, recognised_by text), strays(settlement_id text)
-- writes: bills
WITH at_counter AS (
    SELECT l.visit_id FROM live_settlements AS l
    LEFT JOIN live_settlements AS r ON r.reverses_bill_id = l.bill_id
    WHERE l.reverses_bill_id IS NULL AND r.bill_id IS NULL GROUP BY l.visit_id),
unsettled AS (
    SELECT v.visit_id, CAST(SUM(f.line_amount) AS BIGINT) AS total_fee, CAST(SUM(f.line_full_selfpay) AS BIGINT) AS full_selfpay_total,
        CAST(SUM(f.line_over_cap) AS BIGINT) AS over_cap_total, CAST(SUM(f.line_pre_selfpay) AS BIGINT) AS pre_selfpay_total,
        CAST(SUM(f.line_in_scope) AS BIGINT) AS in_scope_total
    FROM visits AS v
    JOIN fee_lines AS f ON f.visit_id = v.visit_id
    WHERE YEAR(v.discharge_time) = $year AND NOT EXISTS (SELECT 1 AS one FROM settlements AS s WHERE s.visit_id = v.visit_id)
        AND NOT EXISTS (SELECT 1 AS one FROM at_counter AS c WHERE c.visit_id = v.visit_id)
    GROUP BY v.visit_id),
events AS (
    SELECT s.settlement_id AS bill_id, CASE WHEN s.is_reversal THEN s.original_settlement_id END AS reverses_bill_id, s.visit_id,
        s.person_no, s.insurance_type, s.person_category, s.care_type, s.settlement_type, s.settlement_time, s.stay_start_date,
        COALESCE(s.stay_end_date, CAST(s.settlement_time AS DATE)) AS stay_end_date,
        COALESCE(s.deductible_hospital_level, s.hospital_level) AS hospital_level, s.is_reversal,
        s.total_fee, s.full_selfpay_total, s.over_cap_total, s.pre_selfpay_total, s.in_scope_total,
        COALESCE(s.account_balance_before, 0) AS account_balance, s.account_pay - s.account_family_pay AS own_account_pay, s.account_family_pay
    FROM settlements AS s
    WHERE s.benefit_year = $year AND s.is_valid AND NOT EXISTS (SELECT 1 AS one FROM strays AS x WHERE x.settlement_id = s.settlement_id)
    UNION ALL
    SELECT v.visit_id AS bill_id, CAST(NULL AS VARCHAR) AS reverses_bill_id, v.visit_id, v.person_no, v.insurance_type,
        CAST(NULL AS VARCHAR) AS person_category, v.care_type, 'online' AS settlement_type, v.discharge_time AS settlement_time,
        CAST(v.admission_time AS DATE) AS stay_start_date, CAST(v.discharge_time AS DATE) AS stay_end_date,
        CAST(NULL AS VARCHAR) AS hospital_level, FALSE AS is_reversal,
        u.total_fee, u.full_selfpay_total, u.over_cap_total, u.pre_selfpay_total, u.in_scope_total,
        0 AS account_balance, 0 AS own_account_pay, 0 AS account_family_pay
    FROM unsettled AS u
    JOIN visits AS v ON v.visit_id = u.visit_id),
providers_level AS (
    SELECT provider_code, MAX(hospital_level) AS hospital_level FROM providers GROUP BY provider_code),
facts AS (
    SELECT e.bill_id, e.reverses_bill_id, e.visit_id, e.person_no, v.provider_code, e.insurance_type, e.person_category, e.care_type,
        e.settlement_type, e.settlement_time, e.stay_start_date, e.stay_end_date, e.is_reversal,
        COALESCE(e.hospital_level, h.hospital_level) AS hospital_level,
        CASE WHEN v.out_of_area <> '1' THEN 'home' ELSE COALESCE(v.away_kind, CASE WHEN e.settlement_type = 'manual' THEN 'unreferred' ELSE 'referred' END) END AS away_kind,
        v.out_of_area = '1' AND v.treatment_area_code IS NOT NULL AND NOT STARTS_WITH(v.treatment_area_code, $province) AS is_across_province,
        v.disease_code, v.maternity_type, v.fetus_count, COALESCE(v.is_signed_provider, FALSE) AS is_signed_provider,
        v.admission_way, v.discharge_way,
        e.total_fee, e.full_selfpay_total, e.over_cap_total, e.pre_selfpay_total, e.in_scope_total,
        e.account_balance + COALESCE(CAST(SUM(e.own_account_pay) OVER (
            PARTITION BY e.person_no ORDER BY e.settlement_time NULLS FIRST, e.bill_id NULLS FIRST
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS BIGINT), 0) AS account_credited,
        e.own_account_pay, e.account_family_pay
    FROM events AS e
    JOIN visits AS v ON v.visit_id = e.visit_id
    LEFT JOIN providers_level AS h ON h.provider_code = v.provider_code),
stays AS (
    SELECT f.bill_id, f.visit_id, f.settlement_type, f.hospital_level, f.away_kind, f.admission_way, f.stay_start_date,
        LAG(f.visit_id) OVER (PARTITION BY f.person_no, f.insurance_type ORDER BY f.settlement_time NULLS FIRST, f.bill_id NULLS FIRST) AS visit_before,
        LAG(f.hospital_level) OVER (PARTITION BY f.person_no, f.insurance_type ORDER BY f.settlement_time NULLS FIRST, f.bill_id NULLS FIRST) AS level_before,
        LAG(f.away_kind) OVER (PARTITION BY f.person_no, f.insurance_type ORDER BY f.settlement_time NULLS FIRST, f.bill_id NULLS FIRST) AS away_before,
        LAG(f.discharge_way) OVER (PARTITION BY f.person_no, f.insurance_type ORDER BY f.settlement_time NULLS FIRST, f.bill_id NULLS FIRST) AS way_before,
        LAG(f.stay_end_date) OVER (PARTITION BY f.person_no, f.insurance_type ORDER BY f.settlement_time NULLS FIRST, f.bill_id NULLS FIRST) AS end_before
    FROM facts AS f
    WHERE NOT f.is_reversal AND f.care_type IN ('21', '22', '23', '24', '52', '92')),
links AS (
    SELECT s.bill_id,
        CASE WHEN s.visit_before = s.visit_id THEN 'mid_stay'
            WHEN s.admission_way <> '3' OR s.admission_way IS NULL OR s.way_before IS NULL OR s.way_before NOT IN ('2', '3')
                OR DAYS_BETWEEN(s.end_before, s.stay_start_date) > $transfer_days THEN 'new'
            WHEN s.away_kind <> 'home' OR s.away_before <> 'home' OR s.hospital_level = s.level_before THEN 'transfer'
            WHEN s.hospital_level > s.level_before THEN 'referral_up'
            WHEN s.hospital_level < s.level_before THEN 'referral_down'
            ELSE 'transfer' END AS continues
    FROM stays AS s),
identity AS (
    SELECT f.bill_id, MIN(r.rank) AS rank
    FROM facts AS f
    JOIN identities AS i ON i.person_no = f.person_no AND i.identity_start <= f.stay_start_date
        AND (i.identity_end IS NULL OR i.identity_end >= f.stay_start_date)
    JOIN identity_ranks AS r ON r.identity_type = i.identity_type
    GROUP BY f.bill_id),
epidemic AS (
    SELECT DISTINCT f.bill_id
    FROM facts AS f
    JOIN visit_diagnoses AS d ON d.visit_id = f.visit_id AND d.is_principal_diagnosis
    JOIN epidemics AS e ON e.diagnosis_code = d.diagnosis_code AND e.valid_from <= f.stay_start_date AND e.valid_to >= f.stay_start_date),
paid_at_counter AS (
    SELECT f.bill_id, CAST(SUM(l.account_pay - l.account_family_pay) AS BIGINT) AS own_account_pay
    FROM facts AS f
    JOIN live_settlements AS l ON l.person_no = f.person_no AND l.benefit_year = $year AND l.settlement_time < f.settlement_time
    LEFT JOIN recognised AS x ON x.bill_id = l.bill_id
    WHERE x.bill_id IS NULL
    GROUP BY f.bill_id),
enrolled AS (
    SELECT f.bill_id, MAX(e.person_category) AS person_category, BOOL_OR(e.is_civil_servant) AS is_civil_servant,
        BOOL_OR(e.is_enterprise_supplemented) AS is_enterprise_supplemented
    FROM facts AS f
    JOIN enrolments AS e ON e.person_no = f.person_no AND e.insurance_type = f.insurance_type
        AND e.enrolment_start_date <= f.stay_start_date
        AND (e.enrolment_pause_date IS NULL OR e.enrolment_pause_date >= f.stay_start_date)
    GROUP BY f.bill_id)
SELECT f.person_no, $year AS benefit_year, f.settlement_time, f.bill_id, f.reverses_bill_id, f.visit_id, f.provider_code, f.insurance_type,
    COALESCE(f.person_category, e.person_category, '') AS person_category, f.care_type, f.settlement_type, f.stay_start_date,
    f.stay_end_date AS policy_date, YEAR(f.stay_end_date) * 100 + MONTH(f.stay_end_date) AS discharge_month,
    e.bill_id IS NOT NULL AND (w.benefit_start_date IS NULL OR f.insurance_type <> '390' OR w.benefit_start_date <= f.stay_start_date) AS is_eligible,
    f.hospital_level, f.away_kind, f.is_across_province,
    r.identity_type, COALESCE(e.is_civil_servant, FALSE) AS is_civil_servant, COALESCE(e.is_enterprise_supplemented, FALSE) AS is_enterprise_supplemented,
    YEAR(f.stay_start_date) - YEAR(p.birth_date) - CASE WHEN MONTH(f.stay_start_date) * 100 + DAY(f.stay_start_date)
        < MONTH(p.birth_date) * 100 + DAY(p.birth_date) THEN 1 ELSE 0 END AS age_years,
    f.disease_code, f.maternity_type, f.fetus_count, f.is_signed_provider,
    COALESCE(l.continues, 'new') IN ('transfer', 'referral_up', 'referral_down') AS is_transfer, COALESCE(l.continues, 'new') = 'mid_stay' AS is_mid_stay,
    m.bill_id IS NOT NULL AS is_epidemic, COALESCE(l.continues, 'new') AS continues,
    f.total_fee, f.full_selfpay_total, f.over_cap_total, f.pre_selfpay_total, f.in_scope_total,
    f.account_credited + COALESCE(o.own_account_pay, 0) AS account_credited, f.own_account_pay <> 0 OR f.account_family_pay <> 0 AS is_account_used, f.account_family_pay AS family_available, COALESCE(c.cap_raise, 0) AS cap_raise
FROM facts AS f
JOIN persons AS p ON p.person_no = f.person_no
LEFT JOIN links AS l ON l.bill_id = f.bill_id
LEFT JOIN identity AS i ON i.bill_id = f.bill_id
LEFT JOIN identity_ranks AS r ON r.rank = i.rank
LEFT JOIN enrolled AS e ON e.bill_id = f.bill_id
LEFT JOIN epidemic AS m ON m.bill_id = f.bill_id
LEFT JOIN paid_at_counter AS o ON o.bill_id = f.bill_id
LEFT JOIN benefit_waiting AS w ON w.person_no = f.person_no AND w.benefit_year = $year
LEFT JOIN cap_raises AS c ON c.person_no = f.person_no AND c.benefit_year = $year
UNION ALL
SELECT l.person_no, l.benefit_year, l.settlement_time, l.bill_id, COALESCE(x.settlement_id, l.reverses_bill_id) AS reverses_bill_id, l.visit_id,
    l.provider_code, l.insurance_type, l.person_category, l.care_type, l.settlement_type, l.stay_start_date, l.policy_date, l.discharge_month,
    l.is_eligible, l.hospital_level, l.away_kind, l.is_across_province, l.identity_type, l.is_civil_servant, l.is_enterprise_supplemented,
    l.age_years, l.disease_code, l.maternity_type, l.fetus_count, l.is_signed_provider, l.is_transfer, l.is_mid_stay, l.is_epidemic, l.continues,
    l.total_fee, l.full_selfpay_total, l.over_cap_total, l.pre_selfpay_total, l.in_scope_total, l.account_credited, l.is_account_used,
    l.family_available, l.cap_raise
FROM live_settlements AS l
LEFT JOIN recognised AS x ON x.bill_id = l.reverses_bill_id
LEFT JOIN recognised AS r ON r.bill_id = l.bill_id
WHERE l.benefit_year = $year AND r.bill_id IS NULL
