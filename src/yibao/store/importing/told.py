"""An import in the words of the clerk who started it: what was read, what became of it, where the refused rows are, what to look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from yibao.money import Fen, in_unit
from yibao.store.importing.nodata import LABELS
from yibao.store.importing.result import Imported, Result
from yibao.vocabulary.tables import SCALES, Type, Vocabulary

MOST_ROWS = 8  #: row numbers told of a kind


def lines(result: Result, vocabulary: Vocabulary) -> Iterator[str]:
    """One block a table, then what was left out. Errors (`refused`) are the command's to print."""
    for imported in result.imported:
        yield from _of_table(imported, result.dry, vocabulary)
        yield ""
    for left in result.left:
        yield f"没有导入：{left.where}（{left.why}）"
    if len(result.imported) > 1:
        yield _all_together(result.imported)


def _of_table(done: Imported, dry: bool, vocabulary: Vocabulary) -> Iterator[str]:
    yield f"{done.where}（{done.how}）→ {done.table.label}（{done.table.name}），认出 {done.columns} 列"
    fates = [("新增", done.new), ("替换", done.replaced), ("没有变化", done.unchanged), ("文件内重复", done.repeated)]
    fate = "，".join(f"{name} {count:,}" for name, count in fates if count)
    yield f"  读入 {done.read:,} 行：接受 {done.accepted:,}{f'（{fate}）' if fate else ''}，退回 {done.rejected:,}"
    if done.sums and done.accepted:
        amounts = [f"{done.table.by_name[name].element.label} {yuan(fen)}" for name, fen in done.sums.items() if fen]
        yield f"  接受的金额（元）：{'，'.join(amounts) or '都是 0'}"
    if done.unit:
        yield f"  标题行写明单位：{done.unit}，金额已换算"
    yield from from_titles(done)
    for heading, count in done.merged.items():
        yield f"  “{heading}”有向下合并的单元格或空着的格，{count:,} 行按上面的值读入"
    for kind, rows in done.no_data.items():
        yield f"  {LABELS[kind]} {len(rows)} 行，不是数据：第 {numbers(rows)} 行"
    yield from _totals(done)
    if done.unknown:
        yield f"  没有用到的列：{'、'.join(h.strip() for h in done.unknown)}"
    yield from _odd(done, vocabulary)
    for reason, count in done.reasons:
        yield f"  退回 {count:,} 行：{reason}"
    if done.rejects:
        yield f"  退回的行连同原因写在“{done.rejects}”，改正后可以直接再导入"
    yield f"  {_published(done, dry)}"


def from_titles(done: Imported) -> Iterator[str]:
    """What no column said and the title did."""
    if done.titles:
        said = "，".join(f"{label} {value.removesuffix(' 00:00:00')}" for label, value in done.titles.items())
        yield f"  没有这些列，按标题、工作表名或文件名读作：{said}"


def in_words(value: int, kind: Type) -> str:
    """A sum as people write it: an amount in yuan, any other number with its places.

    >>> in_words(123456, "money"), in_words(1_500_000, "decimal"), in_words(12, "count")
    ('1,234.56 元', '1.5', '12')
    """
    if kind == "money":
        return f"{yuan(value)} 元"
    text = f"{Decimal(value).scaleb(-SCALES.get(kind, 0)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _published(done: Imported, dry: bool) -> str:
    if dry:
        return "试运行，没有写入"
    return f"已写入，{done.table.label}现为第 {done.version} 版" if done.version else "没有变化，表仍是原来的版本"


def _totals(done: Imported) -> Iterator[str]:
    wrong = [total for total in done.totals if not total.agrees]
    if done.totals and not wrong:
        rows = len({total.row for total in done.totals})
        yield f"  合计行 {rows} 行，与明细之和一致"
    for total in wrong:
        column = done.table.by_name[total.column]
        stated, computed, gap = (
            in_words(value, column.type) for value in (total.stated, total.computed, total.stated - total.computed)
        )
        yield f"  第 {total.row} 行“{total.label}”的{column.element.label} {stated}，明细之和 {computed}，相差 {gap}，请核对"


def _odd(done: Imported, vocabulary: Vocabulary) -> Iterator[str]:
    for flagged in done.flagged:
        example = f"（如 {'、'.join(flagged.examples)}）" if flagged.examples else ""
        yield f"  提示 {flagged.rows:,} 行：{flagged.says}{example}，已接受"
    for reference in done.references:
        column, target = done.table.by_name[reference.column].element.label, vocabulary.tables[reference.table].label
        if reference.rows and reference.policy == "flag":
            yield f"  提示 {reference.rows:,} 行：{column}在“{target}”里没有（如 {'、'.join(reference.examples)}），已接受"
    waiting = [vocabulary.tables[r.table].label for r in done.references if not r.ran]
    if waiting:
        yield f"  没有核对：{'、'.join(dict.fromkeys(waiting))}还没有数据，对它们的引用没有核对"


def _all_together(imported: Sequence[Imported]) -> str:
    read, accepted, rejected = (sum(getattr(i, name) for i in imported) for name in ("read", "accepted", "rejected"))
    return f"共 {len(imported)} 张表：读入 {read:,} 行，接受 {accepted:,} 行，退回 {rejected:,} 行"


def numbers(rows: Sequence[int]) -> str:
    """
    >>> numbers((3, 9)), numbers(tuple(range(1, 12)))
    ('3、9', '1、2、3、4、5、6、7、8…')
    """
    return "、".join(map(str, rows[:MOST_ROWS])) + ("…" if len(rows) > MOST_ROWS else "")


def yuan(fen: int) -> str:
    return f"{in_unit(Fen(fen)):,.2f}"
