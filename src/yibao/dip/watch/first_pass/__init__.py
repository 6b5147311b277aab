"""清单质控: is a stay's list good enough to be grouped and paid by, at first sight? Rules as data (rules.yaml, *.sql), run for a year.

A rule gives the visits at fault, either from a text or from a flag of the grouping. A rule whose tables are empty is not run, which is never a pass.
"""
