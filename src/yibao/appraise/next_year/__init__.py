"""`yibao appraise new DIR --from LAST`: a new year's folder from last year's.

Carried over: the bureau, its layout and formulas, its texts, the indicators with their weights and targets. What was
this year's result becomes last year's value. Everything that belongs to one year (figures, dates, results, scores) is
left blank, choices and their reasons are not carried, and what still names an older year is pointed out (`leftovers`).
"""
