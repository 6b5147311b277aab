"""The words that everything else is written in: figures, the relations between them, budget codes, units.

`figures` is the register (match a label, name a basis), `relations` the identities declared once, `classification` the
functional and economic codes by year, `units` what can be printed after a number. The data are the YAML files beside.
"""
