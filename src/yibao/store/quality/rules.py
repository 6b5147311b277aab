"""The rules as declared in rules.yaml, each with its text; ValueError where a declaration contradicts itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from yibao.store.sql.text import Text, load_texts
from yibao.vocabulary.tables import Column, Vocabulary

Severity = Literal["red", "yellow"]
Walk = Literal["open_codes", "future_dates"]
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Of(BaseModel):
    """What the rows at fault are counted against."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    where: str = ""
    months: str = ""

    @property
    def sql(self) -> str:
        counted = f"COUNT(DISTINCT YEAR({self.months}) * 12 + MONTH({self.months}))" if self.months else "COUNT(*)"
        return f"SELECT {counted} AS n FROM {self.table}" + (f" WHERE {self.where}" if self.where else "")


class Rule(BaseModel):
    """A rule; `text` gives the rows at fault, or `each` asks every table."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    id: str
    label: str
    severity: Severity
    protects: tuple[str, ...]
    message: str
    of: Of | None = None
    each: Walk | None = None
    left_out: tuple[str, ...] = Field(default=(), alias="except")
    text: Text | None = None


class Named(BaseModel):
    """A column of a text that is no data element: its label, and the element whose kind and unit it has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    like: str


class Rules(BaseModel):
    """All rules, and the outputs that they protect with their Chinese names."""

    model_config = ConfigDict(frozen=True)

    outputs: Mapping[str, str]
    columns: Mapping[str, Named]
    rules: Mapping[str, Rule]

    def column(self, name: str, vocabulary: Vocabulary) -> Column:
        """What a column of a text is, for whoever prints it."""
        if named := self.columns.get(name):
            return Column(name=name, element=vocabulary.elements[named.like].model_copy(update={"label": named.label}))
        return Column(name=name, element=vocabulary.elements[name])

    def protecting(self, output: str) -> tuple[Rule, ...]:
        """KeyError for an output that nothing declares: a gate that is asked for a wrong name must not stand open."""
        if output not in self.outputs:
            raise KeyError(output)
        return tuple(rule for rule in self.rules.values() if output in rule.protects)


@lru_cache(maxsize=1)
def load_rules() -> Rules:
    """The rules as shipped (tests read and run them all)."""
    said = yaml.load(files("yibao.store.quality").joinpath("rules.yaml").read_text(encoding="utf-8"), Loader=_LOADER)
    texts = load_texts("yibao.store.quality")
    rules = {
        name: Rule.model_validate({**rule, "id": name, "text": texts.get(name)}) for name, rule in said["rules"].items()
    }
    found = Rules(outputs=said["outputs"], columns=said["columns"], rules=rules)
    if strange := [
        *(set(texts) - set(rules)),
        *(o for r in rules.values() for o in r.protects if o not in found.outputs),
    ]:
        raise ValueError(f"rules.yaml and its texts differ: {', '.join(sorted(strange))}")
    for rule in rules.values():
        if (rule.text is None) == (rule.each is None) or (rule.text is None) != (rule.of is None):
            raise ValueError(f"{rule.id} needs a text and a denominator, or a walk")
    return found
