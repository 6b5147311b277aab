"""A value and the label that stands at it: what every picture is made of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Mark:
    """A value and its label."""

    value: Decimal
    label: str


def with_thousands(label: str) -> str:
    """A printed number with its thousands set apart, as columns of large numbers are read.

    >>> with_thousands("366954"), with_thousands("-1138.21"), with_thousands("9.54"), with_thousands("—")
    ('366,954', '-1,138.21', '9.54', '—')
    """
    whole, point, rest = label.partition(".")
    digits = whole.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        return label
    return f"{whole.removesuffix(digits)}{int(digits):,}{point}{rest}"
