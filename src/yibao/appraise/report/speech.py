"""Templates and the bureau's own words spoken: every place filled, every number beside the key that it prints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from yibao.appraise.quotes import NotInBook
from yibao.appraise.report.composed import Run
from yibao.appraise.report.places import CALLS, WORDS
from yibao.appraise.report.template import Filled, Node, parsed
from yibao.appraise.report.voice import Voice

_CALL = re.compile(r"(?P<name>[^\s(){}]+)\((?P<arguments>[^{}]*)\)")
_LOOSE = re.compile(r"[；，、](?=[。；])")  #: what a left-out part leaves before a stop
_PLACE = re.compile(r"(\{[^{}]*\})")


def say(voice: Voice, template: str) -> tuple[Run, ...]:
    """The sentence; NotInBook where a figure that it needs is missing, ValueError for a template that is wrong."""
    runs = tuple(
        run if run.is_figure else replace(run, text=_LOOSE.sub("", run.text))
        for run in merged(_said(voice, parsed(template)))
    )
    if not any(c.isalnum() for run in runs for c in run.text) and any(c.isalnum() for c in template):
        raise NotInBook(f"“{template}”里的数一个也没有")
    return merged(runs)


def quoted(voice: Voice, words: str) -> tuple[Run, ...]:
    """Words of the bureau's own: places are filled, square brackets are characters. ValueError with a Chinese reason."""
    pieces = _PLACE.split(words)
    if any("{" in piece or "}" in piece for piece in pieces[::2]):
        raise ValueError("大括号没有成对，引用应写成 {指标}")
    return merged(run for i, p in enumerate(pieces) for run in (filled(voice, p[1:-1]) if i % 2 else (Run(p),)))


def _said(voice: Voice, nodes: Iterable[Node]) -> Iterator[Run]:
    for node in nodes:
        if isinstance(node, str):
            yield Run(node)
        elif isinstance(node, Filled):
            yield from filled(voice, node.inside)
        else:
            try:
                yield from list(_said(voice, node.nodes))
            except NotInBook:
                continue


def filled(voice: Voice, inside: str) -> Iterator[Run]:
    """What a place in braces says."""
    inside = inside.strip()
    call = _CALL.fullmatch(inside)
    if inside in voice.own:
        own = voice.own[inside]
        if own is None:
            raise NotInBook(f"没有{inside}")
        yield own
    elif inside in WORDS:
        yield Run(WORDS[inside](voice))
    elif call is not None and call["name"] in CALLS:
        yield from CALLS[call["name"]](voice, [a.strip() for a in re.split("[,，]", call["arguments"]) if a.strip()])
    else:
        typed = voice.typed(inside)
        yield Run(typed.number.printed, key=typed.key)


def merged(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Neighbouring plain runs as one, empty ones left out."""
    found: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        last = found[-1] if found else None
        if last is not None and not last.is_figure and not run.is_figure and last.bold == run.bold:
            found[-1] = replace(last, text=last.text + run.text)
        else:
            found.append(run)
    return tuple(found)
