"""A stay by a pack: the group (病种), and why.

Tables in: visits, visit_diagnoses, visit_operations, persons, icu_stays, fee_lines where a pack asks. Tables out: dip_groupings.
`cases` reads a stay; `plans` finds the rows that a main diagnosis can reach, `remainder` cuts off what cannot change the group, `match`
holds a row against a stay, `between` decides between rows that fit, `decide` walks the layers; `group` is all of it for one stay,
`bulk` and `batch` for many, `run` for a workspace. `trace`, `way`, `explain` and `what_if` say why.
"""
