"""Waiting periods and incentives of the whole county: the records of each person through the pure rules, into standard tables.

An open year is computed whole: running it again replaces the tables, and says which settlements a changed raise touches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import pyarrow as pa

from yibao.enrol.history import History, histories
from yibao.enrol.incentives import IncentiveRule, cap_raise, continuous_years, events, incentive_rules
from yibao.enrol.rules import Book, Window, window
from yibao.enrol.texts import TEXTS
from yibao.enrol.waiting import WaitingRule, waiting_of, waiting_rule
from yibao.errors import UserError
from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace
from yibao.vocabulary.tables import load_tables

READS = ("contributions", "enrolments", "identities", "persons", "settlements")


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the contribution records go."""

    first_year: int
    last_year: int
    last_day: date


def reach(workspace: Workspace) -> Reach:
    """UserError where there are no contributions: nobody's years can be counted."""
    row = workspace.query(TEXTS["records_reach"]).read_all().to_pylist()[0]
    if not row["contribution_rows"]:
        raise UserError("缴费记录（contributions）还没有数据，不能计算。请先导入：yibao import 缴费记录文件。")
    return Reach(row["first_year"], row["last_year"], row["last_day"])


def count_waiting(workspace: Workspace, book: Book, on: date) -> int:
    """Write `benefit_waiting` for every benefit year since the rule began; the rows written."""
    reached = reach(workspace)
    begins = book.count("enrol.waiting.counted_from", on)
    years = range(max(begins, reached.first_year), reached.last_year + 1)
    rules = {year: (waiting_rule(book, year), window(book, year)) for year in years}
    schema = _schema("benefit_waiting")
    fn = partial(_waiting_rows, rules=rules, reaches_from=reached.first_year, source=book.sources, schema=schema)
    return _write(workspace, "benefit_waiting", fn, schema, on, "yibao enrol waiting")


def count_incentives(workspace: Workspace, book: Book, on: date) -> tuple[int, int]:
    """Write `enrolment_events` and `cap_raises`; the rows of each."""
    reached = reach(workspace)
    rules = incentive_rules(book, on)
    schema = _schema("enrolment_events")
    log = _write(
        workspace,
        "enrolment_events",
        partial(_event_rows, rules=rules, reaches_from=reached.first_year, on=on, schema=schema),
        schema,
        on,
        _INCENTIVE,
    )
    schema = _schema("cap_raises")
    fn = partial(_raise_rows, rules=rules, reaches_from=reached.first_year, on=on, source=book.sources, schema=schema)
    return log, _write(workspace, "cap_raises", fn, schema, on, _INCENTIVE)


_INCENTIVE = "yibao enrol incentive"


def _write(workspace: Workspace, table: str, fn: Any, schema: pa.Schema, on: date, command: str) -> int:
    rows = workspace.apply(
        TEXTS["person_years"], "person_no", ("insurance_type", "benefit_year", "identity_type"), fn, schema, known_on=on
    )
    produced = workspace.produced(command, READS, on=on.isoformat())
    return workspace.write(table, rows, produced, publish_equal=False).rows


def _schema(table: str) -> pa.Schema:
    return arrow_schema(load_tables().tables[table])


def _waiting_rows(
    groups: pa.Table,
    rules: Mapping[int, tuple[WaitingRule, Window]],
    reaches_from: int,
    source: str,
    schema: pa.Schema,
) -> pa.Table:
    def rows(history: History) -> Iterator[tuple[Any, ...]]:
        for year, paid in history.resident.items():
            if year in rules:
                w = waiting_of(rules[year][0], history, year, rules[year][1])
                head = (history.person_no, year, paid.first_paid, w.in_window, w.broken_years, w.repaired_years)
                yield (*head, w.exemption, w.months, w.starts, source)

    return _table((row for history in histories(groups, reaches_from) for row in rows(history)), schema)


def _event_rows(
    groups: pa.Table, rules: Mapping[int, IncentiveRule], reaches_from: int, on: date, schema: pa.Schema
) -> pa.Table:
    found = (
        (history.person_no, e.year, e.kind, e.effective, e.day, e.amount, e.source)
        for history in histories(groups, reaches_from)
        for e in events(rules, history, on)
    )
    return _table(found, schema)


def _raise_rows(
    groups: pa.Table, rules: Mapping[int, IncentiveRule], reaches_from: int, on: date, source: str, schema: pa.Schema
) -> pa.Table:
    def rows(history: History) -> Iterator[tuple[Any, ...]]:
        log = list(events(rules, history, on))
        for year in history.resident:
            if year in rules:
                raised = cap_raise(rules[year], log, year, on)
                yield history.person_no, year, continuous_years(log, year), rules[year].cap, raised, source

    return _table((row for history in histories(groups, reaches_from) for row in rows(history)), schema)


def _table(rows: Iterator[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table([pa.array(c, field.type) for c, field in zip(columns, schema, strict=True)], schema=schema)
