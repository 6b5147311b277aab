"""Waiting periods and incentives of the whole county: the records of each person through the pure rules, into standard tables.

An open year is computed whole: running it again replaces the tables, and says which settlements a changed raise touches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

import pyarrow as pa

from yibao.enrol.history import History, histories
from yibao.enrol.incentives import Event, IncentiveRule, cap_raise, continuous_years, events, incentive_rules
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
    reached, asked = reach(workspace), book.fresh()
    begins = asked.count("enrol.waiting.counted_from", on)
    years = range(max(begins, reached.first_year), reached.last_year + 1)
    rules = {year: (waiting_rule(asked, year), window(asked, year)) for year in years}
    book.also(asked)
    schema = _schema("benefit_waiting")
    fn = partial(_waiting_rows, rules=rules, reaches_from=reached.first_year, source=asked.sources, schema=schema)
    return _write(workspace, "benefit_waiting", fn, schema, on, "yibao enrol waiting")


def count_incentives(workspace: Workspace, book: Book, on: date) -> tuple[int, int]:
    """Write `enrolment_events` from the records, then `cap_raises` from the events; the rows of each."""
    reached, asked = reach(workspace), book.fresh()
    rules = incentive_rules(asked, on)
    book.also(asked)
    schema = _schema("enrolment_events")
    fn = partial(_event_rows, rules=rules, reaches_from=reached.first_year, on=on, schema=schema)
    log = _write(workspace, "enrolment_events", fn, schema, on, _INCENTIVE)
    schema = _schema("cap_raises")
    raised = partial(_raise_rows, rules=rules, on=on, source=asked.sources, schema=schema)
    order = ("benefit_year", "incentive_event")
    found = workspace.apply(TEXTS["events_of_persons"], "person_no", order, raised, schema, known_on=on)
    produced = workspace.produced(_INCENTIVE, ["enrolment_events"], on=on.isoformat())
    return log, workspace.write("cap_raises", found, produced, publish_equal=False).rows


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
    groups: pa.Table, rules: Mapping[int, IncentiveRule], on: date, source: str, schema: pa.Schema
) -> pa.Table:
    """A row for each year that a person was insured in time, from his events."""
    columns = ("person_no", "benefit_year", "incentive_event", "effective_year", "event_date", "raise_amount")

    def rows() -> Iterator[tuple[Any, ...]]:
        every = zip(*(groups[name].to_pylist() for name in columns), strict=True)
        for person, found in groupby(every, key=itemgetter(0)):
            log = [Event(y, kind, effective, day, amount, "") for _, y, kind, effective, day, amount in found]
            for year in (event.year for event in log if event.kind == "continuous"):
                raised = cap_raise(rules[year], log, year, on)
                yield person, year, continuous_years(log, year), rules[year].cap, raised, source

    return _table(rows(), schema)


def _table(rows: Iterator[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table([pa.array(c, field.type) for c, field in zip(columns, schema, strict=True)], schema=schema)
