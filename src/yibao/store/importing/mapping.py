"""The mapping file: what headings mean that the vocabulary does not know.

表: fee_lines                # the table, where headings alone do not tell
列:
  收费流水: fee_line_no
  金额合计: {列: line_amount, 单位: 万元}
  医院级别: {列: hospital_level, 值: {三甲: "3", 二甲: "2"}}
  备用字段: 不导入
常量:
  险种类型: "310"            # a column that the file does not have, the same in every row
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from yibao.errors import UserError
from yibao.store.importing.headings import Wanted
from yibao.vocabulary.tables import Vocabulary

SKIP = "不导入"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LARGEST = 1 << 20  #: bytes


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """A mapping file as read. `constant`: column → the text that stands for it in every row."""

    path: Path
    table: str = ""
    columns: Mapping[str, Wanted] = field(default_factory=dict)
    constant: Mapping[str, str] = field(default_factory=dict)
    sha256: str = ""


def read_mapping(path: Path, vocabulary: Vocabulary) -> ColumnMapping:
    """UserError where the file is not as above, or names what the vocabulary does not have."""
    try:
        if path.stat().st_size > LARGEST:
            raise UserError(f"映射文件“{path}”太大，不像是映射文件。")
        content = path.read_bytes()
        said = yaml.load(content.decode("utf-8-sig"), Loader=_LOADER) or {}
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"映射文件“{path}”读不出来（{type(error).__name__}）。应是 UTF-8 的文本文件。") from None
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise UserError(f"映射文件“{path}”第 {line} 行格式不对，请检查缩进和冒号。") from None
    if not isinstance(said, dict) or set(said) - {"表", "列", "常量"}:
        raise UserError(f"映射文件“{path}”只能有 表、列、常量 三项。")
    table = str(said.get("表") or "")
    if table:
        table = _table(path, table, vocabulary)
    columns = {str(h): _wanted(path, str(h), w, vocabulary) for h, w in _items(path, said, "列")}
    constant = {_column(path, str(c), vocabulary): str(v) for c, v in _items(path, said, "常量")}
    return ColumnMapping(path, table, columns, constant, hashlib.sha256(content).hexdigest())


def _items(path: Path, said: Mapping[str, Any], part: str) -> list[tuple[Any, Any]]:
    found = said.get(part) or {}
    if not isinstance(found, dict):
        raise UserError(f"映射文件“{path}”的“{part}”下面应是“名称: 内容”的各行。")
    return list(found.items())


def _wanted(path: Path, heading: str, said: Any, vocabulary: Vocabulary) -> Wanted:
    if said == SKIP:
        return Wanted(None)
    if isinstance(said, str):
        return Wanted(_column(path, said, vocabulary))
    if not isinstance(said, dict) or "列" not in said or set(said) - {"列", "单位", "值"}:
        raise UserError(f"映射文件“{path}”里“{heading}”应写成一个列名，或 {{列: …, 单位: …, 值: …}}，或“{SKIP}”。")
    values = said.get("值") or {}
    if not isinstance(values, dict):
        raise UserError(f"映射文件“{path}”里“{heading}”的“值”应是“写法: 代码”的各行。")
    return Wanted(
        _column(path, str(said["列"]), vocabulary),
        str(said.get("单位") or ""),
        {str(k): str(v) for k, v in values.items()},
    )


def _column(path: Path, said: str, vocabulary: Vocabulary) -> str:
    if said in vocabulary.elements:
        return said
    names = [
        name
        for name, element in vocabulary.elements.items()
        if said in (element.label, *element.national, *element.aliases)
    ]
    if len(names) == 1:
        return names[0]
    raise UserError(f"映射文件“{path}”里的列“{said}”{'不止一种意思，请写英文列名' if names else '不在数据字典里'}。")


def _table(path: Path, said: str, vocabulary: Vocabulary) -> str:
    try:
        return vocabulary.table(said).name
    except KeyError:
        raise UserError(f"映射文件“{path}”里的表“{said}”不在数据字典里。") from None
