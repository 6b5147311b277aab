"""Sentences as data: text with {figure}, {计算(figure, …)}, {年度}, and [a part that is left out where a figure is missing].

    {年度}年末共有编制{dept.staff.establishment}[，其中行政编制{dept.staff.establishment_admin}]。

Brackets nest. `speech` fills the places; what may stand in one is in `places`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(r"\{[^{}]*\}|[\[\]]|[^{}\[\]]+|[{}]")


@dataclass(frozen=True, slots=True)
class Optional:
    """A part in brackets."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A place in braces."""

    inside: str


Node = str | Filled | Optional


@lru_cache(maxsize=1024)
def parsed(template: str) -> tuple[Node, ...]:
    """The nodes of a template; ValueError for brackets that do not match."""
    stack: list[list[Node]] = [[]]
    for token in _TOKEN.findall(template):
        if token == "[":
            stack.append([])
        elif token == "]":
            if len(stack) == 1:
                raise ValueError(f"“{template}”多一个 ]")
            closed = Optional(tuple(stack.pop()))
            stack[-1].append(closed)
        elif token in "{}":
            raise ValueError(f"“{template}”的大括号没有成对")
        else:
            stack[-1].append(Filled(token[1:-1]) if token[0] == "{" else token)
    if len(stack) > 1:
        raise ValueError(f"“{template}”少一个 ]")
    return tuple(stack[0])


def places(template: str) -> Iterator[str]:
    """What stands in the braces of a template, for tests that every name in a layout is known."""

    def walk(nodes: Iterable[Node]) -> Iterator[str]:
        for node in nodes:
            if isinstance(node, Filled):
                yield node.inside
            elif isinstance(node, Optional):
                yield from walk(node.nodes)

    return walk(parsed(template))
