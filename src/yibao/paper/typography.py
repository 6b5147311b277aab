"""Page and type after GB/T 9704, read from typography.yaml; the fonts' stand-ins for machines that do not have them."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Margins(_Data):
    """Millimetres; `footer` is measured from the paper's edge."""

    top: int
    bottom: int
    left: int
    right: int
    footer: int


class Page(Margins):
    width: int
    height: int


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
    spacing: float = 0  #: points between characters, negative where they stand closer
    bold: bool = False
    keep: bool = False  #: stays with the next paragraph


class Typography(_Data):
    page: Page
    form_page: Margins
    form_size: float
    line: float
    latin: str
    fonts: dict[str, Font]
    styles: dict[str, Type]


@lru_cache(maxsize=1)
def typography() -> Typography:
    text = files("yibao.paper").joinpath("typography.yaml").read_text(encoding="utf-8")
    return Typography.model_validate(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
