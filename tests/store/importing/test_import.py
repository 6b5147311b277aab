"""An import from the clerk's side: a file in, every row with a fate."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.store.importing.conftest import Bring, rows_of
from yibao.store.importing.mapping import read_mapping
from yibao.store.importing.result import Result
from yibao.store.workspace import Workspace

Write = Callable[..., Path]
HEAD = "完税凭证号,基金,险种,待遇年度,入库日期,征缴金额"
ROW = "T1,employee_pool,310,2025,2025-03-05,12.50"


@pytest.fixture
def fund(workspace: Workspace) -> str:
    """A fund that the code list knows."""
    codes = workspace.vocabulary.codes_of(workspace.table("tax_receipts").by_name["fund"])
    assert codes is not None
    return next(iter(codes.values))


@pytest.fixture
def line(fund: str) -> Callable[..., str]:
    """One line of a tax file."""

    def make(no: str = "T1", amount: str = "12.50", day: str = "2025-03-05", insurance: str = "310") -> str:
        return f"{no},{fund},{insurance},2025,{day},{amount}"

    return make


Line = Callable[..., str]


def test_it_works(workspace: Workspace, bring: Bring, write: Write, line: Line) -> None:
    done = bring(write([HEAD, line("T1"), line("T2", "0.30")]))
    assert (done.table.name, done.read, done.new, done.rejected, done.version) == ("tax_receipts", 2, 2, 0, 1)
    assert done.sums == {"tax_amount": 1280}
    assert rows_of(workspace, "tax_receipts", "tax_receipt_no tax_date tax_amount") == [
        {"tax_receipt_no": "T1", "tax_date": date(2025, 3, 5), "tax_amount": 1250},
        {"tax_receipt_no": "T2", "tax_date": date(2025, 3, 5), "tax_amount": 30},
    ]


def test_the_manifest_says_which_file_the_rows_came_from(
    workspace: Workspace, bring: Bring, write: Write, line: Line
) -> None:
    path = write([HEAD, line()], "税务.csv")
    bring(path)
    manifest = workspace.manifest("tax_receipts")
    assert manifest is not None
    (source,) = manifest.produced_by.inputs
    assert (manifest.produced_by.command, source.kind, source.name, len(source.content)) == (
        "yibao import",
        "file",
        "税务.csv",
        64,
    )


def test_the_same_file_twice_changes_nothing(workspace: Workspace, bring: Bring, write: Write, line: Line) -> None:
    path = write([HEAD, line("T1"), line("T2")])
    bring(path)
    before = workspace.manifest("tax_receipts")
    again = bring(path)
    assert (again.new, again.replaced, again.unchanged, again.version) == (0, 0, 2, None)
    assert workspace.manifest("tax_receipts") == before


def test_a_corrected_row_replaces_its_predecessor_and_history_keeps_both(
    workspace: Workspace, bring: Bring, write: Write, line: Line
) -> None:
    bring(write([HEAD, line("T1"), line("T2")]))
    done = bring(write([HEAD, line("T1", "99.00")], "更正.csv"))
    assert (done.new, done.replaced, done.unchanged) == (0, 1, 0)
    assert [row["tax_amount"] for row in rows_of(workspace, "tax_receipts")] == [9900, 1250]
    new, old = workspace.history("tax_receipts")
    assert (new.sums["tax_amount"], old.sums["tax_amount"]) == (11150, 2500)


def test_a_corrected_row_may_move_to_another_year(workspace: Workspace, bring: Bring, write: Write, line: Line) -> None:
    bring(write([HEAD, line("T1"), line("T2"), line("T3", day="2023-01-01")]))
    done = bring(write([HEAD, line("T1", day="2024-12-31")], "更正.csv"))
    assert done.replaced == 1
    manifest = workspace.manifest("tax_receipts")
    assert manifest is not None
    assert {file.partition: file.rows for file in manifest.files} == {"2023": 1, "2024": 1, "2025": 1}


def test_rows_of_other_partitions_are_not_written_again(
    workspace: Workspace, bring: Bring, write: Write, line: Line
) -> None:
    bring(write([HEAD, line("T1", day="2023-01-01"), line("T2")]))
    before = {f.partition: f.path for f in workspace.manifest("tax_receipts").files}  # type: ignore[union-attr]
    bring(write([HEAD, line("T3")], "新.csv"))
    after = {f.partition: f.path for f in workspace.manifest("tax_receipts").files}  # type: ignore[union-attr]
    assert before["2023"] == after["2023"]
    assert before["2025"] != after["2025"]


def test_a_dry_run_writes_nothing(workspace: Workspace, bring: Bring, write: Write, line: Line) -> None:
    done = bring(write([HEAD, line("T1"), line("T2", "x")]), dry=True)
    assert (done.new, done.rejected, done.version, done.rejects) == (1, 1, None, None)
    assert workspace.manifest("tax_receipts") is None
    assert list((workspace.path / "rejects").iterdir()) == []


def test_refused_rows_are_corrected_and_imported_as_they_are(
    workspace: Workspace, bring: Bring, write: Write, line: Line
) -> None:
    done = bring(
        write(
            [
                "某县税务入库,,,,,",
                "单位：万元,,,,,",
                HEAD,
                line("T1", "1.5"),
                line("T2", "坏"),
                line("00T3", day="明天"),
            ]
        )
    )
    assert (done.new, done.rejected, done.sums["tax_amount"]) == (1, 2, 1_500_000)
    assert done.rejects is not None
    book = openpyxl.load_workbook(done.rejects)
    sheet = book.active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][:3] == ["原文件行号", "退回原因", "完税凭证号"]
    assert rows[0][-1] == "征缴金额（万元）"
    assert [(row[0], row[2]) for row in rows[1:]] == [("5", "T2"), ("6", "00T3")]
    assert rows[1][1] == "“征缴金额”的值 坏 不是金额"
    assert "“入库日期”的值 明天 不是日期" in str(rows[2][1])
    sheet["H2"], sheet["G3"] = "2.5", "2025-04-01"
    book.save(done.rejects)
    again = bring(done.rejects)
    assert (again.new, again.rejected, again.unknown) == (2, 0, ())
    assert {r["tax_receipt_no"]: r["tax_amount"] for r in rows_of(workspace, "tax_receipts")} == {
        "T1": 1_500_000,
        "T2": 2_500_000,
        "00T3": 1_250 * 10_000,
    }


def test_many_refused_rows_go_to_a_csv_that_excel_opens(
    bring: Bring, write: Write, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yibao.store.importing.rejects.MOST_IN_WORKBOOK", 1)
    done = bring(write([HEAD, line("T1", "x"), line("=T2", "y")]))
    assert done.rejects is not None
    assert done.rejects.suffix == ".csv"
    assert done.rejects.read_bytes().startswith(b"\xef\xbb\xbf")
    with done.rejects.open(encoding="utf-8-sig", newline="") as file:
        assert [row["完税凭证号"] for row in csv.DictReader(file)] == ["T1", "'=T2"]


def test_rows_of_one_key(workspace: Workspace, bring: Bring, write: Write, line: Line) -> None:
    done = bring(write([HEAD, line("T1"), line("T1"), line("T2"), line("T2", "1.00"), line("T3")]))
    assert (done.new, done.repeated, done.rejected) == (2, 1, 2)
    assert [r["tax_receipt_no"] for r in rows_of(workspace, "tax_receipts")] == ["T1", "T3"]
    sheet = openpyxl.load_workbook(done.rejects).active
    assert sheet is not None
    assert [str(sheet[f"B{i}"].value) for i in (2, 3)] == [
        "主键（完税凭证号）与第 5 行相同而内容不同，不知以哪一行为准",
        "主键（完税凭证号）与第 4 行相同而内容不同，不知以哪一行为准",
    ]


def test_what_is_no_data_is_told_with_its_rows(bring: Bring, write: Write, line: Line) -> None:
    lines = [
        "某县,,,,,", HEAD, line("T1", "1.00"), line("T2", "2.00"), "本页小计,,,,,3.00", HEAD, line("T3", "4.00"),
        "本页小计,,,,,4.00", ",,,,,", "合计：,,,,,7.00", "制表人：王某,,,审核：李某,,",
    ]  # fmt: skip
    done = bring(write(lines))
    assert (done.read, done.new) == (3, 3)
    assert done.no_data == {"blank": (9,), "heading": (6,), "remark": (11,), "total": (5, 8, 10)}
    assert [(t.row, t.agrees) for t in done.totals] == [(5, True), (8, True), (10, True)]


def test_a_total_that_differs_is_told(bring: Bring, write: Write, line: Line) -> None:
    done = bring(write([HEAD, line("T1", "1.00"), line("T2", "2.00"), "合计,,,,,3.01"]))
    (total,) = done.totals
    assert (total.row, total.stated, total.computed, total.agrees) == (4, 301, 300, False)


def test_a_refused_row_counts_in_the_total_of_its_file(bring: Bring, write: Write, line: Line) -> None:
    done = bring(write([HEAD, line("T1", "1.00"), line("T2", "2.00", day="?"), "合计,,,,,3.00"]))
    assert (done.rejected, [t.agrees for t in done.totals]) == (1, [True])


def test_a_row_with_a_name_like_a_total_stays_data(bring: Bring, write: Write) -> None:
    done = bring(write(["区划代码,区划名称,区划层级", "990101,合计村,village", "合计,,"]), as_="areas")
    assert (done.new, done.no_data) == (1, {"total": (3,)})


def test_rows_that_name_what_is_not_there(
    workspace: Workspace, bring: Bring, bring_all: Callable[..., Result], write: Write
) -> None:
    bring(write(["区划代码,区划名称,区划层级", "990101,甲乡,town"], "区划.csv"), as_="areas")
    done = bring(write(["区划代码,年度,户籍人口,常住人口", "990101,2025,10,9", "990102,2025,8,8"], "人口.csv"))
    assert (done.new, done.rejected) == (1, 1), "a row that is part of another is refused without it"
    assert done.reasons == (("区划代码在“行政区划”里没有", 1),)
    names = "参保单位编号".replace("参保", "")
    done = bring(write([f"{names},单位名称,关闭破产企业标志,区划代码", "E1,甲厂,0,990199"], "单位.csv"))
    reference = {r.column: r for r in done.references}["area_code"]
    assert (done.new, reference.policy, reference.rows, reference.examples) == (1, "flag", 1, ("990199",))


def test_a_reference_to_a_table_without_rows_is_told_as_not_checked(bring: Bring, write: Write) -> None:
    done = bring(write(["区划代码,年度,户籍人口,常住人口", "990101,2025,10,9"]))
    assert [(r.table, r.ran) for r in done.references] == [("areas", False)]
    assert done.new == 1


def test_tables_that_others_name_come_first_whatever_the_order(bring_all: Callable[..., Result], write: Write) -> None:
    population = write(["区划代码,年度,户籍人口,常住人口", "990101,2025,10,9"], "人口.csv")
    areas = write(["区划代码,区划名称,区划层级", "990101,甲乡,town"], "区划.csv")
    result = bring_all(population, areas)
    assert [(i.table.name, i.new) for i in result.imported] == [("areas", 1), ("area_population", 1)]


def test_codes_outside_an_open_list_are_accepted_and_counted(bring: Bring, write: Write, line: Line) -> None:
    done = bring(write([HEAD, line("T1", insurance="999"), line("T2", insurance="310")]))
    assert (done.new, [(f.rows, f.examples) for f in done.flagged]) == (2, [(1, ("999",))])


def test_a_mapping_file_names_columns_units_values_and_constants(
    workspace: Workspace, bring: Bring, write: Write, fund: str, tmp_path: Path
) -> None:
    mapping = tmp_path / "映射.yaml"
    mapping.write_text(
        f"表: tax_receipts\n列:\n  票号: 完税凭证号\n  钱: {{列: tax_amount, 单位: 万元}}\n  险: {{列: 险种类型, 值: {{职工: '310'}}}}\n"
        f"  日期: tax_date\n  备用: 不导入\n常量:\n  基金: {fund}\n  benefit_year: 2025\n",
        encoding="utf-8",
    )
    mapped = read_mapping(mapping, workspace.vocabulary)
    path = write(["票号,钱,险,日期,备用", "T1,0.0000015,职工,20250305,x"])
    done = bring(path, as_=mapped.table, mapping=mapped)
    assert (done.new, done.rejected, done.unknown) == (0, 1, ()), "0.0000015 万元 is finer than a fen"
    done = bring(write(["票号,钱,险,日期,备用", "T1,0.0015,职工,20250305,x"]), as_=mapped.table, mapping=mapped)
    (row,) = rows_of(workspace, "tax_receipts")
    assert (row["tax_amount"], row["insurance_type"], row["fund"], row["benefit_year"]) == (1500, "310", fund, 2025)


def test_the_working_folder_is_empty_afterwards(workspace: Workspace, bring: Bring, write: Write, line: Line) -> None:
    bring(write([HEAD, line()], encoding="gbk"))
    assert [p for p in (workspace.path / ".work").iterdir() if p.name.startswith("import-")] == []


def test_what_a_killed_import_left_is_cleared_by_the_next(workspace: Workspace, bring: Bring, write: Write) -> None:
    left = workspace.path / ".work" / "import-killed" / "spill"
    left.mkdir(parents=True)
    (left / "rows").write_bytes(b"x")
    bring(write(["区划代码,区划名称,区划层级", "990101,甲乡,town"]), as_="areas")
    assert not list((workspace.path / ".work").glob("import-*"))


def test_rows_that_memory_would_hardly_hold_go_through_a_file(
    workspace: Workspace, bring: Bring, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = "区划代码,区划名称,区划层级"
    good, bad = "990101,甲乡,town", "990102,,town"
    monkeypatch.setattr("yibao.store.importing.importer.bytes_of", lambda memory: 100)
    done = bring(write([head, good, bad, *(f"9901{i},{i}村,village" for i in range(10, 60))]), as_="areas")
    assert (done.new, done.rejected) == (51, 1)
    again = bring(write([head, good], "小.csv"), as_="areas")
    assert (again.unchanged, again.version) == (1, None), "a small file after a large one"
    assert not list((workspace.path / ".work").glob("import-*"))
