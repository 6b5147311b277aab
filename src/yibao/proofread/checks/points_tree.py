"""The headings that carry points, as a tree, and the items scored below them (read by checks.points and checks.indicators).

Points are told in many ways: "产出指标（分值 40 分，得分 38 分）", "质量指标，分值 31 分，自评得分 30 分。", "…（9 分，得 9 分）".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from yibao.proofread.outline import Heading
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.reading import FileReading, Reading

WEIGHT = re.compile(r"(?:分值|权重|满分|总分值|标准分|总分)(?:为|是|共|：)?$")
SCORE = re.compile(r"(?:得分|得|自评分?|自评为|评分|评价得分|自评得分|实得分?)(?:为|是|共|：)?$")
_LEAF = re.compile(
    r"(?:此项|该项|本项|此指标|该指标|本指标)(?:指标)?(?:自评|得分|得|自评得分|评分|实得)?(?:得分)?(?:为|：)?$"
)
_OF_ONE = re.compile(r"[该此本](?:项(?!目)|指标)|指标分值")
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
    if own_block and node.weight is None and (items := _scored_items(sentence)):
        node.leaf_weights.extend(weight for weight, _ in items)
        node.leaves.extend(score for _, score in items)
        return
    pair = _scored_item(sentence)
    if pair and own_block and not node.weight:
        node.weight, node.score = pair
        return
    if pair and not own_block and (node.weight or not _speaks_of(node, sentence, pair[0])):
        node.leaf_weights.append(pair[0])
        node.leaves.append(pair[1])
        return
    for m in sentence.mentions:
        if m.dimension != "score" or m.quantity.approx or m.previous:
            continue
        words = m.clause.rstrip("\"'")
        item = m.depth > 0 and not (own_block and node.weight is None)
        if _LEAF.search(words) or (item and SCORE.search(words) and node.leaf_weights):
            node.leaves.append(m)
        elif _FULL_MARK.search(words) and m.quantity.value > (90 if "分值" in words else 99):
            root.weight = m if root.weight is None else root.weight
        elif _OVERALL.search(words) and m.quantity.value > 20 and not _OF_ONE.search(sentence.text):
            root.overall.append(m)
            root.score = m if root.score is None else root.score
        elif item and WEIGHT.search(words):
            node.leaf_weights.append(m)
        elif node.heading is None or (own_block and node.leaves and node.weight is None):
            continue  # points before any heading belong to nothing that adds up, points behind listed items to one of them
        elif WEIGHT.search(words):
            node.weight = m if node.weight is None else node.weight
        elif SCORE.search(words):
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
    weighed = WEIGHT.search(weight.clause) or in_brackets(weight)
    return (weight, score) if weighed and SCORE.search(score.clause) else None


def _scored_items(sentence: Sentence) -> list[tuple[Mention, Mention]]:
    """The items of a sentence that tells several: "项目立项（8 分），得 8 分；绩效目标（6 分），得 4.5 分"."""
    points = [m for m in sentence.mentions if m.dimension == "score"]
    pairs = list(zip(points[::2], points[1::2], strict=False))
    if len(pairs) < 2 or len(points) % 2 or "其中" in sentence.text:
        return []
    told = all(in_brackets(weight) and SCORE.search(score.clause) for weight, score in pairs)
    return pairs if told and all("；" in weight.lead for weight, _ in pairs[1:]) else []


def in_brackets(m: Mention) -> bool:
    """ "预算执行率（10 分）": a bare number of points behind a name is its weight."""
    return m.depth > 0 and not m.clause and not m.previous


def _speaks_of(node: Node, sentence: Sentence, weight: Mention) -> bool:
    """The sentence gives the points of the heading that it stands under: "本项分值 63 分，自评得分 59.54 分。" """
    named = sentence.text[: weight.quantity.start].strip("（，：")
    named = re.sub(r"^[该此本]?(?:项|指标)*|(?:的?(?:指标)?(?:分值|权重))?(?:为|：)?$", "", named)
    return not named or (node.heading is not None and named in node.heading.title)
