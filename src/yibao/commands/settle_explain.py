"""`yibao settle explain`: one settlement step by step, on the screen or as the one-stop 结算单."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from yibao.errors import UserError

USAGE = "请写明一次就诊或结算。用法：yibao settle explain 结算ID，或 yibao settle explain 就诊 就诊ID。"

if TYPE_CHECKING:
    from yibao.region.benefits.resolve import Benefits
    from yibao.settle.explain.replay import Replayed
    from yibao.store.workspace import Workspace


def explain(workspace: Workspace, benefits: Benefits, words: list[str], slip: str | None, named: bool) -> int:
    """Print each bill of a visit; with `slip` write the statement of the last one. `words`: [就诊|结算] and a number."""
    from yibao.settle.explain.find import KINDS, find
    from yibao.settle.explain.names import names_of
    from yibao.settle.explain.passages import passages, text
    from yibao.settle.explain.platform import differing

    kind = words[0] if len(words) == 2 and words[0] in KINDS else ""
    if len(words) != 1 + bool(kind):
        raise UserError(USAGE)
    found = find(workspace, benefits, words[-1], kind)
    if slip is not None:
        return _slip(workspace, benefits, found[-1], Path(slip), named)
    for number, replayed in enumerate(found):
        if number:
            print()
        names = names_of(workspace, benefits, replayed.bill, masked=not named)
        print(text(passages(replayed, names, differing(workspace, benefits, replayed))), end="")
    return 0


def _slip(workspace: Workspace, benefits: Benefits, replayed: Replayed, path: Path, named: bool) -> int:
    from yibao.settle.explain.names import names_of
    from yibao.settle.explain.slip import slip
    from yibao.settle.explain.slip_sheet import write_sheet
    from yibao.settle.explain.slip_word import write_word

    writers = {".docx": write_word, ".xlsx": write_sheet}
    if path.suffix not in writers:
        raise UserError(f"--slip 后面应是 .docx 或 .xlsx 文件，不能是“{path}”。")
    made = slip(replayed, names_of(workspace, benefits, replayed.bill, masked=not named))
    try:
        writers[path.suffix](made, path)
    except OSError as error:
        raise UserError(f"写不了“{path}”（{error.strerror}）。请检查文件夹和权限。") from error
    print(f"已写出结算单“{path}”：单据 {replayed.bill['bill_id']}。")
    return 0
