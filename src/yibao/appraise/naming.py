"""What a clerk writes in front of a number: an id or a name of the register, a basis, a year."""

from __future__ import annotations

import re
from difflib import get_close_matches

from yibao.vocabulary.figures import Figure, basis_of, load_figures
from yibao.vocabulary.labels import Basis, normal

SHOWN = 6  #: candidates in a message
_BASES: frozenset[Basis] = frozenset(("initial", "added", "adjusted", "budget", "final", "target", "actual"))
_YEAR = re.compile(r"(19|20)\d\d(?=年|\s|$)")


def figure_named(words: str, context: tuple[str, ...] = ()) -> Figure:
    """The figure that an id, a label or another name of the register means; ValueError that lists what it could be.

    >>> figure_named("dept.expense.public").label, figure_named("公用经费控制率").id
    ('公用经费', 'dept.rate.public_control')
    """
    register = load_figures()
    if words in register:
        return register.get(words)
    labelled = [figure for figure in register if normal(figure.label) == normal(words)]
    if len(labelled) == 1:
        return labelled[0]
    found = register.match(words, context)
    if found is not None:
        return found
    near = candidates(words)
    if not near:
        raise ValueError(f"指标表里没有“{words}”")
    listed = "、".join(f"{figure.label}（{figure.id}）" for figure in near)
    raise ValueError(f"“{words}”不能确定是哪个指标，可能是：{listed}；请写其中一个的编号")


def candidates(words: str) -> list[Figure]:
    """Figures with such a name, then those whose label looks like it."""
    text = normal(words)
    register = load_figures()
    named = [figure for figure in register if text in {normal(n) for n in (figure.label, *figure.synonyms)}]
    holding = [figure for figure in register if len(text) > 1 and text in normal(figure.label)]
    by_label = {normal(figure.label): figure for figure in register}
    alike = [by_label[label] for label in get_close_matches(text, by_label, n=SHOWN, cutoff=0.6)]
    return list({figure.id: figure for figure in (*named, *holding, *alike)}.values())[:SHOWN]


def basis_named(words: str, figure: Figure) -> Basis:
    """The basis that words or the register's own term mean; what was done is `final` for every figure.

    >>> basis_named("2025年预算数", figure_named("公用经费")), basis_named("", figure_named("编制"))
    ('budget', 'final')
    """
    if not words and figure.role != "amount":
        return "final"
    basis: Basis | None = next((b for b in _BASES if b == words), None) or basis_of(words)
    if basis is None:
        raise ValueError(
            f"“{figure.label}”的口径“{words}”不认识，应是年初预算、调整追加、全年预算、预算、决算、目标、实际之一"
        )
    return "final" if basis == "actual" else basis


def year_in(words: str) -> int | None:
    """The year that a column's heading names.

    >>> year_in("2024年决算数"), year_in("决算")
    (2024, None)
    """
    found = _YEAR.search(words)
    return int(found.group()) if found else None
