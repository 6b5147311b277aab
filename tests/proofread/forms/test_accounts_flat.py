"""Tables that came as lines of text are read from their words and the order of amounts."""

from __future__ import annotations

from decimal import Decimal

from yibao.proofread.document import Paragraph, Source
from yibao.proofread.forms.accounts_flat import flat_forms
from yibao.proofread.forms.accounts_table import Account
from yibao.proofread.forms.facts import FormContext


def read(text: str) -> dict[str, Account]:
    blocks = tuple(Paragraph(line, line=i) for i, line in enumerate(text.strip().split("\n")))
    source = Source("样例.txt", "text", blocks)
    forms = flat_forms(source, [], FormContext("样例.txt", 0, year=2031))
    return {f.account.kind: f.account for f in forms if f.account}


SUMMARY = """收入支出决算总表
单位：万元
收入 支出
项目 决算数 项目 决算数
一、一般公共预算财政拨款收入 80.00 一、一般公共服务支出
二、政府性基金预算财政拨款收入 二、社会保障和就业支出 10.00
三、其他收入 三、卫生健康支出 75.00
本年收入合计 80.00 本年支出合计 85.00
年初结转和结余 6.00 年末结转和结余 1.00
总计 86.00 总计 86.00
注：本表反映总收支。"""


def test_lost_blanks_do_not_move_an_amount_to_the_other_side() -> None:
    account = read(SUMMARY)["summary"]
    assert account.amount("government_fund", "income") is None
    assert account.line("class", "expense") is not None
    assert {x.code: x.value() for x in account.on("expense") if x.role == "class"} == {
        "201": 0,
        "208": 100_000,
        "210": 750_000,
    }
    assert account.line("opening", "income").value() == 60_000  # type: ignore[union-attr]


ITEMS = """支出决算表
单位：万元
项目
本年支出合计 基本支出 项目支出
科目编码 科目名称
合计 9.00 5.00 4.00
210 卫生健康支出 9.00 5.00 4.00
机关事业单位基
2101501 6.00 5.00 1.00
本运行
21015
医疗保障管理事务 9.00 5.00 4.00
2101502 一般行政管理事务 3.00 0.00 3.00
说明：无。"""


def test_codes_are_found_on_lines_of_their_own_and_without_names() -> None:
    account = read(ITEMS)["expense"]
    found = {x.code: (x.value(), x.value("basic")) for x in account.items()}
    assert found == {"210": (90000, 50000), "2101501": (60000, 50000), "21015": (90000, 50000), "2101502": (30000, 0)}


def test_every_number_is_told_at_its_own_line() -> None:
    account = read(ITEMS)["expense"]
    line = next(x for x in account.items() if x.code == "2101502")
    number = line.amounts["project"]
    assert number.evidence.quote == "2101502 一般行政管理事务 3.00 0.00 3.00"
    assert number.evidence.place.block == 12
    assert number.key == (12, 0, 4)


def test_rows_with_unequal_counts_name_only_their_total() -> None:
    account = read(ITEMS.replace("3.00 0.00 3.00", "3.00 3.00"))["expense"]
    line = next(x for x in account.items() if x.code == "2101502")
    assert set(line.amounts) == {"total"}
    assert [n.value for n in line.other] == [30000]


def test_three_public_is_read_where_one_order_fits() -> None:
    text = """2031年“三公”经费预算表
单位：万元
“三公”经费预算数
公务用车购置及运行费
合计 因公出国(境)费 公务接待费
小计 购置费 运行费
37.91 0 1.35 36.56 15 21.56
注：说明。"""
    account = read(text)["three_public"]
    assert {x.role: x.value("budget") for x in account.lines} == {
        "total": Decimal(379_100), "abroad": 0, "reception": Decimal(13_500), "vehicle": Decimal(365_600),
        "purchase": Decimal(150_000), "running": Decimal(215_600),
    }  # fmt: skip


def test_three_public_that_fits_no_order_is_left_alone() -> None:
    text = """2031年“三公”经费预算表
单位：万元
公务用车购置及运行费
合计 因公出国(境)费 公务接待费
小计 购置费 运行费
37.91 0 1.35 36.55 15 21.56
注：说明。"""
    assert "three_public" not in read(text)


def test_a_table_of_contents_and_prose_open_nothing() -> None:
    assert read("一、收入支出决算总表……3\n二、收入决算表……4\n我局2031年收入决算表见附件，合计80.00万元。") == {}
