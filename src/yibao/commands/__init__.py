"""One module a family of commands; `yibao.cli` registers them. What a command needs of pyarrow, DuckDB and the rest it imports when it runs."""
