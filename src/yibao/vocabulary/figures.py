"""The register of figures: one name for everything that a bureau's documents count (data: figures.yaml).

`Register.match` reads a label (the noun phrase before a number, or the label of a table row) as prefix + synonym +
tail and says which figure it names. It would rather say None than name the wrong one: a wrong name makes two correct
numbers contradict each other. The year and the basis (年初预算, 决算 …) are not part of a figure: see `basis_of`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from yibao.vocabulary.data import shipped_yaml
from yibao.vocabulary.labels import Basis, Phrasebook, normal
from yibao.vocabulary.units import UNITS

NEAR = 2  #: headings that a `near` reading looks up
_FAR = 1_000_000  #: distance of a figure that asks for no words around it


class Reading(BaseModel):
    """One way to recognise a figure: names, and the words that must or must not stand around them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    synonyms: tuple[str, ...] = ()  #: distinctive names, good after any prefix
    alone: tuple[str, ...] = ()  #: names that are only safe after neutral words
    within: tuple[str, ...] = ()  #: one of these in the label or the headings above
    also: tuple[str, ...] = ()  #: and one of these
    without: tuple[str, ...] = ()  #: none of these in the label
    outside: tuple[str, ...] = ()  #: none of these in the headings above
    near: bool = False  #: `within` counts in the label and the two innermost headings only


class Figure(BaseModel):
    """A figure: what is measured, in which unit, over which period, by which clock."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    label: str
    unit: str
    domain: str
    period: Literal["year", "year_end", "moment"] = "year"
    clock: Literal["occurred", "settled", "posted"] | None = None
    role: Literal["amount", "rate", "count"] = "amount"
    counters: tuple[str, ...] = ()  #: other counters than `unit` that people write
    readings: tuple[Reading, ...]

    @property
    def synonyms(self) -> tuple[str, ...]:
        """Every name of the figure, over all its readings."""
        return tuple(dict.fromkeys(name for r in self.readings for name in (*r.synonyms, *r.alone)))

    def measured_in(self, dimension: str) -> bool:
        """Can a number of that dimension (see `units`) be this figure? 元 and 万元 are one dimension, 起 is not 人.

        >>> load_figures().get("audit.cases").measured_in("起"), load_figures().get("audit.cases").measured_in("money")
        (True, False)
        """
        return any(UNITS[symbol].dimension == dimension for symbol in (self.unit, *self.counters))


@dataclass(frozen=True, slots=True)
class _Name:
    """A synonym in the index, normalised, with what it needs around it."""

    text: str
    figure: Figure
    alone: bool
    within: tuple[str, ...]
    also: tuple[str, ...]
    without: tuple[str, ...]
    outside: tuple[str, ...]
    near: bool

    def distance(self, label: str, context: Sequence[str]) -> int | None:
        """How far the nearest required word stands (0 = in the label); None where the name does not apply."""
        if any(word in label for word in self.without) or any(w in line for line in context for w in self.outside):
            return None
        found = _FAR
        for words, reach in ((self.within, NEAR if self.near else len(context)), (self.also, len(context))):
            if not words:
                continue
            near = _nearest(words, label, context, reach)
            if near is None:
                return None
            found = min(found, near)
        return found


def _nearest(words: tuple[str, ...], label: str, context: Sequence[str], reach: int) -> int | None:
    if any(word in label for word in words):
        return 0
    for step in range(1, min(reach, len(context)) + 1):
        if any(word in context[-step] for word in words):
            return step
    return None


class Register:
    """All figures, and the index by the last characters of their names."""

    def __init__(self, figures: Iterable[Figure], phrases: Phrasebook) -> None:
        self.figures: tuple[Figure, ...] = tuple(figures)
        self.phrases = phrases
        self._by_id = {figure.id: figure for figure in self.figures}
        if len(self._by_id) != len(self.figures):
            raise ValueError("figures.yaml declares an id twice")
        self._index: dict[str, list[_Name]] = {}
        for name in _names(self.figures):
            self._index.setdefault(name.text[-2:], []).append(name)
        for names in self._index.values():
            names.sort(key=lambda n: -len(n.text))
        self._remember = lru_cache(maxsize=4096)(self._find)

    def __contains__(self, figure_id: object) -> bool:
        return figure_id in self._by_id

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.figures)

    def get(self, figure_id: str) -> Figure:
        """The figure of that id; KeyError for an id that is not declared."""
        return self._by_id[figure_id]

    def match(self, label: str, context: Sequence[str] = ()) -> Figure | None:
        """The figure that a label names, None where no name fits or two fit equally well.

        `context` holds the headings, captions and subjects above the label, outermost first: the nearest decides
        between figures of one name. Signs, blanks, quotes and brackets do not matter.

        >>> register = load_figures()
        >>> register.match("其中：公务接待费支出决算").id
        'dept.three_public.reception'
        >>> register.match("当期结余率", ["城乡居民基本医疗保险基金情况"]).id
        'fund.resident.rate.balance'
        >>> register.match("比上年减少公务接待费") is None
        True
        """
        return self._remember(label, tuple(context))

    def _find(self, label: str, context: tuple[str, ...]) -> Figure | None:
        around = tuple(map(normal, context))
        for text in self.phrases.clean(label):
            figure = self._best(text, around)
            if figure is not None:
                return figure
        return None

    def _best(self, text: str, context: tuple[str, ...]) -> Figure | None:
        best: list[tuple[_Rank, Figure]] = []
        for end in self.phrases.cuts(text):
            for name in self._index.get(text[max(0, end - 2) : end], ()):
                if best and -len(name.text) > best[0][0][0]:
                    break  # shorter than what is found
                if not text.endswith(name.text, 0, end) or not self._stands(name, text, end - len(name.text)):
                    continue
                distance = name.distance(text, context)
                if distance is not None:
                    best = _keep(best, ((-len(name.text), len(text) - end, distance), name.figure))
        return best[0][1] if best and all(figure is best[0][1] for _, figure in best) else None

    def _stands(self, name: _Name, text: str, start: int) -> bool:
        if self.phrases.broken(text, start, start + len(name.text)):
            return False
        return not name.alone or self.phrases.is_neutral(text[:start], name.figure.domain)


_Rank = tuple[int, int, int]  #: the longest name wins, then the shortest tail, then the nearest words


def _keep(best: list[tuple[_Rank, Figure]], found: tuple[_Rank, Figure]) -> list[tuple[_Rank, Figure]]:
    """The better of two; equals stay side by side."""
    if not best or found[0] < best[0][0]:
        return [found]
    return [*best, found] if found[0] == best[0][0] else best


def _names(figures: Iterable[Figure]) -> Iterator[_Name]:
    for figure in figures:
        for r in figure.readings:
            around = [tuple(map(normal, words)) for words in (r.within, r.also, r.without, r.outside)]
            for alone, names in ((False, r.synonyms), (True, r.alone)):
                for text in dict.fromkeys(map(normal, names)):
                    yield _Name(text, figure, alone, around[0], around[1], around[2], around[3], r.near)


def basis_of(words: str) -> Basis | None:
    """What kind of amount a label or header speaks of: the longest basis word decides, the later of equals.

    >>> basis_of("全年预算数"), basis_of("一般公共预算财政拨款支出决算"), basis_of("编制数")
    ('adjusted', 'final', None)
    """
    return load_figures().phrases.basis(words)


_PARTS = ("synonyms", "alone", "within", "also", "without", "outside")


@lru_cache(maxsize=1)
def load_figures() -> Register:
    """The shipped register, read once."""
    data = shipped_yaml("figures.yaml")
    lines = [*data["figures"], *(line for family in data["families"] for line in _expand(family))]
    readings: dict[str, list[Reading]] = {}
    heads: list[dict[str, Any]] = []
    for line in lines:
        body = dict(line)
        target = body.pop("reading_of", None)
        reading = {part: body.pop(part) for part in (*_PARTS, "near") if part in body}
        if target is None:
            target = body["id"]
            domain = body.setdefault("domain", target.partition(".")[0])
            heads.append({**data["defaults"].get(domain, {}), **body})
        readings.setdefault(target, []).append(Reading.model_validate(reading))
    figures = [Figure.model_validate({**head, "readings": readings.pop(head["id"])}) for head in heads]
    if readings:
        raise ValueError(f"figures.yaml: readings of unknown figures {sorted(readings)}")
    return Register(figures, Phrasebook.model_validate({key: data[key] for key in Phrasebook.model_fields}))


def _expand(family: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One line per member and figure of a family: ids, labels and names filled in, conditions added up."""
    for member in family["members"]:
        for line in family["figures"]:
            full: dict[str, Any] = {**family["defaults"], **line}
            stem = family["id"].format(key=member["key"])
            full["id"] = f"{stem}.{line['id']}" if line["id"] else stem
            full["label"] = member["name"] + line["label"]
            for part in ("synonyms", "alone"):
                full[part] = [n.format(word=w) for n in line.get(part, ()) for w in (member.get("words") or [""])]
            for part in ("within", "also", "without", "outside"):
                full[part] = [w for source in (family["defaults"], family, member, line) for w in source.get(part, ())]
            yield full
