"""YAML whose mappings know their line, decimals instead of floats: a mistake in a pack is shown in its place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from yibao.errors import UserError

LINE = "__line__"  #: every mapping carries the line it starts on, from 1, under this key
_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_BASE):  # type: ignore[misc]
    """Safe loading only; refuses a key that is written twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _error("键要是一个词", key)
            if key.value in seen:
                raise _error(f"“{key.value}”写了两次", key)
            seen.add(key.value)
        found: dict[Any, Any] = super().construct_mapping(node, deep=True)
        found[LINE] = node.start_mark.line + 1
        return found


def _error(said: str, node: yaml.Node) -> yaml.constructor.ConstructorError:
    return yaml.constructor.ConstructorError(None, None, said, node.start_mark)


def _decimal(loader: _Loader, node: yaml.ScalarNode) -> Decimal:
    try:
        return Decimal(str(node.value).replace("_", ""))
    except InvalidOperation:
        raise _error(f"“{node.value}”不是数", node) from None


def _date(loader: _Loader, node: yaml.ScalarNode) -> date:
    try:
        return date.fromisoformat(str(node.value))
    except ValueError:
        raise _error(f"“{node.value}”不是日期，应写成 2025-01-31", node) from None


_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _date)


def read_located(path: Path) -> Any:
    """The content of a YAML file; UserError with file and line for one that cannot be read."""
    try:
        return yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise UserError(f"地区包文件 {path} 第 {line} 行写法有误（{error.problem}），请改正后再运行。") from error
    except yaml.YAMLError as error:
        raise UserError(f"地区包文件 {path} 不是有效的 YAML（{error}），请改正后再运行。") from error
    except UnicodeDecodeError as error:
        raise UserError(f"地区包文件 {path} 不是 UTF-8 编码，请用 UTF-8 另存后再运行。") from error
    except OSError as error:
        raise UserError(f"地区包文件 {path} 打不开（{error.strerror}），请检查文件和权限。") from error


def without_lines(value: Any) -> Any:
    """The same value with the line numbers taken out."""
    if isinstance(value, dict):
        return {key: without_lines(item) for key, item in value.items() if key != LINE}
    if isinstance(value, list):
        return [without_lines(item) for item in value]
    return value


def read_value(text: str) -> Any:
    """One value as a pack would hold it, decimals exact; yaml.YAMLError for what is none.

    >>> read_value("0.75"), read_value("none"), read_value("[critical, aid]")
    (Decimal('0.75'), 'none', ['critical', 'aid'])
    """
    return without_lines(yaml.load(text, Loader=_Loader))
