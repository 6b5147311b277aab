"""与预算差距较大的支出及原因: a paragraph for each result far from its budget, its reason as the bureau wrote it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from yibao.appraise.deviations import Deviation
from yibao.appraise.forms.printing import scope_name
from yibao.appraise.quotes import NotInBook
from yibao.appraise.report.composed import Paragraph, Run
from yibao.appraise.report.speech import merged, say
from yibao.appraise.report.voice import Voice
from yibao.appraise.report.words import UNWRITTEN, stopped
from yibao.appraise.typed import Key
from yibao.vocabulary.figures import load_figures


def deviation_paragraphs(voice: Voice, templates: Mapping[str, str]) -> Iterator[Paragraph]:
    """Every result far from its budget, with the bureau's reason; `templates` by the basis of what was done."""
    if not voice.appraisal.deviations:
        raise NotInBook("没有与预算差得远的数")
    for number, item in enumerate(voice.appraisal.deviations, 1):
        head, _, tail = _deviation_template(templates[item.done.basis], item).partition("{原因}")
        reason = (Run(stopped(item.reason) if item.reason else UNWRITTEN),)
        yield Paragraph(merged((*say(voice, head), *reason, *say(voice, tail))), item=number)


def _deviation_template(template: str, item: Deviation) -> str:
    """The layout's sentence with the figures of one deviation in its places."""
    label = load_figures().get(item.done.figure).label
    scope = scope_name(item.done.scope, item.done.year)
    done, planned = _quote(item.done), _quote(item.planned)
    filled = {
        "{指标名}": f"{scope} {label}".strip(),
        "{完成名}": item.done.basis_name,
        "{计划名}": item.planned.basis_name,
        "{完成}": f"{{{done}}}",
        "{计划}": f"{{{planned}}}",
        "{两数}": f"{done}, {planned}",
    }
    for place, words in filled.items():
        template = template.replace(place, words)
    return template


def _quote(key: Key) -> str:
    return f"{key.figure}:{key.basis}@{key.year}" + (f"/{key.scope}" if key.scope else "")
