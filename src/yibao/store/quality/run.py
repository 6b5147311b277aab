"""The rules over a workspace: outcomes with numerator and denominator, the rows at fault, and what may not be made of such rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pyarrow as pa

from yibao.store.quality.rules import Rule, load_rules
from yibao.store.quality.walks import WALKS
from yibao.store.workspace import Workspace

State = Literal["clean", "found", "not_run"]
WALKED = pa.schema(
    [("table_name", pa.string()), ("column_name", pa.string()), ("value", pa.string()), ("row_count", pa.int64())]
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A rule and what it found. `missing`: tables without rows, for which it could not run."""

    rule: Rule
    state: State
    found: int = 0
    of: int = 0
    missing: tuple[str, ...] = ()

    @property
    def blocks(self) -> tuple[str, ...]:
        return self.rule.protects if self.state == "found" and self.rule.severity == "red" else ()


def evaluate(workspace: Workspace, known_at: date, rules: Iterable[Rule] | None = None) -> Iterator[Outcome]:
    """Each rule in turn, all of them where none are said. `known_at`: the day on which the question is asked."""
    there = {name for name in workspace.vocabulary.tables if (m := workspace.manifest(name)) is not None and m.rows}
    for rule in rules if rules is not None else load_rules().rules.values():
        missing = tuple(sorted(tables_of(workspace, rule) - there)) if rule.text else ()
        if missing or not there:
            yield Outcome(rule, "not_run", missing=missing)
            continue
        found, of = _counts(workspace, rule, known_at, there)
        yield Outcome(rule, "found" if found else "clean", found, of)


def blocking(workspace: Workspace, output: str, known_at: date) -> tuple[Outcome, ...]:
    """Red rules that forbid making an output of the workspace's rows as they are; KeyError for an output that nothing declares.

    Rules that could not run are not among them: who needs their tables fails on those tables.
    """
    asked = [rule for rule in load_rules().protecting(output) if rule.severity == "red"]
    return tuple(outcome for outcome in evaluate(workspace, known_at, asked) if outcome.blocks)


def tables_of(workspace: Workspace, rule: Rule) -> set[str]:
    """The tables that a rule reads."""
    if rule.text is None or rule.of is None:
        return set()
    return set(workspace.check(rule.text).tables) | {rule.of.table}


def rows_of(workspace: Workspace, rule: Rule, known_at: date) -> pa.RecordBatchReader:
    """The rows at fault, streamed, in no order."""
    if rule.text is not None:
        return workspace.query(rule.text)
    return pa.RecordBatchReader.from_batches(WALKED, _walk(workspace, rule, known_at))


def _walk(workspace: Workspace, rule: Rule, known_at: date) -> Iterator[pa.RecordBatch]:
    assert rule.each is not None
    for table in workspace.vocabulary.tables.values():
        sql = WALKS[rule.each](table, workspace.vocabulary, rule.left_out)
        if sql and (manifest := workspace.manifest(table.name)) is not None and manifest.rows:
            asked = workspace.query(sql, known_at=known_at) if "$known_at" in sql else workspace.query(sql)
            for batch in asked:
                yield batch.cast(WALKED)


def _counts(workspace: Workspace, rule: Rule, known_at: date, there: set[str]) -> tuple[int, int]:
    """Rows at fault and the rows they are counted against; the rows of a walk each stand for several."""
    if rule.of is not None:
        found = sum(batch.num_rows for batch in rows_of(workspace, rule, known_at))
        return found, workspace.query(rule.of.sql).read_all()["n"][0].as_py()
    found = sum(sum(batch.column("row_count").to_pylist()) for batch in rows_of(workspace, rule, known_at))
    walked = [t for t in workspace.vocabulary.tables.values() if t.name in there and _asks(workspace, rule, t.name)]
    return found, sum(manifest.rows for t in walked if (manifest := workspace.manifest(t.name)) is not None)


def _asks(workspace: Workspace, rule: Rule, table: str) -> bool:
    assert rule.each is not None
    return bool(WALKS[rule.each](workspace.vocabulary.tables[table], workspace.vocabulary, rule.left_out))
