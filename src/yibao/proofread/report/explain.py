"""What `yibao check --explain` prints: one kind of check with its example, or the list of all kinds."""

from __future__ import annotations

from collections.abc import Iterator

from yibao.proofread.kinds import load_groups, load_kinds
from yibao.proofread.report.text import pad, wrap
from yibao.proofread.report.words import VERDICT_NAME


def explain_kind(kind: str, width: int = 80) -> str:
    """The explanation of one kind, by its id."""
    entry = load_kinds()[kind]
    parts = {
        "说明": entry.what,
        "例": f"“{entry.example.text}”",
        "计算": entry.example.computation,
        "结论": f"{VERDICT_NAME[entry.example.verdict]}（{entry.example.verdict}）",
        "依据": entry.basis,
    }
    lines = [f"{entry.name}（{kind}）", ""]
    for label, text in parts.items():
        lines += _field(label, text, width)
    return "\n".join(lines)


def list_kinds(width: int = 80) -> str:
    """All kinds, name and id, under the titles of their groups."""
    lines = wrap("核对种类。用 yibao check --explain 种类 查看说明，种类可以写中文名，也可以写右边的代号。", width)
    for group, title in load_groups().items():
        lines += ["", f"【{title}】"]
        lines += [f"  {pad(kind.name, 22)}{kind_id}" for kind_id, kind in load_kinds().items() if kind.group == group]
    return "\n".join(lines)


def _field(label: str, text: str, width: int) -> Iterator[str]:
    for i, line in enumerate(wrap(text, width - 6)):
        yield pad("" if i else label, 6) + line
