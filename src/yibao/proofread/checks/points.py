"""Weights and scores printed in headings and prose: "产出指标（分值 40 分，得分 38 分）" (kinds weight_sum, score_sum).

The headings form a tree. At every level the parts add up, with no tolerance: scores are exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from yibao.proofread.checks.compare import compared, printed_sum
from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.outline import Heading
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import judge, total
from yibao.proofread.reading import FileReading, Reading

_WEIGHT = re.compile(r"(?:分值|权重|满分|总分值|标准分|总分)(?:为|是|共|：)?$")
_SCORE = re.compile(r"(?:得分|得|自评分?|自评为|评分|评价得分|自评得分|实得分?)(?:为|是|共|：)?$")
_LEAF = re.compile(
    r"(?:此项|该项|本项|此指标|该指标|本指标)(?:指标)?(?:自评|得分|得|自评得分|评分|实得)?(?:得分)?(?:为|：)?$"
)
_OF_ONE = re.compile(r"[该此本](?:项|指标)|指标分值")
_FULL_MARK = re.compile(r"(?<!自评)(?<!评价)总分值?(?:为|是|：)?$|满分(?:为|：)?$")
_OVERALL = re.compile(r"(?:自评|评价|综合|最终|总)(?:总)?(?:得分|分数|评分|分)(?:为|是|：)?$|总得分(?:为|：)?$")


UNNUMBERED = (
    99  #: level of a line that carries points like a heading but has no number: "数量指标（分值 33 分，得分 32 分）"
)
_UNNUMBERED = re.compile(r"[\u4e00-\u9fff]{2,12}（[^（）。]{0,8}分值?[^（）。]{1,20}分）")
_SPOKEN = re.compile(  #: the same without brackets: "质量指标，分值 31 分，自评得分 30 分。"
    r"[\u4e00-\u9fff]{2,8}指标[，：]?(?:分值|权重)[^，。；]{1,8}分[，；][^，。；]{0,6}(?:自评|得)[^，。；]{1,10}分。?"
)


@dataclass
class Node:
    """A heading with its points, what stands under it, and the items scored in its prose ("（分值 8 分，得分 7 分）")."""

    heading: Heading | None
    block: int = -1
    weight: Mention | None = None
    score: Mention | None = None
    children: list[Node] = field(default_factory=list)
    overall: list[Mention] = field(default_factory=list)
    leaf_weights: list[Mention] = field(default_factory=list)
    leaves: list[Mention] = field(default_factory=list)

    @property
    def applies_not(self) -> bool:
        """ "经济效益指标（不适用）": no points are due."""
        return self.heading is not None and bool(re.search(r"不适用|无|/", self.heading.title))

    @property
    def title(self) -> str:
        return self.heading.title if self.heading else "总分"


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


def read_points(file: FileReading, reading: Reading) -> Node:
    """The tree of headings that carry points; its root holds the overall weight and score."""
    blocks: dict[int, list[Sentence]] = {}
    for s in reading.sentences:
        if s.place.file == file.source.path and s.place.table is None:
            blocks.setdefault(s.block - file.offset, []).append(s)
    root = Node(None)
    stack: list[tuple[int, Node]] = [(-1, root)]
    headings = {h.block: h for h in file.outline.headings}
    for i in range(len(file.source.blocks)):
        heading = headings.get(i)
        if heading is not None and heading.style != "declared":
            while len(stack) > 1 and stack[-1][0] >= heading.level:
                stack.pop()
            node = Node(heading, block=file.offset + i)
            stack[-1][1].children.append(node)
            stack.append((heading.level, node))
        elif i in file.norms and _is_unnumbered(file.norms[i].text):
            while stack[-1][0] == UNNUMBERED:
                stack.pop()
            text = file.norms[i].text
            node = Node(Heading(i, "unnumbered", None, "", text, True, len(text)), block=file.offset + i)
            stack[-1][1].children.append(node)
            stack.append((UNNUMBERED, node))
        told = blocks.get(i, [])
        if stack[-1][0] == UNNUMBERED and not any(m.dimension == "score" for s in told for m in s.mentions):
            stack.pop()  # a line without a number has no section: its items stand right below it
        for sentence in told:
            _collect(sentence, stack[-1][1], root)
    return root


def _is_unnumbered(text: str) -> bool:
    return any(p.fullmatch(text) for p in (_UNNUMBERED, _SPOKEN))


def _collect(sentence: Sentence, node: Node, root: Node) -> None:
    own_block = node.heading is not None and sentence.block == node.block
    pair = _scored_item(sentence)
    if pair and own_block and not node.weight:
        node.weight, node.score = pair
        return
    if pair and not own_block and (node.weight or not _speaks_of(node, sentence, pair[0])):
        node.leaf_weights.append(pair[0])
        node.leaves.append(pair[1])
        return
    for m in sentence.mentions:
        if m.dimension != "score" or m.quantity.approx:
            continue
        words = m.clause.rstrip("\"'")
        item = m.depth > 0 and not (own_block and node.weight is None)
        if _LEAF.search(words) or (item and _SCORE.search(words) and node.leaf_weights):
            node.leaves.append(m)
        elif _FULL_MARK.search(words) and m.quantity.value > (90 if "分值" in words else 99):
            root.weight = m if root.weight is None else root.weight
        elif _OVERALL.search(words) and m.quantity.value > 20 and not _OF_ONE.search(sentence.text):
            root.overall.append(m)
            root.score = m if root.score is None else root.score
        elif item and _WEIGHT.search(words):
            node.leaf_weights.append(m)
        elif node.heading is None:
            continue  # points before any heading belong to nothing that adds up
        elif _WEIGHT.search(words):
            node.weight = m if node.weight is None else node.weight
        elif _SCORE.search(words):
            node.score = m if node.score is None else node.score
        elif own_block and node.weight is None and m.depth and re.fullmatch(r"(?:共|计)?", words):
            node.weight = m  # "产出指标（40分）"


def _scored_item(sentence: Sentence) -> tuple[Mention, Mention] | None:
    """The weight and the score of a sentence that tells one item: "待遇支付及时率，已完成，分值 6 分，自评得分 5 分。" """
    points = [m for m in sentence.mentions if m.dimension == "score"]
    if (
        len(points) != 2
        or any(m.quantity.approx or m.quantity.value >= 100 for m in points)
        or "执行率" in sentence.text
    ):
        return None
    weight, score = points
    weighed = _WEIGHT.search(weight.clause) or _in_brackets(weight)
    return (weight, score) if weighed and _SCORE.search(score.clause) else None


def _in_brackets(m: Mention) -> bool:
    """ "预算执行率（10 分）": a bare number of points behind a name is its weight."""
    return m.depth > 0 and not m.clause


def _speaks_of(node: Node, sentence: Sentence, weight: Mention) -> bool:
    """The sentence gives the points of the heading that it stands under: "本项分值 63 分，自评得分 59.54 分。" """
    named = sentence.text[: weight.quantity.start].strip("（，：")
    named = re.sub(r"^[该此本]?(?:项|指标)*|(?:的?(?:指标)?(?:分值|权重))?(?:为|：)?$", "", named)
    return not named or (node.heading is not None and named in node.heading.title)


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
    if all(_SCORE.search(m.clause) for m in scores) and not any(_SCORE.search(m.clause) for m in weights):
        computed = total([m.range for m in scores])
        formula = printed_sum([m.quantity for m in scores])
        yield compared("score_sum", points[-1], computed, scores, formula, name="合计得分")


def _execution_score(sentences: Sequence[Sentence]) -> Iterator[Check]:
    """得分 = 执行率 × 分值, from the unrounded amounts where the paragraph prints them (guide §2.3)."""
    found = [m for s in sentences for m in s.mentions]
    weights = [m for m in found if m.dimension == "score" and (_WEIGHT.search(m.clause) or _in_brackets(m))]
    scores = [m for m in found if m.dimension == "score" and _SCORE.search(m.clause) and m not in weights]
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
