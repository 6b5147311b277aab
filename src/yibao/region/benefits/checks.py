"""What is wrong with the benefit parameters of a pack, found when it is loaded: each with file and line."""

from __future__ import annotations

from collections.abc import Iterator

from yibao.errors import UserError
from yibao.region.benefits.bounds import KIND, bound
from yibao.region.benefits.groups import GROUPS, ORDER, check_groups, check_identities, declared
from yibao.region.benefits.knobs import SCHEMES, is_benefit, key, looks_like_benefit
from yibao.region.benefits.rivals import undecided
from yibao.region.benefits.values import read
from yibao.region.pack import Pack
from yibao.region.rules import Value


def problems(pack: Pack) -> Iterator[UserError]:
    """The mistakes in a pack's own benefit parameters and bounds, in the order in which they are written."""
    for name, values in pack.parameters.items():
        for value in values:
            try:
                _check(pack, name, value)
            except ValueError as error:
                yield value.error(name, str(error))
    yield from undecided(pack.parameters)
    for rule in pack.own_rules:
        try:
            _ = bound(rule) if rule.kind == KIND else None
        except UserError as error:
            yield error


def _check(pack: Pack, name: str, value: Value) -> None:
    if is_benefit(name):
        read(key(name).knob, value.value, declared(pack, value.valid_from))
    elif looks_like_benefit(name):
        raise ValueError(f"没有“{name.split('.')[0]}”这个险种，可用的有：{'、'.join(SCHEMES)}")
    elif name == GROUPS:
        check_groups(value.value)
    elif name == ORDER:
        check_identities(value.value)
