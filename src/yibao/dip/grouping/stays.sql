-- name: stays
-- purpose: 一个年度出院的住院，一行一个编码：part 0 主要诊断，1 其他诊断，2 主要手术操作，3 其他手术操作；-1 为就诊本身和分组要用的数
-- takes: first_day date, last_day date
WITH inpatient AS (
    SELECT v.visit_id, v.discharge_time, v.provider_code, v.insurance_type, v.newborn_birth_weight_g, v.ventilator_minutes,
        DAYS_BETWEEN(p.birth_date, CAST(v.admission_time AS DATE)) AS age_days,
        YEAR(v.admission_time) - YEAR(p.birth_date) - CASE WHEN MONTH(v.admission_time) * 100 + DAY(v.admission_time)
            < MONTH(p.birth_date) * 100 + DAY(p.birth_date) THEN 1 ELSE 0 END AS age_years,
        GREATEST(DAYS_BETWEEN(CAST(v.admission_time AS DATE), CAST(v.discharge_time AS DATE)), 1) AS los_days, v.discharge_way,
        h.hospital_level, h.is_dip
    FROM visits AS v
    LEFT JOIN persons AS p ON p.person_no = v.person_no
    LEFT JOIN providers AS h ON h.provider_code = v.provider_code
    WHERE v.care_type IN ('21', '22', '23', '24', '52', '92')
        AND CAST(v.discharge_time AS DATE) >= $first_day AND CAST(v.discharge_time AS DATE) <= $last_day),
costs AS (
    SELECT s.visit_id, CAST(SUM(s.total_fee) AS BIGINT) AS cost, CAST(SUM(s.pool_fund_pay) AS BIGINT) AS booked
    FROM settlements AS s
    WHERE s.is_valid
    GROUP BY s.visit_id),
intensive AS (
    SELECT u.visit_id, CAST(SUM(SECONDS_BETWEEN(u.icu_in_time, u.icu_out_time)) AS BIGINT) AS icu_seconds
    FROM icu_stays AS u
    WHERE u.icu_out_time IS NOT NULL
    GROUP BY u.visit_id)
SELECT i.visit_id, -1 AS part, 0 AS place, CAST(NULL AS VARCHAR) AS code, i.discharge_time, i.provider_code, i.insurance_type,
    i.age_days, i.newborn_birth_weight_g AS birth_weight_g, i.ventilator_minutes AS vent_minutes, c.cost,
    i.age_years, i.los_days, COALESCE(n.icu_seconds, 0) AS icu_seconds, i.discharge_way, i.hospital_level, i.is_dip, c.booked
FROM inpatient AS i
LEFT JOIN costs AS c ON c.visit_id = i.visit_id
LEFT JOIN intensive AS n ON n.visit_id = i.visit_id
UNION ALL
SELECT d.visit_id, CASE WHEN d.is_principal_diagnosis THEN 0 ELSE 1 END AS part, d.sequence_no AS place, d.diagnosis_code AS code,
    CAST(NULL AS TIMESTAMP) AS discharge_time, CAST(NULL AS VARCHAR) AS provider_code, CAST(NULL AS VARCHAR) AS insurance_type,
    CAST(NULL AS BIGINT) AS age_days, CAST(NULL AS BIGINT) AS birth_weight_g, CAST(NULL AS BIGINT) AS vent_minutes, CAST(NULL AS BIGINT) AS cost,
    CAST(NULL AS BIGINT) AS age_years, CAST(NULL AS BIGINT) AS los_days, CAST(NULL AS BIGINT) AS icu_seconds, CAST(NULL AS VARCHAR) AS discharge_way,
    CAST(NULL AS VARCHAR) AS hospital_level, CAST(NULL AS BOOLEAN) AS is_dip, CAST(NULL AS BIGINT) AS booked
FROM visit_diagnoses AS d
JOIN inpatient AS i ON i.visit_id = d.visit_id
WHERE d.diagnosis_kind = 'western'
UNION ALL
SELECT o.visit_id, CASE WHEN o.operation_role = 'main' THEN 2 ELSE 3 END AS part, o.sequence_no AS place, o.operation_code AS code,
    CAST(NULL AS TIMESTAMP) AS discharge_time, CAST(NULL AS VARCHAR) AS provider_code, CAST(NULL AS VARCHAR) AS insurance_type,
    CAST(NULL AS BIGINT) AS age_days, CAST(NULL AS BIGINT) AS birth_weight_g, CAST(NULL AS BIGINT) AS vent_minutes, CAST(NULL AS BIGINT) AS cost,
    CAST(NULL AS BIGINT) AS age_years, CAST(NULL AS BIGINT) AS los_days, CAST(NULL AS BIGINT) AS icu_seconds, CAST(NULL AS VARCHAR) AS discharge_way,
    CAST(NULL AS VARCHAR) AS hospital_level, CAST(NULL AS BOOLEAN) AS is_dip, CAST(NULL AS BIGINT) AS booked
FROM visit_operations AS o
JOIN inpatient AS i ON i.visit_id = o.visit_id
