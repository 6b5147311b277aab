"""Weights and scores printed in headings and prose: "产出指标（分值 40 分，得分 38 分）" (kinds weight_sum, score_sum).

The headings form a tree (checks.points_tree). At every level the parts add up, with no tolerance: scores are exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from yibao.proofread.checks.compare import compared, printed_sum
from yibao.proofread.checks.points_tree import SCORE, WEIGHT, Node, in_brackets, read_points
from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import judge, total
from yibao.proofread.reading import Reading


def run(reading: Reading) -> Iterator[Check]:
    for file in reading.files:
        root = read_points(file, reading)
        yield from _levels(root)
        yield from _same_overall(root)
        yield from _score_within_weight(root)
    for sentences in reading.paragraphs():
        yield from _execution_score(sentences)
        for sentence in sentences:
            yield from _in_one_sentence(sentence)


def _same_overall(root: Node) -> Iterator[Check]:
    """The overall score is one number, however often it is told."""
    for again in root.overall[1:]:
        first = root.overall[0]
        same = again.quantity.value == first.quantity.value
        message = f"自评总得分两处{'均为' if same else '分别为'}{first.quantity.raw}{'' if same else f'和{again.quantity.raw}'}"
        verdict = Verdict.CONSISTENT if same else Verdict.INCONSISTENT
        yield Check(
            "text_vs_text",
            verdict,
            again.evidence,
            again.quantity.raw,
            first.quantity.raw,
            message,
            "",
            (first.evidence,),
            None,
            again.operand,
            (first.operand,),
        )


def _in_one_sentence(sentence: Sentence) -> Iterator[Check]:
    """ "产出指标 50 分，自评 48 分；效益指标 30 分，自评 29 分，合计 77 分": weights and scores in turn, the total last."""
    points = [m for m in sentence.mentions if m.dimension == "score" and not m.quantity.approx]
    if (
        len(points) < 5
        or len(points) % 2 == 0
        or not re.search(r"(?:合计|总计|总分|总得分)(?:为|得|：)?$", points[-1].clause)
    ):
        return
    weights, scores = points[0:-1:2], points[1:-1:2]
    if all(SCORE.search(m.clause) for m in scores) and not any(SCORE.search(m.clause) for m in weights):
        computed = total([m.range for m in scores])
        formula = printed_sum([m.quantity for m in scores])
        yield compared("score_sum", points[-1], computed, scores, formula, name="合计得分")


def _execution_score(sentences: Sequence[Sentence]) -> Iterator[Check]:
    """得分 = 执行率 × 分值, from the unrounded amounts where the paragraph prints them (guide §2.3)."""
    found = [m for s in sentences for m in s.mentions]
    weights = [m for m in found if m.dimension == "score" and (WEIGHT.search(m.clause) or in_brackets(m))]
    scores = [m for m in found if m.dimension == "score" and SCORE.search(m.clause) and m not in weights]
    rates = [m for m in found if m.dimension == "ratio" and "执行率" in m.label and "目标" not in m.clause]
    if len(weights) != 1 or len(scores) != 1 or len(rates) != 1:
        return
    weight, score, rate = weights[0], scores[0], rates[0]
    amounts = [m for m in found if m.dimension == "money" and m.key < rate.key]
    finals = [m for m in amounts if re.search(r"执行|支出|决算", m.clause) and "预算数" not in m.clause]
    budgets = [m for m in amounts if re.search(r"全年预算", m.clause)]
    share = finals[-1].range / budgets[-1].range if finals and budgets and budgets[-1].quantity.base else rate.range
    if judge(rate.quantity, share) is Verdict.INCONSISTENT:
        share = rate.range
    full = weight.range
    computed = share * full if share.value < 1 else full
    verdict = judge(score.quantity, computed)
    if verdict is Verdict.INCONSISTENT and score.quantity.decimals == 0:
        verdict = Verdict.SUSPICIOUS  # scored in whole points: a rule of its own
    yield compared(
        "score_formula",
        score,
        computed,
        [rate, weight],
        f"{rate.quantity.raw}×{weight.quantity.raw}",
        name="预算执行率得分",
        verdict=verdict,
    )


def _levels(node: Node) -> Iterator[Check]:
    parts = [p for c in node.children for p in _pointed(c)]
    fewest = 1 if node.heading else 2
    weights = [c.weight for c in parts if c.weight]
    scores = [c.score for c in parts if c.score]
    if node.weight and len(weights) >= fewest:
        yield _sum("weight_sum", node, node.weight, weights)
    elif node.weight and node.leaf_weights and len(node.leaf_weights) == len(node.leaves) and not _lost_only(node):
        yield _sum("weight_sum", node, node.weight, node.leaf_weights)
    elif (
        node.weight
        and node.leaves
        and not node.leaf_weights
        and node.score
        and node.score.quantity.value == node.weight.quantity.value
    ):
        yield _sum("weight_sum", node, node.weight, node.leaves)  # full marks: the items' scores are their weights
    if node.score and (len(scores) >= fewest or (node.leaves and not scores and not _lost_only(node))):
        yield _sum("score_sum", node, node.score, scores if len(scores) >= fewest else node.leaves)
    for child in node.children:
        yield from _levels(child)


def _lost_only(node: Node) -> bool:
    """Only the items that lost points are told, and they are not all of the heading's."""
    if not node.weight or not node.leaf_weights or len(node.leaf_weights) != len(node.leaves):
        return False
    lost = all(s.quantity.value < w.quantity.value for w, s in zip(node.leaf_weights, node.leaves, strict=True))
    return lost and sum(w.quantity.value for w in node.leaf_weights) < node.weight.quantity.value


def _pointed(node: Node) -> list[Node]:
    """The nearest descendants that carry points: a heading without any passes its children up."""
    if node.weight or node.score:
        return [node]
    return [p for c in node.children for p in _pointed(c)]


def _sum(kind: str, node: Node, own: Mention, terms: Sequence[Mention]) -> Check:
    computed = total([t.range for t in terms])
    name = f"{node.title.partition('（')[0]}{'分值' if kind == 'weight_sum' else '得分'}"
    group = f"points:{own.key[0]}"  # weight and score of one heading break together
    check = compared(kind, own, computed, terms, printed_sum([t.quantity for t in terms]), name=name, group=group)
    silent = [c for c in node.children if not _pointed(c) and not c.applies_not]
    return (
        replace(check, severity=Severity.WARNING)
        if check.weight is Severity.ERROR and silent and not node.leaves
        else check
    )


def _score_within_weight(node: Node) -> Iterator[Check]:
    pairs = [(node.title, node.weight, node.score)]
    if len(node.leaf_weights) == len(node.leaves):
        pairs += [(s.label, w, s) for w, s in zip(node.leaf_weights, node.leaves, strict=True)]
    for name, weight, score in pairs:
        if weight and score and score.quantity.value > weight.quantity.value:
            yield compared("score_sum", score, weight.range, [weight], "分值上限", name=name, cause="得分超过分值")
    for child in node.children:
        yield from _score_within_weight(child)
