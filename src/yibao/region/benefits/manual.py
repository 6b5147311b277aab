"""The tables of words and knobs for docs/政策包.md: `python -m yibao.region.benefits.manual` writes them into the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from yibao.region.benefits.knobs import CARES, COMPONENTS, FUNDS, KNOBS, LAYERS, SCHEMES, Knob, Of
from yibao.region.benefits.words import table

PAGE = Path(__file__).parents[4] / "docs" / "政策包.md"
_PARTS: dict[Of, str] = {"care": "就诊类别", "layer": "统筹之后的层次", "scheme": "险种"}
_MARK = re.compile(r"(<!-- 表：(\w+) -->\n).*?(<!-- 表完 -->)", re.DOTALL)


def words() -> Iterator[str]:
    """Every word of a condition."""
    yield from _table(
        ("说的是", "词", "中文写法"),
        [(about or "都不符合时", f"`{word}`", chinese) for about, word, chinese in table()],
    )


def names() -> Iterator[str]:
    """What stands before the knob in a key, and what lists may name."""
    rows = [("险种", SCHEMES), ("就诊类别", CARES), ("层次（可另起名称）", LAYERS)]
    listed = [(title, f"`{name}`", said) for title, known in rows for name, said in known.items()]
    listed += [("支付范围、个人账户", f"`{c.name.lower()}`", "、".join(said)) for c, said in COMPONENTS.items()]
    listed += [("基金", f"`{f.name.lower()}`", "、".join(said)) for f, said in FUNDS.items()]
    yield from _table(("哪一栏", "写法", "中文"), listed)


def knobs() -> Iterator[str]:
    """Every knob."""
    rows = [
        (_PARTS[of], f"`{k.name}`", k.label, "必须" if k.required else "", _said(k))
        for of in _PARTS
        for k in KNOBS
        if of in k.of
    ]
    yield from _table(("属于", "项目", "名称", "", "写什么"), rows)


def _said(knob: Knob) -> str:
    """What a knob takes, in a cell of a table."""
    kinds = {"money": "条件表，元", "rate": "条件表，0 至 1", "flag": "条件表，1 或 0", "name": "一个名称"}
    choices = (
        "" if not knob.choices or len(knob.choices) > 6 else "、".join(f"`{n}` {f[0]}" for n, f in knob.choices.items())
    )
    found = [kinds.get(knob.kind, ""), choices, knob.meaning]
    return "；".join(dict.fromkeys(filter(None, found))).replace("|", "\\|")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    yield from ("| " + " | ".join(row) + " |" for row in rows)


TABLES = {"词": words, "名称": names, "项目": knobs}


def filled(page: str) -> str:
    """The page with its tables as the code has them."""
    return _MARK.sub(lambda found: found[1] + "\n".join(TABLES[found[2]]()) + "\n" + found[3], page)


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
