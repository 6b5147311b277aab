"""What pydantic finds wrong with a file that people write, in Chinese."""

from __future__ import annotations

from pydantic import ValidationError

_SAID = {
    "missing": "没有填写",
    "extra_forbidden": "不认识这一项",
    "literal": "不在允许的取值之内",
    "int": "应是整数",
    "decimal": "应是一个数",
    "bool": "应是 true 或 false",
    "date": "应是日期，如 2025-01-01",
    "string": "应是文字",
    "list": "应是一个列表",
    "tuple": "应是一个列表",
    "dict": "应是“名称: 内容”的写法",
    "mapping": "应是“名称: 内容”的写法",
    "model": "应是“名称: 内容”的写法",
    "greater": "不合要求，太小",
    "less": "不合要求，太大",
}  #: by the kind of error, or the beginning of its name


def complaint(error: ValidationError) -> str:
    """The first item at fault, places in lists counted from 1, and what is wrong with it.

    >>> from pydantic import BaseModel
    >>> class Model(BaseModel): scale: int
    >>> try: Model.model_validate({"scale": "abc"})
    ... except ValidationError as error: complaint(error)
    'scale 应是整数'
    """
    first = error.errors()[0]
    kind = first["type"]
    own = first["msg"].removeprefix("Value error, ") if kind == "value_error" else "不合要求"
    said = _SAID.get(kind) or _SAID.get(kind.partition("_")[0], own)
    item = ".".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"])
    return f"{item} {said}" if item else said
