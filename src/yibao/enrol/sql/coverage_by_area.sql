-- name: coverage_by_area
-- purpose: 各区划有效参保人数（按证件号码去重）和三种分母
-- takes: on_day date, on_year number, basis text
WITH insured AS (
    SELECT p.id_document_type, p.id_document_no,
        MIN(CASE WHEN $basis = 'registered' THEN p.residence_area_code ELSE p.living_area_code END) AS place,
        MAX(CASE WHEN e.insurance_type = '390' THEN 0 ELSE 1 END) AS employee
    FROM enrolments AS e
    JOIN persons AS p ON p.person_no = e.person_no
    WHERE e.insurance_type IN ('310', '340', '390') AND e.enrolment_status <> '0' AND e.enrolment_start_date <= $on_day
        AND (e.enrolment_pause_date IS NULL OR e.enrolment_pause_date >= $on_day) AND (p.death_date IS NULL OR p.death_date > $on_day)
    GROUP BY p.id_document_type, p.id_document_no
), placed AS (SELECT place, COUNT(*) AS insured, CAST(SUM(employee) AS BIGINT) AS employees FROM insured GROUP BY place),
counted AS (
    SELECT a.area_code, CAST(SUM(i.insured) AS BIGINT) AS insured, CAST(SUM(i.employees) AS BIGINT) AS employees
    FROM areas AS a
    JOIN placed AS i ON i.place = a.area_code OR SUBSTRING(i.place, 1, 9) = a.area_code OR SUBSTRING(i.place, 1, 6) = a.area_code
    GROUP BY a.area_code
), latest AS (SELECT MAX(year) AS year FROM area_population WHERE year <= $on_year),
people AS (
    SELECT p.area_code, p.year, p.registered_population, p.living_population
    FROM area_population AS p
    JOIN latest AS l ON l.year = p.year
), listed AS (
    SELECT MAX(roster_date) AS roster_date FROM population_rosters WHERE roster_kind = 'due' AND roster_date <= $on_day
), listed_in AS (
    SELECT r.area_code AS place, COUNT(DISTINCT r.id_document_no) AS people, MAX(r.roster_date) AS roster_date
    FROM population_rosters AS r
    JOIN listed AS l ON l.roster_date = r.roster_date
    WHERE r.roster_kind = 'due'
    GROUP BY r.area_code
), due AS (
    SELECT a.area_code, CAST(SUM(r.people) AS BIGINT) AS people, MAX(r.roster_date) AS roster_date
    FROM areas AS a
    JOIN listed_in AS r ON r.place = a.area_code OR SUBSTRING(r.place, 1, 9) = a.area_code OR SUBSTRING(r.place, 1, 6) = a.area_code
    GROUP BY a.area_code
)
SELECT a.area_code, a.area_name, a.area_level, COALESCE(c.insured, 0) AS insured, COALESCE(c.employees, 0) AS employees,
    p.registered_population, p.living_population, p.year AS population_year, d.people AS due_population, d.roster_date
FROM areas AS a
LEFT JOIN counted AS c ON c.area_code = a.area_code
LEFT JOIN people AS p ON p.area_code = a.area_code
LEFT JOIN due AS d ON d.area_code = a.area_code
ORDER BY a.area_code NULLS LAST
