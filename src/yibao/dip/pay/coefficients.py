"""Institution coefficients as a region writes them (guide dip F5): a number, or a base with its bonuses.

>>> coefficients({"3": "1.2", "H1": {"base": "1.0", "bonus": {"重点专科": "0.03", "儿科": "0.02"}}})
{'3': Decimal('1.2'), 'H1': Decimal('1.05')}
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter


class Parts(BaseModel):
    """基本系数 and 加成系数, each bonus by its name; they are added up."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base: Annotated[Decimal, Field(gt=0)]
    bonus: Mapping[str, Decimal]


def _together(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    parts = Parts.model_validate(value)
    return sum(parts.bonus.values(), parts.base)


Coefficient = Annotated[Decimal, BeforeValidator(_together), Field(gt=0)]
_ALL = TypeAdapter(dict[str, Coefficient])


def coefficients(values: Any) -> dict[str, Decimal]:
    """What a region wrote, each put together; pydantic's ValidationError where it is written otherwise."""
    return _ALL.validate_python(values)
