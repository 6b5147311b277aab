"""The texts beside this package, read once; each is checked when it is asked and run by the parity suite on both engines."""

from __future__ import annotations

from collections.abc import Mapping

from yibao.store.sql.text import Text, load_texts

TEXTS: Mapping[str, Text] = load_texts("yibao.settle")
