"""待遇结算: reads visits, fee lines, people and the region's benefit plans; writes what every visit pays and who owes whom.

Tables in: visits, fee_lines, enrolments, identities, settlements (of the platform). Tables out: computed_settlements, payables.
One kernel (`kernel.py`) computes every benefit; `compile.py` makes its arrays from plans (ADR 0014).
"""
