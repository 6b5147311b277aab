"""The formats and encodings in which files come: drawn tables go out and come back equal."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.store.importing.conftest import Bring, rows_of
from yibao.errors import UserError
from yibao.store.importing.result import Result
from yibao.store.importing.told import lines
from yibao.store.workspace import Workspace

Write = Callable[..., Path]
HEADINGS = ["收款流水号", "定点医药机构编号", "终端号", "收款时间", "终端收款", "收款金额（元）", "小票号"]
NAMES = [
    "payment_serial",
    "provider_code",
    "terminal_id",
    "payment_time",
    "terminal_payment_kind",
    "payment_amount",
    "ticket_no",
]
WORDS = st.text("零一二三ABCabc0123456789-.“”\"',;|\n①é", min_size=1, max_size=8).map(lambda s: f"甲{s}乙")
ROWS = st.lists(
    st.tuples(
        st.integers(0, 10**9), WORDS, WORDS, st.datetimes(datetime(2024, 1, 1), datetime(2025, 12, 31)), st.integers(-(10**12), 10**12), st.none() | WORDS
    ),
    min_size=1, max_size=20, unique_by=lambda row: row[0],
)  # fmt: skip
FEW = settings(max_examples=3, deadline=None, phases=(Phase.generate,))  # a shrink would import a hundred times


def _cells(rows: list[Any], kind: str) -> list[list[str]]:
    return [
        [
            f"{n:012d}",
            provider,
            terminal,
            at.replace(microsecond=0).isoformat(" "),
            kind,
            f"{Decimal(fen) / 100:.2f}",
            ticket or "",
        ]
        for n, provider, terminal, at, fen, ticket in rows
    ]


def _stored(cells: list[list[str]]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for serial, provider, terminal, at, kind, amount, ticket in sorted(cells, key=lambda c: (c[1].encode(), c[0])):
        values = (
            serial,
            provider,
            terminal,
            datetime.fromisoformat(at),
            kind,
            int(Decimal(amount) * 100),
            ticket or None,
        )
        found.append(dict(zip(NAMES, values, strict=True)))
    return found


def _delimited(cells: list[list[str]], delimiter: str, end: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows([HEADINGS, *cells])
    return out.getvalue()


def _kind(workspace: Workspace) -> str:
    return next(iter(workspace.vocabulary.codes["terminal_payment_kind"].values))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(("delimiter", "end"), [(",", "\n"), ("\t", "\r\n")])
@FEW
@given(rows=ROWS)
def test_text_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Any], encoding: str, delimiter: str, end: str
) -> None:
    folder = tmp_path_factory.mktemp("f")
    with Workspace.create(folder / "w", "cn-43") as workspace:
        cells = _cells(rows, _kind(workspace))
        path = folder / "收款.txt"
        path.write_bytes(_delimited(cells, delimiter, end).encode(encoding))
        _comes_back(workspace, path, cells)


@FEW
@given(rows=ROWS)
def test_workbooks_come_back(tmp_path_factory: pytest.TempPathFactory, rows: list[Any]) -> None:
    folder = tmp_path_factory.mktemp("f")
    with Workspace.create(folder / "w", "cn-43") as workspace:
        cells = _cells(rows, _kind(workspace))
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(HEADINGS)
        for i, line in enumerate(cells):
            sheet.append(
                [
                    *line[:3],
                    datetime.fromisoformat(line[3]),
                    line[4],
                    float(line[5]) if i % 2 else line[5],
                    line[6] or None,
                ]
            )
        book.save(folder / "收款.xlsx")
        _comes_back(workspace, folder / "收款.xlsx", cells)


@FEW
@given(rows=ROWS)
def test_parquet_comes_back(tmp_path_factory: pytest.TempPathFactory, rows: list[Any]) -> None:
    folder = tmp_path_factory.mktemp("f")
    with Workspace.create(folder / "w", "cn-43") as workspace:
        cells = _cells(rows, _kind(workspace))
        columns = dict(zip(NAMES, zip(*cells, strict=True), strict=True))
        table = pa.table({name: pa.array(list(column)) for name, column in columns.items()})
        times = pa.array([datetime.fromisoformat(c[3]) for c in cells], pa.timestamp("us"))
        amounts = pa.array([Decimal(c[5]) for c in cells], pa.decimal128(20, 2))
        table = table.set_column(3, "payment_time", times).set_column(5, "payment_amount", amounts)
        pq.write_table(table, folder / "收款.parquet")
        _comes_back(workspace, folder / "收款.parquet", cells)


def _comes_back(workspace: Workspace, path: Path, cells: list[list[str]]) -> None:
    from yibao.store.importing.importer import Request, import_files

    result = import_files(workspace, Request((path,)))
    assert result.refused == []
    (done,) = result.imported
    assert (done.rejected, done.reasons, done.no_data, done.new) == (0, (), {}, len(cells))
    assert rows_of(workspace, "terminal_payments", " ".join(NAMES)) == _stored(cells)


TAX = ["完税凭证号", "基金", "险种", "待遇年度", "入库日期", "征缴金额"]


def _book(path: Path, sheets: dict[str, list[list[object]]], merge: tuple[str, ...] = (), hidden: str = "") -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for area in merge:
            sheet.merge_cells(area)
        if name == hidden:
            sheet.sheet_state = "hidden"
    book.save(path)
    return path


def test_sheets_of_notes_and_hidden_sheets_are_left_out_and_told(
    tmp_path: Path, workspace: Workspace, bring_all: Callable[..., Result]
) -> None:
    fund = next(iter(workspace.vocabulary.codes["fund"].values))
    rows: list[list[object]] = [
        ["某县税务入库"],
        TAX,
        ["T1", fund, "310", 2025, date(2025, 3, 5), 0.1 + 0.2],
        [],
        [None, None],
        [],
    ]
    notes: list[list[object]] = [["填表说明"], ["一、本表由税务部门提供"], ["二、金额单位为元"]]
    path = _book(tmp_path / "税.xlsx", {"入库": rows, "说明": notes, "旧": rows}, hidden="旧")
    result = bring_all(path)
    (done,) = result.imported
    assert (done.new, done.sums["tax_amount"], done.where) == (1, 30, "“税.xlsx”工作表“入库”")
    assert sorted((left.where[-4:], left.why) for left in result.left) == [
        ("“说明”", "没有表头，当作说明"),
        ("表“旧”", "隐藏的工作表"),
    ]


def test_headings_under_merged_ones(tmp_path: Path, workspace: Workspace, bring: Bring) -> None:
    fund = next(iter(workspace.vocabulary.codes["fund"].values))
    upper = ["完税凭证号", "基金", "入库信息", None, None, None]
    lower = [None, None, "险种", "待遇年度", "入库日期", "征缴金额"]
    path = _book(
        tmp_path / "税.xlsx",
        {"入库": [upper, lower, ["T1", fund, "310", 2025, "2025-3-5", 1.5]]},
        merge=("A1:A2", "B1:B2", "C1:F1"),
    )
    done = bring(path)
    assert (done.columns, done.new, done.sums["tax_amount"]) == (6, 1, 150)


def test_a_cell_merged_downwards_stands_for_all_its_rows(tmp_path: Path, workspace: Workspace, bring: Bring) -> None:
    fund = next(iter(workspace.vocabulary.codes["fund"].values))
    rows: list[list[object]] = [
        TAX,
        ["T1", fund, "310", 2025, "2025-3-5", 1],
        ["T2", None, "310", 2025, "2025-3-6", 2],
        [None, None, "小计", None, None, 3],
        [],
        ["T3", None, "390", 2025, "2025-3-7", 4],
    ]
    done = bring(_book(tmp_path / "税.xlsx", {"入库": rows}, merge=("B2:B6",)))
    assert (done.new, done.rejected, done.merged) == (3, 0, {"基金": 2})
    assert (done.no_data, [total.agrees for total in done.totals]) == ({"blank": (5,), "total": (4,)}, [True])
    assert [row["fund"] for row in rows_of(workspace, "tax_receipts")] == [fund] * 3
    told = lines(Result([done]), workspace.vocabulary)
    assert "  “基金”有向下合并的单元格或空着的格，2 行按上面的值读入" in told


def test_an_amount_merged_downwards_is_not_counted_for_each_row(
    tmp_path: Path, workspace: Workspace, bring: Bring
) -> None:
    fund = next(iter(workspace.vocabulary.codes["fund"].values))
    body: list[list[object]] = [[f"T{i}", fund, "310", 2025, "2025-3-5", 9 if i != 3 else None] for i in (1, 2, 3, 4)]
    done = bring(_book(tmp_path / "税.xlsx", {"入库": [TAX, *body]}, merge=("F3:F4",)))
    assert (done.new, done.rejected, done.sums["tax_amount"], done.merged) == (2, 2, 1800, {})
    assert "第 3 至 4 行是一个合并单元格，看不出每行各是多少" in done.reasons[0][0]


def test_areas_over_several_columns_are_no_data(tmp_path: Path, workspace: Workspace, bring: Bring) -> None:
    fund = next(iter(workspace.vocabulary.codes["fund"].values))
    rows: list[list[object]] = [TAX, ["T1", fund, "310", 2025, "2025-3-5", 1], ["说明：以上为三月入库"], []]
    done = bring(_book(tmp_path / "税.xlsx", {"入库": rows}, merge=("A3:F4",)))
    assert (done.new, done.rejected, done.no_data) == (1, 0, {"remark": (3,)})


def test_a_number_of_eighteen_digits_is_refused_in_a_workbook(
    tmp_path: Path, workspace: Workspace, bring: Bring
) -> None:
    fund = next(iter(workspace.vocabulary.codes["fund"].values))
    rows: list[list[object]] = [
        TAX,
        [990421199001011234, fund, "310", 2025, 45721, 1],
        ["00T2", fund, 310, 2025, 45721, 1],
    ]
    done = bring(_book(tmp_path / "税.xlsx", {"入库": rows}))
    assert (done.new, done.rejected) == (1, 1)
    assert "科学计数法" in done.reasons[0][0]
    (row,) = rows_of(workspace, "tax_receipts")
    assert (row["tax_receipt_no"], row["insurance_type"], row["tax_date"]) == ("00T2", "310", date(2025, 3, 5))


def test_formulas_count_by_their_saved_values(tmp_path: Path, workspace: Workspace, bring: Bring) -> None:
    fund = next(iter(workspace.vocabulary.codes["fund"].values))
    rows: list[list[object]] = [
        ["入库汇总"],
        [*TAX, "备注"],
        ["T1", fund, "310", 2025, "2025-3-5", "=1+1", ""],
        ["T2", fund, "310", 2025, "2025-3-5", 3, "=1+1"],
        ["T3", fund, "310", 2025, "2025-3-5", "#N/A", ""],
        ["T4", fund, "310", 2025, "2025-3-5", 4, ""],
        [None, None, "合计", None, None, "=SUM(F3:F6)", ""],
    ]
    done = bring(_book(tmp_path / "税.xlsx", {"入库": rows}))
    assert (done.new, done.rejected, done.no_data) == (2, 2, {"total": (7,)}), "openpyxl saves no value"
    assert sorted(why.partition("；“")[0] for why, _ in done.reasons) == [
        "“征缴金额”单元格出错（#N/A）",
        "“征缴金额”单元格是公式，没有保存的值；请用 Excel 或 WPS 打开，保存后再导入",
    ]


def test_whole_numbers_in_parquet_need_a_unit(tmp_path: Path, bring_all: Callable[..., Result]) -> None:
    table = pa.table(
        {"tax_receipt_no": ["T1"], "fund": ["employee"], "insurance_type": ["310"], "benefit_year": [2025]}
    )
    table = table.append_column("tax_date", pa.array([date(2025, 1, 1)])).append_column("tax_amount", pa.array([100]))
    pq.write_table(table, tmp_path / "税.parquet")
    (sentence,) = bring_all(tmp_path / "税.parquet").refused
    assert "看不出是元还是分" in sentence


def test_rows_keep_their_numbers_whatever_the_parser_thinks(workspace: Workspace, bring: Bring, write: Write) -> None:
    fund = next(iter(workspace.vocabulary.codes["fund"].values))
    lines = [
        ",".join(TAX),
        f'T1,{fund},310,2025,2025-01-01,"1\n"',
        "",
        f"T2,{fund},310,2025,2025-01-01,坏",
        f"T3,{fund},310,2025",
    ]
    done = bring(write(lines))
    assert (done.new, done.rejected, done.no_data) == (1, 2, {"blank": (3,)})
    assert done.rejects is not None
    sheet = openpyxl.load_workbook(done.rejects).active
    assert sheet is not None
    assert [(sheet[f"A{i}"].value, str(sheet[f"B{i}"].value)[:12]) for i in (2, 3)] == [
        ("4", "“征缴金额”的值 坏 不"),
        ("5", "这一行只有 4 格，应有"),
    ]


def test_a_line_end_behind_a_quoted_code_is_no_part_of_it(workspace: Workspace, bring: Bring, write: Write) -> None:
    fund = next(iter(workspace.vocabulary.codes["fund"].values))
    lines = [",".join(TAX), f'"T1\n",{fund},310,2025,2025-01-01,1', f"T2,{fund},310,2025,2025-01-01,1"]
    assert bring(write(lines)).how == "CSV，UTF-8"
    assert [row["tax_receipt_no"] for row in rows_of(workspace, "tax_receipts")] == ["T1", "T2"]


def test_an_undecodable_byte_refuses_its_row(workspace: Workspace, bring: Bring, tmp_path: Path) -> None:
    for encoding in ("utf-8", "gb18030"):
        head = "区划代码,区划名称,区划层级".encode(encoding)
        body = "\n".join(f"9901{i:02d},第{i}村的名字,village" for i in range(40)).encode(encoding)
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes(
            head + b"\n" + body + b"\n990199,\xff\x81,village\n990198," + "乙".encode(encoding) + b",village\n"
        )
        done = bring(path, as_="areas")
        assert (done.read, done.rejected) == (42, 1)
        assert done.reasons == (("“区划名称”有不能解读的字节，原文已损坏", 1),)
    assert len(rows_of(workspace, "areas")) == 41


def test_row_numbers_hold_over_many_blocks(workspace: Workspace, bring: Bring, write: Write) -> None:
    fund, day = next(iter(workspace.vocabulary.codes["fund"].values)), date(2025, 1, 1)
    bad = {7, 33_333, 199_999}
    lines = [
        f"T{i:07d},{fund},310,2025,{day + timedelta(i % 300)},{'坏' if i in bad else '1.00'}" for i in range(200_000)
    ]
    lines[150_000] = lines[3]
    done = bring(write([",".join(TAX), *lines]))
    assert (done.read, done.rejected, done.repeated) == (200_000, 3, 1)
    assert done.rejects is not None
    sheet = openpyxl.load_workbook(done.rejects).active
    assert sheet is not None
    assert [(sheet[f"A{i}"].value, sheet[f"C{i}"].value) for i in (2, 3, 4)] == [
        (str(i + 2), f"T{i:07d}") for i in sorted(bad)
    ]


def test_the_quick_and_the_careful_reader_agree(workspace: Workspace, bring: Bring, write: Write) -> None:
    fund = next(iter(workspace.vocabulary.codes["fund"].values))
    lines = [",".join(TAX), *(f"T{i},{fund},310,2025,2025-01-{i % 28 + 1:02d},{i}.{i % 100:02d}" for i in range(500))]
    assert bring(write(lines)).new == 500
    again = bring(write([*lines, ""], "空行.csv"))
    assert (again.unchanged, again.no_data) == (500, {"blank": (502,)})


def test_a_file_for_no_table_is_refused_with_its_headings(bring_all: Callable[..., Result], write: Write) -> None:
    (sentence,) = bring_all(write(["甲,乙", "1,2"])).refused
    assert "找不到表头" in sentence
    (sentence,) = bring_all(write(["区划代码,区划名称,年度", "1,2,3"])).refused
    assert "不能确定是哪张表" in sentence
    assert "缺" in sentence


def test_missing_columns_are_all_named(bring_all: Callable[..., Result], write: Write) -> None:
    (sentence,) = bring_all(write(["完税凭证号,征缴金额,备注", "1,2,3"]), as_="tax_receipts").refused
    assert sentence.startswith(
        "“数据.csv”按“税务征缴”导入缺少必填的列：基金（fund）、险种类型（insurance_type）、待遇年度（benefit_year）、入库日期（tax_date）"
    )
    assert "备注" in sentence


def test_two_headings_for_one_column_are_refused(bring_all: Callable[..., Result], write: Write) -> None:
    (sentence,) = bring_all(write(["区划代码,区划名称,area_name,区划层级", "1,2,3,town"]), as_="areas").refused
    assert "有两列都是 area_name（区划名称）" in sentence


def test_the_table_must_be_known(bring_all: Callable[..., Result], write: Write) -> None:
    with pytest.raises(UserError, match="没有“瞎写”这张表"):
        bring_all(write(["a,b"]), as_="瞎写")
