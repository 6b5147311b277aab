"""Pages: one for the region, one a hospital; each a file of its own that needs nothing from elsewhere and prints on A4.

`pictures` makes shapes of yibao.charts from what was watched; `blocks` are what a page consists of; `region` and `hospital` compose them.
"""
