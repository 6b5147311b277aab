"""Building a city's catalogue from three years of stays, and comparing two catalogues (guide dip §4, §7, §8; ADR 0015).

`run.py` is the whole way: `terms.py` the numbers of the region, `given.py` the user's lists, `read.py` and `count.py` the stays, cleaned
and counted, `combine.py` which combinations stand alone, `groups.py` and `measure.py` what each group costs and scores, `splits.py`
辅助分型, `institutions.py` proposed coefficients, `packed.py` the pack, `again.py` the same stays through it, `report.py` what a bureau
looks at before it signs. `compare.py` groups one year by two packs, `compared.py` tells it.
"""
