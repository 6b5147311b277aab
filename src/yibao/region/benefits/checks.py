"""What is wrong with the benefit parameters of a pack, found when it is loaded: each with file and line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yibao.errors import UserError
from yibao.region.benefits.cells import Groups
from yibao.region.benefits.knobs import IDENTITY_GROUPS, IDENTITY_ORDER, is_benefit, key
from yibao.region.benefits.values import read
from yibao.region.benefits.words import IDENTITIES, read_word
from yibao.region.pack import Pack
from yibao.region.rules import Value


def problems(pack: Pack) -> Iterator[UserError]:
    """The mistakes in a pack's own benefit parameters, in the order in which they are written."""
    for name, values in pack.parameters.items():
        for value in values:
            try:
                if is_benefit(name):
                    read(key(name).knob, value.value, groups_of(pack, value))
                elif name == IDENTITY_GROUPS:
                    _groups(value.value)
                elif name == IDENTITY_ORDER:
                    _identities(value.value)
            except ValueError as error:
                yield value.error(name, str(error))


def groups_of(pack: Pack, value: Value) -> Groups:
    """The groups of identities that hold when a value begins."""
    found = pack.find(IDENTITY_GROUPS, on=value.valid_from)
    return {} if found is None else {name: frozenset(of) for name, of in _groups(found.value).items()}


def _groups(written: Any) -> dict[str, list[str]]:
    if not isinstance(written, dict):
        raise ValueError("应写成 {名称: [身份, …], …}")
    for name, identities in written.items():
        _identities(identities)
        try:
            read_word(str(name), {})
        except ValueError:
            continue
        raise ValueError(f"“{name}”已经是条件词，身份组请另起名称")
    return written


def _identities(written: Any) -> None:
    if not isinstance(written, list):
        raise ValueError("应写成身份的列表")
    if strange := [word for word in written if word not in IDENTITIES]:
        raise ValueError(f"没有“{strange[0]}”这种身份，可写：{'、'.join(IDENTITIES)}")
