"""YAML as the clerk typed it: every value is the text that stands in the file, and knows its line.

A bare `1997.20` keeps its zero, `2025` stays text until a model asks for a year. References (`*name`) are refused: a
few hundred of them can unfold to gigabytes. Errors: UserError with file and line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from yibao.errors import UserError

LIMIT = 2_000_000  #: bytes of one file
DEEPEST = 20
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
BLANK_MARK = "【待填】"  #: what the template writes where the bureau has to


class Block(dict[str, Any]):
    """A mapping of a file; `lines` has the line of each key, from 1, `line` that of the first."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def line_of(self, path: Sequence[int | str]) -> int:
        """The line of what stands at a path of keys and positions, of its nearest block where it is missing."""
        line, at = self.line, self
        for step in path:
            if isinstance(at, Block):
                line = at.lines.get(str(step), line)
                at = at.get(str(step))  # type: ignore[assignment]
            elif isinstance(at, list) and isinstance(step, int) and step < len(at):
                at = at[step]
            if isinstance(at, Block):
                line = max(line, at.line)
        return line


def read_block(path: Path, shown: str) -> Block:
    """The mapping that a file holds; `shown` is the file's name in messages."""
    text = _text(path, shown)
    try:
        _refuse_traps(text, shown)
        node = yaml.compose(text, Loader=_LOADER)
        content = "" if node is None else _content(node, shown)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise UserError(f"“{shown}”第 {line} 行写法有误（{error.problem}），请改正后再运行。") from error
    except yaml.YAMLError as error:
        raise UserError(f"“{shown}”里有不能识别的字符（{error}），请改正后再运行。") from error
    if content == "":
        raise UserError(f"“{shown}”是空的，请填写，或删去这个文件。")
    if not isinstance(content, Block):
        raise UserError(f"“{shown}”第 1 行应是“名称: 内容”的写法，请照模板改正。")
    return content


def _text(path: Path, shown: str) -> str:
    try:
        if path.stat().st_size > LIMIT:
            raise UserError(f"“{shown}”超过 {LIMIT // 1_000_000} MB，不像是填报的数，没有读取。请检查放错了文件没有。")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"“{shown}”不是 UTF-8 编码，请用 UTF-8 另存后再运行。") from error
    except OSError as error:
        raise UserError(f"“{shown}”打不开（{error.strerror}），请检查文件和权限。") from error


def _refuse_traps(text: str, shown: str) -> None:
    """Looks at the file piece by piece before anything is built from it."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise UserError(f"“{shown}”第 {line} 行用了“*”引用，这里不能用。文字以“*”开头时请加引号。")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise UserError(f"“{shown}”第 {line} 行嵌套太深，请照模板改正。")


def _content(node: yaml.Node, shown: str) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value).strip()
    if isinstance(node, yaml.SequenceNode):
        return [_content(item, shown) for item in node.value]
    block = Block(node.start_mark.line + 1)
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise UserError(f'“{shown}”第 {line} 行：引用一个数要加引号，写成 "{{…}}"。')
        name = str(key.value).strip()
        if name in block:
            raise UserError(f"“{shown}”第 {line} 行的“{name}”写了两次，请只留一个。")
        block.lines[name] = line
        block[name] = _content(value, shown)
    return block


def blanks(content: Any, line: int = 1) -> Iterator[int]:
    """The lines on which the template's mark still stands."""
    if isinstance(content, Block):
        for key, value in content.items():
            if BLANK_MARK in key:
                yield content.lines[key]
            yield from blanks(value, content.lines[key])
    elif isinstance(content, list):
        for item in content:
            yield from blanks(item, line)
    elif BLANK_MARK in content:
        yield line
