"""`yibao quality`: what is wrong with the rows of a workspace, what it blocks, and the rows themselves."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yibao.commands.workspace import WORKSPACE_HELP, shown
from yibao.errors import UserError

if TYPE_CHECKING:
    from yibao.store.quality.rules import Rule, Rules
    from yibao.store.workspace import Workspace
    from yibao.vocabulary.tables import Column

HELP = "数据质量：逐条规则列出不符的行数、占比、程度和影响；红色的规则只暂停它保护的结果。"
ROWS_HELP = "列出一条规则不符的行，全部写进 outputs 下的 CSV"
FOR_HELP = "只看影响一种结果的规则：enrol、settle、dip、audit、fund、figures"
SHOWN = 20  #: rows on the screen
CLEAN, FOUND = 0, 1


def quality(
    rows: Annotated[str | None, typer.Option("--rows", metavar="规则", help=ROWS_HELP)] = None,
    output: Annotated[str | None, typer.Option("--for", metavar="结果", help=FOR_HELP)] = None,
    workspace: Annotated[str | None, typer.Option(metavar="文件夹", help=WORKSPACE_HELP)] = None,
) -> int:
    """Exit code 1 where a red rule found something."""
    from yibao.store.quality import evaluate, load_rules
    from yibao.store.quality.told import lines
    from yibao.store.settings import find_workspace
    from yibao.store.workspace import Workspace

    rules = load_rules()
    if output is not None and output not in rules.outputs:
        raise UserError(
            f"没有“{output}”这种结果，可写：{'、'.join(f'{n}（{label}）' for n, label in rules.outputs.items())}。"
        )
    with Workspace.open(find_workspace(workspace)) as opened:
        if rows is not None:
            return _rows(opened, _named(rows, rules), rules)
        asked = rules.protecting(output) if output else tuple(rules.rules.values())
        outcomes = list(evaluate(opened, date.today(), asked))
        print("\n".join(lines(outcomes, rules, opened.vocabulary)))
    return FOUND if any(outcome.blocks for outcome in outcomes) else CLEAN


def _named(said: str, rules: Rules) -> Rule:
    for rule in rules.rules.values():
        if said in (rule.id, rule.label):
            return rule
    raise UserError(f"没有“{said}”这条规则。用 yibao quality 查看全部规则。")


def _rows(workspace: Workspace, rule: Rule, rules: Rules) -> int:
    from yibao.store.neutral import neutralise
    from yibao.store.quality import rows_of
    from yibao.store.quality.run import tables_of

    if missing := [t for t in sorted(tables_of(workspace, rule)) if (m := workspace.manifest(t)) is None or not m.rows]:
        labels = "、".join(workspace.vocabulary.tables[name].label for name in missing)
        raise UserError(f"规则“{rule.label}”没有运行：{labels}还没有数据。")
    path = workspace.path / "outputs" / f"quality-{rule.id}.csv"
    path.parent.mkdir(exist_ok=True)
    count = 0
    columns: list[Column] = []
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for batch in rows_of(workspace, rule, date.today()):
            if not columns:
                columns = [rules.column(name, workspace.vocabulary) for name in batch.schema.names]
                writer.writerow([column.element.label for column in columns])
            for row in batch.to_pylist():
                said = ["" if row[c.name] is None else shown(row[c.name], c) for c in columns]
                writer.writerow([neutralise(cell) for cell in said])
                if count < SHOWN:
                    print("，".join(f"{c.element.label} {cell}" for c, cell in zip(columns, said, strict=True)))
                count += 1
    return _finish(rule, path, count)


def _finish(rule: Rule, path: Path, count: int) -> int:
    if not count:
        path.unlink()
        print(f"{rule.label}：没有不符的行。")
        return CLEAN
    more = f"，上面是前 {SHOWN} 行" if count > SHOWN else ""
    print(f"{rule.label}：{count:,} 行{more}；全部写在“{path}”。{rule.message}")
    return FOUND if rule.severity == "red" else CLEAN
