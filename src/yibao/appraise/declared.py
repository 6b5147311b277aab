"""Models of the folder's files: what a file may hold, and the sentence with file and line where it holds something else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from yibao.appraise.literal_yaml import Block
from yibao.appraise.typed import Source, number
from yibao.errors import UserError


class Declared(BaseModel):
    """A part of a file: only known items, under their Chinese names."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


_COMPLAINTS = {
    "missing": "没有填写",
    "extra_forbidden": "不认识这一项",
    "string_type": '应是一段文字；引用一个数请加引号，写成 "{…}"',
    "string_too_short": "不能是空的",
    "list_type": "应是一个列表，每项以“- ”开头",
    "tuple_type": "应是一个列表，每项以“- ”开头",
    "dict_type": "应是“名称: 内容”的写法",
    "model_type": "应是“名称: 内容”的写法",
    "literal_error": "不在允许的取值之内",
}

YEAR = re.compile(r"(?:19|20)[0-9]{2}")
M = TypeVar("M", bound=BaseModel)


def declared(model: type[M], block: Any, shown: str, line: int = 1) -> M:
    """The block as a model; UserError with file, line and item."""
    try:
        return model.model_validate(block)
    except ValidationError as error:
        first = error.errors()[0]
        at = block.line_of(first["loc"]) if isinstance(block, Block) else line
        item = "".join(f"第 {step + 1} 项" if isinstance(step, int) else f"“{step}”" for step in first["loc"])
        said = _COMPLAINTS.get(first["type"], first["msg"].removeprefix("Value error, "))
        raise UserError(f"“{shown}”第 {at} 行的{item or '内容'}{said}，请改正后再运行。") from error


def _points(text: Any) -> Decimal:
    """Points as they are printed: never negative, nothing but a number."""
    made = number(str(text).removesuffix("分"), "分")
    if made.value < 0:
        raise ValueError("不能是负数")
    return made.value


def _year(text: Any) -> int:
    if not (isinstance(text, str) and YEAR.fullmatch(text)):
        raise ValueError("应是四位数的年度，如 2025")
    return int(text)


def _day(text: Any) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise ValueError("应写成 2026-01-31 这样的日期") from None


def _flag(text: Any) -> bool:
    if text not in ("是", "否"):
        raise ValueError("应写“是”或“否”")
    return bool(text == "是")


def _source(written: Any) -> Any:
    """A source in its short form is the document's name."""
    if not isinstance(written, dict):
        written = {"文件": written}
    extra = set(written) - {"文件", "表", "位置"}
    if extra or not isinstance(written.get("文件"), str) or not written["文件"]:
        raise ValueError("要写明文件，可加表、位置，只有这三项")
    return Source(written["文件"], written.get("表", ""), written.get("位置", ""))


Points = Annotated[Decimal, BeforeValidator(_points)]
Year = Annotated[int, BeforeValidator(_year)]
Day = Annotated[date, BeforeValidator(_day)]
YesNo = Annotated[bool, BeforeValidator(_flag)]
Cited = Annotated[Source, BeforeValidator(_source)]


def listed(sentences: Sequence[str]) -> str:
    """Several sentences of one error, one a line."""
    return "\n".join(f"  · {sentence}" for sentence in sentences)
