"""The one-stop 结算单: this visit and the year to date, on one page, with the name masked."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
import yaml

from tests.settle.explain.bills import FOLDER, benefits, bills
from yibao.settle.batches import Settler
from yibao.settle.explain.names import Names, mask
from yibao.settle.explain.replay import replay
from yibao.settle.explain.slip import Slip, slip
from yibao.settle.explain.slip_sheet import write_sheet
from yibao.settle.explain.slip_word import write_word
from yibao.vocabulary.tables import load_tables

CASES = {case["id"]: case["bills"] for case in yaml.safe_load((FOLDER / "cases.yaml").read_text(encoding="utf-8"))}


def slip_of(said: list[dict[str, Any]]) -> Slip:
    table = bills(said)
    replayed = replay(Settler(benefits()), table, len(table) - 1)
    return slip(replayed, Names.of(load_tables(), replayed.bill, "试验市", mask("张小明"), "试验县人民医院"))


def test_the_year_to_date_is_the_sum_of_the_years_bills() -> None:
    paid = {line: (now, year) for line, now, year in slip_of(CASES["second_stay"]).paid}
    assert paid["基本医保"] == ("4,255.33", "6,845.33")  # 2,590.00 for the first stay
    assert paid["支付合计"] == ("4,255.33", "6,845.33")


def test_the_eight_lines_of_the_statement_are_always_there() -> None:
    lines = [line for line, _, _ in slip_of(CASES["simple_stay"]).paid]
    assert lines == ["基本医保", "大病", "意外伤害", "特惠保", "医疗救助", "医院减免", "财政兜底", "其他", "支付合计"]


def test_the_policy_block_names_what_stands_behind_the_patients_part() -> None:
    policy = dict(slip_of(CASES["second_stay"]).policy)
    assert (policy["乙类先自付"], policy["本次起付线"], policy["累计起付线（不含本次）"]) == (
        "80.55",
        "250.00",
        "500.00",
    )
    assert dict(slip_of(CASES["away_unreferred"]).policy)["县外就医转外自付"] == "6,000.00"
    assert dict(slip_of(CASES["critical_and_aid_of_the_poor"]).policy)["大病起付线"] == "6,500.00"


def test_a_reversal_takes_the_year_back_to_nothing() -> None:
    made = slip_of(CASES["reversal"])
    assert {line: (now, year) for line, now, year in made.paid}["基本医保"] == ("-7,030.00", "0.00")
    assert "冲正" in made.title


def test_an_own_layer_of_another_fund_has_its_own_line_also_in_a_reversal() -> None:
    table = bills([{"fees": [0, 0, 0, 1000], "hospital_level": "1"}, {"day": bills([{"fees": [0, 0, 0, 1]}])["policy_date"][0].as_py(), "reverses": 1}])  # fmt: skip
    rules = benefits().set("resident.inpatient.layers", None, ["preferential"], table["policy_date"][0].as_py())
    for knob, value in {
        "fund": "other",
        "base": ["coinsurance"],
        "over": "visit",
        "threshold": 0,
        "rate": Decimal("0.5"),
        "caps": [],
    }.items():
        rules = rules.set(f"resident.preferential.{knob}", None, value, table["policy_date"][0].as_py())
    made = [slip(replay(Settler(rules), table, at), Names.of(load_tables(), table.slice(at, 1).to_pylist()[0], "试验市", "张**", "院")) for at in (0, 1)]  # fmt: skip
    paid = [{line: (now, year) for line, now, year in one.paid} for one in made]
    assert (paid[0]["特惠保"], paid[0]["其他"]) == (("52.00", "52.00"), ("0.00", "0.00"))
    assert (paid[1]["特惠保"], paid[1]["其他"]) == (("-52.00", "0.00"), ("0.00", "0.00"))


@pytest.mark.parametrize("case", CASES)
def test_word_and_workbook_say_the_same_and_no_full_name(case: str, tmp_path: Path) -> None:
    made = slip_of(CASES[case])
    write_word(made, tmp_path / "a.docx")
    write_sheet(made, tmp_path / "a.xlsx")
    word = [
        c.text
        for table in docx.Document(str(tmp_path / "a.docx")).tables
        for row in table.rows
        for c in row.cells
        if c.text
    ]
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    assert set(word) <= set(cells)
    assert "张**" in word
    assert not any("小明" in cell for cell in cells)
