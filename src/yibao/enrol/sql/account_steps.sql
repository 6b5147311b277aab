-- name: account_steps
-- purpose: 一年里结算前后账户余额与本人账户支付不符的结算，以及共济支付大于账户支付、账户支付没有余额的结算
-- takes: first_day date, last_day date
SELECT s.settlement_id, s.person_no, CAST(s.settlement_time AS DATE) AS settled_on, s.is_reversal, s.account_balance_before, s.account_pay, s.account_family_pay,
    s.account_balance_after
FROM settlements AS s
WHERE s.is_valid AND CAST(s.settlement_time AS DATE) >= $first_day AND CAST(s.settlement_time AS DATE) <= $last_day
    AND (s.account_balance_before - (s.account_pay - s.account_family_pay) <> s.account_balance_after
        OR ((s.account_balance_before IS NULL OR s.account_balance_after IS NULL) AND s.account_pay <> s.account_family_pay)
        OR ABS(s.account_family_pay) > ABS(s.account_pay) OR s.account_family_pay < 0 AND s.account_pay > 0 OR s.account_family_pay > 0 AND s.account_pay < 0
        OR s.account_balance_after < 0)
ORDER BY s.settlement_id NULLS LAST
