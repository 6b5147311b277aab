"""待遇结算: reads visits, fee lines, people and the region's benefit plans; writes what every visit pays and who owes whom.

Tables in: visits, fee_lines, persons, enrolments, identities, providers, settlements (of the platform), payments.
Tables out: bills, computed_settlements, settlement_differences, live_settlements, closed_years, resettlements, payables.
One kernel (`kernel.py`) computes every benefit; `compile.py` makes its arrays from plans (ADR 0014).

    run  verify          a year of bills; the platform's results held against the rules
    explain/             one bill, step by step; the one-stop statement
    live/                one request at a time; reversals; closed years
    resettle  payables   what a late notice changes; who owes whom, when, how much of it is paid
"""
