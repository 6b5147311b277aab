"""Codes by number: each distinct code of a column is read once, and what follows from it is one array."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from yibao.dip.codes import Code, blank

Ints = np.ndarray[Any, np.dtype[np.int64]]


@dataclass
class Numbered:
    """Codes met so far, numbered: what each means, and the bits that it sets on a stay."""

    read: Any
    bits_of: Any
    numbers: dict[str, int] = field(default_factory=dict)
    codes: list[Code] = field(default_factory=list)
    columns: dict[str, Any] = field(default_factory=dict)

    def encode(self, values: pa.Array) -> Ints:
        """The number of each value; null and what stands for no code are number 0."""
        if not self.codes:
            self._number("")
        encoded = values.fill_null("").dictionary_encode()
        numbers = np.array([self._number(raw) for raw in encoded.dictionary.to_pylist()], np.int64)
        return numbers[encoded.indices.to_numpy(zero_copy_only=False)] if len(values) else np.zeros(0, np.int64)

    def column(self, name: str, value: Callable[[Code], Any], kind: Any) -> Any:
        """One value a code, as an array; worked out for the codes that are new since it was asked last."""
        known = self.columns.get(name)
        done = 0 if known is None else len(known)
        if known is None or done < len(self.codes):
            more = np.empty(len(self.codes) - done, kind)
            more[:] = [value(code) for code in self.codes[done:]]
            known = self.columns[name] = more if known is None else np.concatenate((known, more))
        return known

    def _number(self, raw: str) -> int:
        number = self.numbers.get(raw)
        if number is None:
            number = self.numbers[raw] = 0 if self.codes and blank(raw) else len(self.codes)
            if number == len(self.codes):
                self.codes.append(self.read(raw) if raw else Code("", ""))
        return number
