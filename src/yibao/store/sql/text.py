"""Texts as files: one step or rule a file, with a head that says what it is for, what it takes and what it writes.

    -- name: refunds_by_provider
    -- purpose: 每家机构一段时间内的退费
    -- takes: first_day date, last_day date
    -- given: ranks(identity_type text, rank number)
    -- writes: audit_findings
    SELECT …

`takes` gives kinds: number, text, flag, date, time. `given` names rows that come with the call, with their columns. `writes` names a declared table whose columns the text gives, exactly; without
it the rows are for whoever asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import cast, get_args

from yibao.store.sql.functions import Kind
from yibao.store.sql.grammar import TextRefused
from yibao.store.sql.kinds import KIND_NAMES
from yibao.store.sql.query import Query, check, shape_of
from yibao.vocabulary.tables import Vocabulary

_HEAD = re.compile(r"--\s*(name|purpose|takes|given|writes):\s*(.*?)\s*")
_GIVEN = re.compile(r"([a-z_][a-z0-9_]*)\(([^)]*)\)")
_NEEDED = ("name", "purpose")


@dataclass(frozen=True, slots=True)
class Text:
    """A file's SQL and head; `line` is where the SQL begins in the file."""

    name: str
    purpose: str
    takes: Mapping[str, Kind]
    given: Mapping[str, Mapping[str, Kind]]
    writes: str | None
    sql: str
    file: str
    line: int

    def checked(self, vocabulary: Vocabulary) -> Query:
        """TextRefused names file, line and column; also where the columns are not those of the table that it writes."""
        shapes = {name: shape_of(table) for name, table in vocabulary.tables.items()}
        query = check(self.sql, {**shapes, **self.given}, self.takes, self.file, self.line)
        if self.writes is not None:
            _refuse_other_columns(self, query, vocabulary)
        return query


def load_text(path: Traversable) -> Text:
    """One file, its head read; `checked` then holds it against a vocabulary."""
    head: dict[str, str] = {}
    lines = path.read_text(encoding="utf-8").splitlines()
    at = 0
    while at < len(lines) and (found := _HEAD.fullmatch(lines[at])):
        if found[1] in head:
            raise TextRefused(f"“{path.name}”第 {at + 1} 行：{found[1]} 写了两次。")
        head[found[1]] = found[2]
        at += 1
    if absent := [name for name in _NEEDED if not head.get(name)]:
        raise TextRefused(f"“{path.name}”的开头缺少“-- {absent[0]}: …”一行。")
    takes = dict(_parameter(part.strip(), path.name) for part in head.get("takes", "").split(",") if part.strip())
    given = {
        found[1]: dict(_parameter(part.strip(), path.name) for part in found[2].split(","))
        for found in _GIVEN.finditer(head.get("given", ""))
    }
    sql = "\n".join(lines[at:]) + "\n"
    return Text(head["name"], head["purpose"], takes, given, head.get("writes") or None, sql, path.name, at + 1)


def load_texts(package: str) -> dict[str, Text]:
    """Every .sql file beside the modules of a package, by name."""
    texts = [load_text(path) for path in _sql_files(files(package))]
    return {text.name: text for text in texts}


def _sql_files(folder: Traversable) -> Iterator[Traversable]:
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if path.is_dir():
            yield from _sql_files(path)
        elif path.name.endswith(".sql"):
            yield path


def _parameter(said: str, file: str) -> tuple[str, Kind]:
    name, _, kind = said.partition(" ")
    if kind.strip() not in get_args(Kind):
        raise TextRefused(f"“{file}”的参数“{said}”应写成“名字 类型”，类型有 {'、'.join(get_args(Kind))}。")
    return name, cast(Kind, kind.strip())


def _refuse_other_columns(text: Text, query: Query, vocabulary: Vocabulary) -> None:
    if text.writes not in vocabulary.tables:
        raise TextRefused(f"“{text.file}”要写的表 {text.writes} 没有声明。")
    wanted = shape_of(vocabulary.tables[text.writes])
    if absent := [name for name in wanted if name not in query.columns]:
        raise TextRefused(f"“{text.file}”缺少表 {text.writes} 的列 {'、'.join(absent)}。")
    for name, kind in query.columns.items():
        if name not in wanted:
            raise TextRefused(f"“{text.file}”给出的列 {name} 不在表 {text.writes} 里。")
        if kind != wanted[name]:
            said = f"是{KIND_NAMES[kind]}，表 {text.writes} 里是{KIND_NAMES[wanted[name]]}"
            raise TextRefused(f"“{text.file}”给出的列 {name} {said}。")
