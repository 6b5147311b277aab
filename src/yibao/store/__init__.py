"""A workspace: the standard tables of one bureau in a folder, and the three verbs over them.

`query` answers a text of the portable subset as a stream of Arrow batches, `apply` runs a Python function over whole groups
of rows in order, `write` sorts, checks and publishes a table. DuckDB works by default, Spark where the settings say so; both
get the same checked text (`yibao.store.sql`). The manifest is the table (docs/adr/0010).

    from yibao.store.workspace import Workspace
    workspace = Workspace.open("county")
    workspace.query("SELECT provider_code, CAST(SUM(line_amount) AS BIGINT) AS total FROM fee_lines GROUP BY provider_code")

This package imports pyarrow and DuckDB only where rows are touched, so that the command line starts without them.
"""
