"""`yibao dip open|settle|clear|paid` as a clerk uses them, and a simulation that shows what DIP would owe."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from docx import Document
from openpyxl import load_workbook

from tests.demo.conftest import small_plan
from yibao.cli import run
from yibao.demo.generate import make_county
from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace

Yibao = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A small county whose stays are grouped as the city grouped them."""
    root = tmp_path_factory.mktemp("paid") / "county"
    make_county(root, small_plan(scale=0.01))
    with Workspace.open(root) as opened:
        table = opened.table("dip_groupings")
        sql = """SELECT r.visit_id, v.discharge_time, r.provider_code, r.insurance_type, '2.0-2025' AS pack_version, r.dip_group_code, r.dip_layer,
            r.base_score, COALESCE(g.group_mean_cost, 500000) AS group_mean_cost, '' AS auxiliary_subtype, '' AS grouping_flags, '-' AS grouping_trace
            FROM dip_results AS r JOIN visits AS v ON v.visit_id = r.visit_id
            LEFT JOIN dip_groups AS g ON g.dip_group_code = r.dip_group_code AND g.pack_version = '2.0-2025'"""
        rows = opened.query(sql).read_all()
        schema = arrow_schema(table)
        full = [
            rows[f.name].cast(f.type) if f.name in rows.column_names else pa.nulls(len(rows), f.type) for f in schema
        ]
        opened.write("dip_groupings", pa.table(full, schema=schema), opened.produced("by hand"))
    return str(root)


@pytest.fixture
def yibao(county: str, capsys: pytest.CaptureFixture[str]) -> Yibao:
    def call(*args: str) -> tuple[int, str]:
        code = run(["dip", *args, "--workspace", county])
        said = capsys.readouterr()
        return code, said.out + said.err

    return call


def _holds_statements(folder: Path, county: str) -> None:
    """One workbook and one page a hospital; the stays' points are in sum the month's."""
    with Workspace.open(Path(county)) as opened:
        rows = (
            opened.query("SELECT m.* FROM computed_dip_months AS m WHERE m.service_month = 202501")
            .read_all()
            .to_pylist()
        )
    providers = {row["provider_code"] for row in rows}
    assert {path.name.split(" ")[0] for path in folder.glob("*.docx")} == providers
    for path in sorted(folder.glob("*.xlsx")):
        stays = load_workbook(path)["病例"]
        head = [cell.value for cell in stays[2]]
        cells = [row for row in stays.iter_rows(min_row=3, values_only=True) if isinstance(row[-1], int | float)]
        mine = [row for row in rows if row["provider_code"] == path.name.split(" ")[0]]
        assert len(cells) == sum(row["case_count"] for row in mine)
        points = sum(Decimal(str(row[head.index("结算点数")])) for row in cells)
        assert points == Decimal(sum(row["dip_points"] for row in mine)) / 1_000_000


def test_a_year_from_its_opening_to_its_statements(yibao: Yibao, county: str, tmp_path: Path) -> None:
    assert "--published" in yibao("open", "2025")[1]
    code, said = yibao("open", "2025", "--published")
    assert (code, "预算点值" in said, "预付金" in said) == (0, True, True)
    code, said = yibao("settle", "202501", "--out", str(tmp_path / "m"))
    assert code == 0
    assert "2025 年 1 月按病种付费预结算" in said
    assert said.count("合计（") == 2
    assert "示例参数" in said
    assert "1 个月的月预结算工作簿和" in said
    _holds_statements(tmp_path / "m" / "预结算单-202501", county)
    book = load_workbook(tmp_path / "m" / "月预结算-202501.xlsx")
    cells = [row for row in book.active.iter_rows(values_only=True) if row[0] and "合计" in str(row[0])]
    assert all(isinstance(row[-1], int | float) for row in cells)
    with Workspace.open(Path(county)) as opened:
        published = opened.query("SELECT v.* FROM dip_point_values AS v").read_all()
        place = published.column_names.index("preliminary_point_value")
        moved = published.set_column(place, "preliminary_point_value", pc.add(published[place], 1))
        opened.write("dip_point_values", moved, opened.produced("by hand"))
        assert (
            "1 月的预结算用的是另外的点值或比例，请重新运行 yibao dip settle。"
            in yibao("open", "2025", "--published")[1]
        )
        opened.write("dip_point_values", published, opened.produced("by hand"))
    yibao("open", "2025", "--published")
    assert "还没有月预结算" in yibao("clear", "2025")[1]
    assert yibao("settle", "2025")[1].count("例，应付") == 12
    code, said = yibao("clear", "2025", "--on", "2026-04-10", "--out", str(tmp_path / "c"))
    assert (code, "第 1 次" in said, "家机构的清算单" in said) == (0, True, True)
    assert "基金去向" in said
    assert "结余留用与超支分担按机构" in said
    book = load_workbook(tmp_path / "c" / "年终清算-2025-第1次.xlsx")
    assert book.sheetnames == ["清算点值", "基金去向", "年终清算", "点数构成", "留用与分担"]
    parts = [row for row in book["点数构成"].iter_rows(min_row=3, values_only=True) if isinstance(row[2], int | float)]
    assert all(abs(sum(row[3:]) - row[2]) < 0.0001 for row in parts)
    pages = sorted((tmp_path / "c" / "清算单").glob("*.docx"))
    assert len(pages) == len(list((tmp_path / "c" / "清算单").glob("*.xlsx"))) > 5
    page = Document(str(pages[0]))
    assert page.paragraphs[0].text == "2025 年度按病种付费清算单"
    texts = {cell.text for table in page.tables for row in table.rows for cell in row.cells}
    assert {"清算应补拨", "考核系数", "合计", "新技术加分", "中医优势病种"} <= texts
    assert any("依据：示例市医保办发" in paragraph.text for paragraph in page.paragraphs)
    assert "没有新的差额" in yibao("clear", "2025", "--on", "2026-05-10")[1]
    assert "各月不再改动" in yibao("settle", "202501")[1]
    code, said = yibao("paid", "2025", "--on", "2026-04-25", "--part", "clearing-1")
    assert (code, "（应付，还没有付；请在拨付台账里登记付款，再导入）" in said) == (2, True)
    with Workspace.open(Path(county)) as opened:
        sums = opened.query("SELECT v.insurance_type, v.dip_fund, CAST(SUM(c.dip_payable) AS BIGINT) AS due FROM computed_dip_values AS v JOIN computed_dip_clearing AS c ON c.insurance_type = v.insurance_type GROUP BY v.insurance_type, v.dip_fund").read_all().to_pylist()  # fmt: skip
    assert sums
    assert all(row["due"] == row["dip_fund"] for row in sums)


def test_payments_that_the_bank_told_are_not_entered_again(yibao: Yibao) -> None:
    yibao("open", "2025", "--published")
    code, said = yibao("paid", "2025", "--on", "2025-02-20", "--part", "advance")
    assert (code, "已有拨付记录" in said) == (2, True)
    code, said = yibao("paid", "2025", "--on", "2025-02-20", "--part", "nothing")
    assert (code, "没有“nothing”这一部分" in said) == (2, True)
    assert "不是日期" in yibao("paid", "2025", "--on", "20日", "--part", "advance")[1]


def test_what_is_no_month_is_said(yibao: Yibao) -> None:
    for said in ("202513", "25", "202500"):
        code, out = yibao("settle", said)
        assert (code, "不是月份" in out) == (2, True)


def test_a_simulation_shows_booked_and_due_apart(yibao: Yibao, county: str, capsys: pytest.CaptureFixture[str]) -> None:
    yibao("open", "2025", "--published")
    yibao("settle", "2025")
    assert (
        run(["simulate", "--set", "resident.inpatient.rate.level2=0.60", "--from", "2025-01-01", "--workspace", county])
        == 0
    )
    said = capsys.readouterr().out
    assert "六、DIP 应付（万元）" in said
    assert "与上面的记账支出是两回事" in said
    assert "没有算" not in said
