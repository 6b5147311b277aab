"""SQL text → tree. The grammar is DuckDB's; what of it we allow is `subset`'s business."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlglot
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import ParseError, SqlglotError
from sqlglot.parsers.duckdb import DuckDBParser

from yibao.errors import UserError

NULLS_SAID = "nulls_said"  #: in the meta of an ORDER BY term: NULLS FIRST or LAST was written


class _Parser(DuckDBParser):
    """Remembers whether an order says where nulls go: the tree alone cannot tell."""

    def _parse_ordered(self, parse_method: Callable[[], exp.Expr | None] | None = None) -> exp.Ordered | None:
        ordered: exp.Ordered | None = super()._parse_ordered(parse_method)
        if ordered is not None:
            before = self._tokens[self._index - 2].text.upper() if self._index > 1 else ""
            ordered.meta[NULLS_SAID] = before == "NULLS"
        return ordered


class Portable(DuckDB):
    """The dialect that texts are read in."""

    Parser = _Parser


class TextRefused(UserError):
    """A text outside the subset, or one that the vocabulary does not know: line, column, reason."""


class Source:
    """A text and what it is called in messages."""

    def __init__(self, sql: str, name: str = "查询语句", first_line: int = 1) -> None:
        self.sql, self.name, self._first_line = sql, name, first_line

    def refusal(self, node: exp.Expr | None, reason: str) -> TextRefused:
        return self.refusal_at(start_of(node) if node is not None else None, reason)

    def refusal_at(self, start: int | None, reason: str) -> TextRefused:
        stop = "" if reason.endswith("？") else "。"
        if start is None:
            return TextRefused(f"“{self.name}”：{reason}{stop}")
        line, column = self.place(start)
        return TextRefused(f"“{self.name}”第 {line} 行第 {column} 列：{reason}{stop}")

    def place(self, start: int) -> tuple[int, int]:
        """Line and column, both from 1, of a character."""
        before = self.sql[:start]
        return before.count("\n") + self._first_line, start - (before.rfind("\n") + 1) + 1


def parse(source: Source) -> exp.Query:
    """The tree of one SELECT (or UNION of several); TextRefused where it cannot be read."""
    try:
        statements = [tree for tree in sqlglot.parse(source.sql, read=Portable) if tree is not None]
    except ParseError as error:
        said = error.errors[0] if error.errors else {}
        near = f"“{said.get('highlight', '')}”附近" if said.get("highlight") else ""
        place = f"第 {said['line']} 行" if said.get("line") else ""
        raise TextRefused(f"“{source.name}”{place}{near}语法不对，读不懂。") from None
    except SqlglotError:
        raise TextRefused(f"“{source.name}”语法不对，读不懂。") from None
    if len(statements) != 1:
        raise source.refusal(None, "应当只有一条语句")
    if not isinstance(statements[0], exp.Query) or isinstance(statements[0], exp.Subquery):
        raise source.refusal(statements[0], "只能是 SELECT 查询")
    return statements[0]


def start_of(node: exp.Expr) -> int | None:
    """The first character of a node, as far as its leaves know theirs."""
    return min(_starts(node), default=None)


def _starts(node: exp.Expr) -> Iterator[int]:
    for part in node.walk():
        if "start" in part.meta:
            yield part.meta["start"]
