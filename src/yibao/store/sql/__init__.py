"""The portable subset of SQL (docs/adr/0004): one text, checked when it is loaded, rendered for each engine.

grammar     text → tree, every node with its place
allowed     the allow-list of syntax as data, and why the rest is left out
subset      a text held against it
names       tables and columns held against the vocabulary
kinds       what each expression is: whole number, text, flag, date, time; nothing is compared or added across kinds
grouping    what may stand beside an aggregate
functions   our own few functions and the guarded division, for each engine
query       these in a row: `check` a text, `render` it
text        texts as files, with what they take and write
"""
