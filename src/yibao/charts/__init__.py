"""图: values with their labels in, an SVG for a page or a PNG for a report out. Knows nothing of what is measured.

Start with `shapes`: the kinds of picture as plain data, each with its words for who cannot see it (`alt`).
`draw` turns a shape into bytes, the same ones every time; `house` is the style that all of them share; `columns`, `against`, `parts`,
`curves`, `differences` and `standings` write the specification of one kind each. Altair, vl-convert and the fonts are imported by `draw` when a
picture is drawn, not before: without them `available()` is False and nothing else changes.
"""
