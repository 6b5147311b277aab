"""纸: Word pages and the bytes of Office files, for everything that is printed. Knows nothing of what is said on them.

Two manners of page. An official one after GB/T 9704: `typography` (its types, read from typography.yaml), `page` (paper, page numbers,
fonts with their stand-ins), `line` (a paragraph in one of the types). A plain one of A4 in 宋体, for listings and statements: `plain`.
`grid` makes tables for both; `archive` makes the bytes of a file depend on its content alone.
"""
