"""Names of codes and offices for people, and what every module here says under its tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from yibao.enrol.rules import Book
from yibao.store.workspace import Workspace
from yibao.vocabulary.tables import load_tables

OUTREACH = "证件号码只露出首尾；需要完整号码时凭人员编号在平台查询"


def named(codes: str, code: str | None) -> str:
    """The Chinese name of a code; a stranger as it is.

    >>> named("identity_type", "dibao"), named("identity_type", "xyz"), named("insurance_type", None)
    ('低保对象', 'xyz', '')
    """
    return load_tables().codes[codes].values.get(code, code) if code else ""


def insurance(code: str | None) -> str:
    return {"310": "职工", "390": "居民", "340": "离休"}.get(code or "", named("insurance_type", code))


def read_from(workspace: Workspace, *tables: str) -> str:
    """Which versions of which tables a listing was made from."""
    said = []
    for name in tables:
        manifest = workspace.manifest(name)
        label = workspace.table(name).label
        said.append(
            f"{label}（第 {manifest.version} 版，{manifest.rows:,} 行）" if manifest else f"{label}（还没有数据）"
        )
    return f"来源：{'、'.join(said)}"


def has_rows(workspace: Workspace, table: str) -> bool:
    manifest = workspace.manifest(table)
    return manifest is not None and manifest.rows > 0


def as_of(on: date) -> str:
    return f"统计日：{on.isoformat()}"


def rules_of(book: Book) -> Iterable[str]:
    return (f"规则 {said}" for said in book.cited)
