"""The demo county: a synthetic region whose people, hospitals and money behave like those of a real county.

Nothing in it is real: people, firms, hospitals and drug codes are invented, the area code belongs to no place. Reads a seed, a
scale and a file of plants (what somebody did, planted on purpose); writes the standard tables and, beside them, the truth
about the plants. Imports no domain.

The story is `generate.py`: the land and its people first, then each block of people lives its years (visits, fee lines,
settlement) on its own random streams, then the tables are told from what happened. docs/adr/0012 says why.
"""
