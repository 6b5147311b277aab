"""The kinds of checks, explained for the bureau's staff: `kinds.yaml` is the text, this is its reader.

>>> load_kinds()["percent_of"].name
'占比'
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from yibao.proofread.findings import Verdict


def _unfold(text: str) -> str:
    """YAML folds lines with a blank between; between two Chinese characters it does not belong."""
    return re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", text)


Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_unfold)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Example(_Part):
    """An invented passage, the computation made with it, and what the proofreader says."""

    text: Sentence
    computation: Sentence
    verdict: Verdict


class Kind(_Part):
    """One kind of check. `group` names one of the groups of `load_groups`."""

    name: Sentence
    group: Sentence
    what: Sentence
    example: Example
    basis: Sentence


class _Catalogue(_Part):
    groups: dict[str, Sentence]
    kinds: dict[str, Kind]


@cache
def _catalogue() -> _Catalogue:
    text = (files("yibao.proofread") / "kinds.yaml").read_text(encoding="utf-8")
    return _Catalogue.model_validate(yaml.safe_load(text))


@cache
def load_kinds() -> Mapping[str, Kind]:
    """Every kind by its id (`percent_of`), in the order of the file."""
    return MappingProxyType(_catalogue().kinds)


@cache
def load_groups() -> Mapping[str, str]:
    """Chinese title of each group of kinds, in the order of the file."""
    return MappingProxyType(_catalogue().groups)


def kind_name(kind: str) -> str:
    """The Chinese name of a kind; the id itself for one that nobody has explained yet."""
    known = load_kinds().get(kind)
    return known.name if known else kind


def find_kind(word: str) -> str | None:
    """The id for what a user typed: an id in any case, or a Chinese name; None where there is no such kind."""
    wanted = word.strip().lower()
    return next((i for i, kind in load_kinds().items() if wanted in (i, kind.name)), None)
