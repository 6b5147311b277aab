"""The words that everything else is written in: figures, the relations between them, budget codes, units, standard tables.

`figures` is the register (match a label, name a basis), `relations` the identities declared once, `classification` the
functional and economic codes by year, `units` what can be printed after a number, `tables` the standard tables that domains
meet in (`dictionary` prints them). The data are the YAML files beside.
"""
