"""辅助分型: after the group, what else of a stay changes its pay: comorbidity, severity, age, days of intensive care (guide dip §7).

Levels are declared (`rules.py`), a stay's facts are columns (`facts.py`), the level of each kind and the one coefficient that
counts, the highest of those hit, are found for all stays at once (`subtype.py`). Nothing here changes a group.
"""
