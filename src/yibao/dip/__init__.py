"""按病种分值付费（DIP）: reads rule packs and stays; says the group (病种) of each stay, and why.

Tables in: visits, visit_diagnoses, visit_operations, persons. Tables out: dip_groupings.
A pack is data (`pack.py`, ADR 0015); one engine reads any of them: `codes.py` normalises, `plans.py` finds the rows that a main
diagnosis can reach, `match.py` holds a row against a stay, `group.py` walks the layers and keeps the trace.
"""
