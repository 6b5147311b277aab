"""按病种分值付费（DIP）: which group (病种) a stay is in and why, what it is paid, what the city made of it, and what a year shows.

A rule pack is data (`pack`, read and written by `packing`, ADR 0015); `settings`, `codes` and `expressions` are what its rows are made
of, `choose` says which pack holds on a day. The rooms, in the order of the work:

importing   files of a catalogue → a pack
build       three years of stays → a pack; two packs over one year
grouping    a stay or a year of stays by a pack, with the trace; writes dip_groupings
auxiliary   辅助分型: what else of a stay changes its pay
pay         points, months, clearings, what is owed (ADR 0016)
verify      the city's sheets beside ours
watch       a year watched, indicators for audit
packs       the packs that ship
"""
