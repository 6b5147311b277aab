"""`yibao dip pack`: catalogues become rule packs, every row taken or refused; a pack shown."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yibao.commands.telling import waiting
from yibao.errors import UserError
from yibao.proofread.report.text import pad

if TYPE_CHECKING:
    from yibao.dip.codes import Side
    from yibao.dip.importing.rows import Imported

HELP = "分组方案包：导入，查看。"
IMPORT_HELP = "把官方分组方案或本地目录（xlsx、tsv、csv）做成分组方案包；每一行要么收下，要么说明哪里不对。"
SHOW_HELP = "查看一个分组方案包：版本、地区、起止日期、出处、各层病种数、设置。"
SHOWN = 10  #: refused rows that are printed
CLEAN = 0


def pack(context: typer.Context) -> int:
    if context.invoked_subcommand is None:
        print(context.get_help())
    return CLEAN


def import_(
    file: Annotated[str | None, typer.Argument(metavar="文件", help="官方工作簿，或本地目录")] = None,
    edition: Annotated[str | None, typer.Option(metavar="版本", help="1.0、2.0 或 3.0")] = None,
    out: Annotated[str | None, typer.Option(metavar="文件夹", help="写到这个文件夹")] = None,
    primary_care: Annotated[str | None, typer.Option("--primary-care", metavar="文件", help="基层病种")] = None,
    excluded_procedures: Annotated[
        str | None, typer.Option("--excluded-procedures", metavar="文件", help="不纳入分组的手术操作")
    ] = None,
    excluded_diagnoses: Annotated[
        str | None, typer.Option("--excluded-diagnoses", metavar="文件", help="不纳入分组的主要诊断")
    ] = None,
    tb_resistant: Annotated[str | None, typer.Option("--tb-resistant", metavar="文件", help="结核耐药诊断")] = None,
    kinds: Annotated[str | None, typer.Option(metavar="文件", help="手术操作的治疗方式和级别")] = None,
    scores: Annotated[str | None, typer.Option(metavar="文件", help="病种分值、次均费用")] = None,
    diagnoses: Annotated[str | None, typer.Option(metavar="文件", help="诊断编码库（医保版）")] = None,
    operations: Annotated[str | None, typer.Option(metavar="文件", help="手术操作编码库（医保版）")] = None,
    diagnosis_map: Annotated[
        list[str] | None, typer.Option("--diagnosis-map", metavar="名称=文件", help="诊断对照表，如 临床版=文件")
    ] = None,
    operation_map: Annotated[
        list[str] | None, typer.Option("--operation-map", metavar="名称=文件", help="手术操作对照表")
    ] = None,
    settings: Annotated[str | None, typer.Option(metavar="文件", help="本地与国家不同的设置（YAML）")] = None,
    name: Annotated[str | None, typer.Option(metavar="名称", help="方案的名称；不写用文件名")] = None,
    region: Annotated[str | None, typer.Option(metavar="地区", help="地区代码，如 cn-4309；不写为不限")] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="日期", help="从这一天的出院起用")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="日期", help="用到这一天的出院")] = None,
) -> int:
    """Exit code 0 although rows were refused: they are told, and stand in rejected.tsv."""
    from yibao.dip.importing.catalogue import import_pack
    from yibao.dip.importing.rows import Wanted

    if file is None or edition is None or out is None:
        raise UserError("请写明文件、版本和写到哪里。用法：yibao dip pack import 文件 --edition 3.0 --out 文件夹。")
    lists = {
        "excluded_diagnoses": excluded_diagnoses, "excluded_procedures": excluded_procedures,
        "primary_care": primary_care, "tb_resistant": tb_resistant, "kinds": kinds, "scores": scores,
        "diagnoses": diagnoses, "operations": operations,
    }  # fmt: skip
    maps = [*_maps("diagnosis", diagnosis_map or []), *_maps("operation", operation_map or [])]
    wanted = Wanted(
        Path(file), edition, {table: Path(path) for table, path in lists.items() if path}, tuple(maps),
        Path(settings) if settings else None, name or "", region or "", _date(first, "--from"), _date(last, "--to"),
    )  # fmt: skip
    if wanted.valid_from and wanted.valid_to and wanted.valid_to < wanted.valid_from:
        raise UserError("--to 早于 --from，请改正。")
    with waiting("导入分组方案"):
        done = import_pack(wanted, Path(out))
    print("\n".join(_imported(done, out, wanted.edition)))
    return CLEAN


def _maps(side: Side, given: Sequence[str]) -> Iterator[tuple[Side, str, Path]]:
    for text in given:
        system, equals, path = text.partition("=")
        if not (system and equals and path):
            raise UserError(f"对照表应写成 名称=文件，如 临床版=对照.xlsx，不能是“{text}”。")
        yield side, system, Path(path)


def _imported(done: Imported, out: str, edition: str) -> Iterator[str]:
    from yibao.dip.importing.rows import TABLES
    from yibao.dip.settings import LAYER_NAMES, edition_defaults

    yield f"已建立分组方案包“{out}”（DIP {edition}）。"
    national = edition_defaults(edition).get("national_groups", {})
    for table, read in done.read.items():
        taken = done.taken[table]
        _, side, system = (*table.split("_", 2), "", "")[:3]
        label = TABLES.get(table) or f"对照表 {system}（{'诊断' if side == 'diagnoses' else '手术操作'}）"
        yield f"  {pad(label, 26)}读到 {read:,} 行，收下 {taken:,} 行，拒收 {read - taken:,} 行"
    yield ""
    for layer, count in done.layers.items():
        known = f"（国家目录 {national[layer]:,}）" if layer in national and national[layer] != count else ""
        yield f"  {pad(LAYER_NAMES.get(layer, layer), 26)}{count:,} 个病种{known}"
    for said in done.left:
        yield f"没有读：{said}。"
    for said in done.notes:
        yield f"注意：{said}。"
    if done.repairs:
        yield f"修复和提示 {len(done.repairs):,} 处："
        yield from _first([repair.sentence for repair in done.repairs])
    if done.faults:
        yield f"拒收 {len(done.faults):,} 行，全部在 {Path(out) / 'rejected.tsv'}："
        yield from _first([fault.sentence for fault in done.faults])


def _first(sentences: list[str]) -> Iterator[str]:
    yield from (f"  {sentence}" for sentence in sentences[:SHOWN])
    if len(sentences) > SHOWN:
        yield f"  ……还有 {len(sentences) - SHOWN:,} 条"


def show(
    folder: Annotated[str | None, typer.Argument(metavar="文件夹", help="分组方案包；自带的写 example-3.0 等")] = None,
) -> int:
    from yibao.dip.choose import span
    from yibao.dip.packs import opened
    from yibao.dip.settings import LAYER_NAMES

    if folder is None:
        raise UserError("请写明分组方案包。用法：yibao dip pack show 文件夹。")
    found = opened(folder)
    manifest = found.manifest
    print(f"{found.title}　{'示例，只用于虚构地区' if manifest.status == 'example' else ''}".rstrip("　"))
    print(f"  地区：{manifest.region or '不限'}")
    print(f"  出院日期：{span(manifest)}")
    print(f"  出处：{manifest.source}")
    print(f"  内容：{found.version[:12]}")
    for layer, count in Counter(row.layer for row in found.rows).items():
        print(f"  {LAYER_NAMES.get(layer, layer)}：{count:,} 个病种")
    scored = sum(row.score is not None for row in found.rows)
    print(f"  有分值的病种：{scored:,}；不纳入分组的主要诊断 {len(found.excluded_diagnoses):,}，手术操作 {len(found.excluded_operations):,}；基层病种 {len(found.primary_care):,}")  # fmt: skip
    if manifest.region_mean_cost is not None:
        print(
            f"  区域次均费用 {manifest.region_mean_cost:,} 元，分值基数 {manifest.score_scale}，保留 {manifest.score_digits} 位"
        )
    if manifest.scale_cost is not None:
        print(f"  费用 {manifest.scale_cost:,} 元的病例得 {manifest.score_scale} 分")
    if found.auxiliary or found.institutions:
        print(
            f"  辅助分型系数 {len(found.auxiliary):,} 个，机构系数（测算）{len(found.institutions):,} 个，有标记的病种 {len(found.marks):,} 个"
        )
    for name, value in found.settings.model_dump(mode="json", exclude={"source", "national_groups"}).items():
        print(f"  {name}：{json.dumps(value, ensure_ascii=False)}")
    return CLEAN


def _date(text: str | None, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UserError(f"{option} 应是日期，如 2027-01-01，不能是“{text}”。") from None
