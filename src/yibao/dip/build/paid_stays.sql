-- name: paid_stays
-- purpose: 一个年度出院、由 DIP 基金付费的住院：出院当日协议为按病种付费（没有协议的按机构标志），有本地的、不是手工报销的有效结算
-- takes: first_day date, last_day date
SELECT v.visit_id
FROM visits AS v
JOIN settlements AS s ON s.visit_id = v.visit_id
JOIN providers AS p ON p.provider_code = v.provider_code
WHERE v.care_type IN ('21', '22', '23', '24', '52', '92')
    AND CAST(v.discharge_time AS DATE) >= $first_day AND CAST(v.discharge_time AS DATE) <= $last_day
    AND s.is_valid AND NOT s.is_reversal AND s.out_of_area <> '1' AND s.settlement_type <> 'manual'
    AND (EXISTS (SELECT a.agreement_no FROM provider_agreements AS a
                 WHERE a.provider_code = v.provider_code AND a.payment_method = 'dip' AND a.valid_from <= CAST(v.discharge_time AS DATE)
                     AND COALESCE(a.valid_to, CAST(v.discharge_time AS DATE)) >= CAST(v.discharge_time AS DATE))
         OR (p.is_dip AND NOT EXISTS (SELECT b.agreement_no FROM provider_agreements AS b WHERE b.provider_code = v.provider_code)))
GROUP BY v.visit_id
ORDER BY v.visit_id ASC NULLS LAST
