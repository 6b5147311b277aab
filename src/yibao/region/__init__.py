"""What a notice can change: dated, sourced, layered rules and parameters.

`packs` loads folders of YAML and answers for a place and a date; `formulas` gives the versions of a named rate;
`scoring` gives the marks of an indicator. Packs that ship: cn (national defaults), cn-43 湖南, cn-4306 岳阳, cn-4309 益阳, cn-9904 the example.
"""
