-- name: misclassified
-- purpose: 四项归类与目录等级、限价、自付比例不符的费用明细
-- takes: year number
-- given: temporary_items(national_item_code text, valid_from date, valid_to date)
WITH lines AS (
    SELECT f.fee_line_no, f.settlement_id,
        t.national_item_code IS NULL AND (f.reimbursement_class = '3'
            OR (f.is_restricted_use AND NOT COALESCE(f.is_hospital_approved, FALSE))) AS is_outside,
        f.line_full_selfpay, f.line_over_cap, f.line_pre_selfpay, f.line_in_scope,
        f.pre_selfpay_ratio, CASE WHEN f.line_amount < 0 THEN -1 ELSE 1 END AS sign, ABS(f.line_amount) AS amount, ABS(f.quantity) AS quantity,
        CASE WHEN f.price_cap IS NOT NULL AND f.unit_price > f.price_cap THEN f.unit_price - f.price_cap ELSE 0 END AS above
    FROM fee_lines AS f
    JOIN settlements AS s ON s.settlement_id = f.settlement_id
    LEFT JOIN bills AS b ON b.bill_id = s.settlement_id AND b.benefit_year = $year AND b.is_epidemic
    LEFT JOIN temporary_items AS t ON b.bill_id IS NOT NULL AND t.national_item_code = f.national_item_code
        AND t.valid_from <= CAST(f.service_time AS DATE) AND t.valid_to >= CAST(f.service_time AS DATE)
    WHERE s.benefit_year = $year),
over AS (
    SELECT l.*, CASE WHEN l.is_outside THEN 0 ELSE LEAST(l.amount, (l.above * l.quantity + 50000000) // 100000000) END AS over_cap
    FROM lines AS l),
parts AS (
    SELECT o.*, CASE WHEN o.is_outside THEN o.amount ELSE 0 END AS full_selfpay,
        CASE WHEN o.is_outside THEN 0 ELSE ((o.amount - o.over_cap) * o.pre_selfpay_ratio + 5000) // 10000 END AS pre_selfpay
    FROM over AS o)
SELECT p.settlement_id, p.fee_line_no, p.sign * p.full_selfpay - p.line_full_selfpay AS full_selfpay_missing,
    p.sign * p.over_cap - p.line_over_cap AS over_cap_missing, p.sign * p.pre_selfpay - p.line_pre_selfpay AS pre_selfpay_missing
FROM parts AS p
WHERE p.sign * p.full_selfpay <> p.line_full_selfpay OR p.sign * p.over_cap <> p.line_over_cap OR p.sign * p.pre_selfpay <> p.line_pre_selfpay
