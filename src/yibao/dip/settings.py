"""How a pack's rows are read: everything in which cities differ, declared. The defaults of an edition stand in editions/."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from yibao.errors import UserError
from yibao.region.rules import Value

Kind = Literal["conservative", "diagnostic", "therapeutic", "surgery"]
KINDS: tuple[Kind, ...] = ("conservative", "diagnostic", "therapeutic", "surgery")  #: by rank
KIND_NAMES: dict[str, str] = {
    "conservative": "保守治疗",
    "diagnostic": "诊断性操作",
    "therapeutic": "治疗性操作",
    "surgery": "相关手术",
}
LAYER_NAMES: dict[str, str] = {
    "XQ": "先期分组",
    "BX": "并项",
    "FZ": "诊断辅助细分",
    "JC": "基本",
    "core": "核心病种",
    "primary": "基层病种",
    "comprehensive": "综合病种",
    "last": "保底组",
}
EDITIONS = ("1.0", "2.0", "3.0")
Choice = Literal[
    "exact",
    "matched",
    "related",
    "main",
    "full_code",
    "kind",
    "surgery_score",
    "max_score",
    "closest_cost",
    "table_order",
    "tie",
]


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Layer(Strict):
    """How the rows of one layer are held against a stay."""

    #: kind: a row is a category and a kind of treatment (综合病种), not a set of operations
    by: Literal["operations", "kind"] = "operations"
    #: required: a row's operations must contain the main one; free: any operations will do
    main: Literal["required", "free"] = "required"
    #: when a row without operations is entered: the stay has none, the stay counts as conservative (1.0, 2.0), or no row with operations fits
    no_operation: Literal["none", "conservative", "always"] = "none"
    #: specific: rows of the more specific key come first; together: all rows of all keys compete
    keys: Literal["specific", "together"] = "specific"
    choose: tuple[Choice, ...] = ("tie",)


class Separators(Strict):
    either: str = "|"
    both: str = "+"


class Settings(Strict):
    """The settings of a pack. Guide dip §3.1, §5, §6, §12."""

    source: str = ""
    national_groups: dict[str, int] = Field(default_factory=dict)
    order: tuple[str, ...]  #: layers, or "layer kind", in the order in which they are tried
    layers: dict[str, Layer]
    separators: Separators = Separators()
    layer_words: dict[str, str] = Field(
        default_factory=dict
    )  #: what a catalogue writes for a layer: {"2": comprehensive}
    xq_main_required: Literal["noted", "always", "never"] = "noted"
    excluded_dx_match: Literal["exact", "prefix"] = "exact"
    dagger_key_mode: Literal["both", "plain_only"] = "both"
    code_system: str = (
        ""  #: 济宁, 泰安: in which system records are written that do not say; its map leads to the pack's own
    )
    next_main: Literal["any", "in_order"] = "any"
    tie_order: tuple[Literal["max_score", "closest_cost", "table_order"], ...] = ("table_order",)
    kind_of: Literal["main", "highest", "first"] = "main"
    interventional: Literal["surgery", "therapeutic"] = "surgery"
    procedure_prefix: bool = False  #: operations of three or four digits in the catalogue stand for all that begin so
    comprehensive_fallback: Literal["none", "conservative"] = "none"
    conservative_below_level: int = (
        0  #: 宜昌: conservative operations count as none below this level only; 0: whatever the level
    )
    surgery_left_over: Literal["ignore", "comprehensive"] = "ignore"  #: 宜昌: core leaves a surgery unused → 综合 first
    tb_resistant: tuple[str, ...] = ()
    excluded_diagnoses: tuple[str, ...] = ()
    ventilation: dict[str, str] = Field(default_factory=dict)  #: operation → hours that it stands for: ">=96" or "<96"

    @model_validator(mode="after")
    def _hold_together(self) -> Settings:
        """ValueError (Chinese) where one setting contradicts another, or is left empty."""
        for layer, kind in self.steps():
            if layer not in self.layers or kind not in ("", *KINDS):
                raise ValueError(f"order 里的“{layer} {kind}”应是 layers 里的一层，可带 {'、'.join(KINDS)} 之一")
        if odd := [word for word, layer in self.layer_words.items() if layer not in self.layers]:
            raise ValueError(f"layer_words 的“{odd[0]}”应指 layers 里的一层")
        if not self.order:
            raise ValueError("order 是空的")
        if empty := [name for name, layer in self.layers.items() if not layer.choose]:
            raise ValueError(f"layers 里“{empty[0]}”的 choose 是空的")
        if not self.tie_order:
            raise ValueError("tie_order 是空的")
        if not self.separators.either or self.separators.either == self.separators.both or not self.separators.both:
            raise ValueError("separators 的 either 和 both 应是两个不同的符号")
        if odd := [hours for hours in self.ventilation.values() if not re.fullmatch(r">=\d+|<\d+", hours)]:
            raise ValueError(f"ventilation 的“{odd[0]}”应写成 >=96 或 <96")
        return self

    def steps(self) -> tuple[tuple[str, str], ...]:
        """Layer and kind of each step, the kind empty for any."""
        return tuple((layer, kind) for layer, _, kind in (step.partition(" ") for step in self.order))


@lru_cache(maxsize=8)
def edition_defaults(edition: str) -> dict[str, Any]:
    """The shipped settings of an edition; UserError for a stranger."""
    if edition not in EDITIONS:
        raise UserError(f"没有“{edition}”这个版本，--edition 只能是 1.0、2.0 或 3.0。")
    text = files("yibao.dip").joinpath(f"editions/{edition}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def choice_said(said: Value) -> tuple[str, ...]:
    """The rules of a region's dip.choice as a pack calls them; the region's value says where it is wrong."""
    rules = said.value if isinstance(said.value, list | tuple) else ("",)
    found = tuple({"matched_codes": "matched"}.get(str(rule), str(rule)) for rule in rules)
    if not set(found) <= set(get_args(Choice)):
        known = "、".join(("matched_codes", *(word for word in get_args(Choice) if word != "matched")))
        raise said.error("dip.choice", f"应是一个列表，各项是 {known} 之一，现在是“{said.value}”")
    return found
