"""One settlement at a time: a request is tried (nothing is stored) or settled (a row is added); a reversal is a row of its own.

    request   what a request may say, checked; amounts of benefits are never taken from it
    ledger    the person's settled year, what a new bill gives after it, and the rows that are added (live_settlements)
    entries   the two doors: presettle and settle, each request once; closed years
    reversal  the last one first; out of order only through a list of all later ones that somebody approved

Earlier settlements count as they were paid, also where the rules have changed since.
"""
