"""Page and type after GB/T 9704, read from typography.yaml; the fonts' stand-ins for machines that do not have them."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Page(_Data):
    """Millimetres; `lines` × `characters` fit between the margins; `footer` is measured from the paper's edge."""

    width: int
    height: int
    top: int
    bottom: int
    left: int
    right: int
    lines: int
    characters: int
    footer: int


class Font(_Data):
    name: str
    fallbacks: tuple[str, ...]


class Type(_Data):
    """How a kind of paragraph is set: points; `indent` and `right` in characters; `line` None for the usual one."""

    font: str
    size: float
    line: float | None = None
    align: Literal["left", "center", "right", "both"] = "both"
    indent: int = 0
    right: int = 0
    bold: bool = False
    keep: bool = False  #: stays with the next paragraph


class Typography(_Data):
    page: Page
    line: float
    latin: str
    fonts: dict[str, Font]
    styles: dict[str, Type]


@lru_cache(maxsize=1)
def typography() -> Typography:
    text = files("yibao.appraise.report").joinpath("typography.yaml").read_text(encoding="utf-8")
    return Typography.model_validate(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
