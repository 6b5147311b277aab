"""Typed figures as files bring them: exactly what was typed, and one clear sentence for everything else."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.appraise.filled import DATA, changed, folder
from yibao.appraise import literal_yaml, spreadsheet
from yibao.appraise.appraisal import appraise
from yibao.appraise.entries import read_entries
from yibao.appraise.folder import read_folder
from yibao.appraise.spreadsheet import read_spreadsheet
from yibao.appraise.template_folder import write_template
from yibao.appraise.typed import Typed, number
from yibao.errors import UserError
from yibao.money import exact_fen

HEADER = ["指标", "范围", "年度", "口径", "数值", "单位", "文件", "表", "位置"]


def read(tmp_path: Path, text: str | bytes) -> list[Typed]:
    file = tmp_path / "数.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_entries(file, "数据/数.yaml", 2025))


def one(tmp_path: Path, line: str) -> Typed:
    (typed,) = read(tmp_path, f"数据:\n  - 来源: 自评报告\n    数:\n      {line}\n")
    return typed


def refusal(tmp_path: Path, text: str | bytes) -> str:
    with pytest.raises(UserError) as error:
        read(tmp_path, text)
    return error.value.sentence


@pytest.mark.parametrize("digits", ["1997.20", "0.10", "24", "1,997.20", "007", "0", "-12.50", "1_000"])
def test_printed_zeros_stay(tmp_path: Path, digits: str) -> None:
    line = f'dept.balance: {{数值: "{digits}", 单位: 万元, 口径: 决算}}'
    if "_" in digits:
        with pytest.raises(UserError, match="不是一个数"):
            one(tmp_path, line)
        return
    typed = one(tmp_path, line)
    assert typed.number.text == digits.replace(",", "")
    assert typed.number.fen == exact_fen(digits.replace(",", ""), "万元")


@given(
    value=st.decimals(-(10**8), 10**8, places=4).filter(lambda d: not d.is_nan()),
    unit=st.sampled_from(["万元", "亿元"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
def test_what_is_typed_is_what_is_read(tmp_path: Path, value: Decimal, unit: str) -> None:
    typed = one(tmp_path, f"dept.balance: {{数值: {value:f}, 单位: {unit}, 口径: 决算}}")
    assert typed.number.value == value
    assert typed.number.text == f"{value:f}"
    assert typed.number.fen == value * (10**6 if unit == "万元" else 10**10)


@given(st.text(max_size=30))
def test_a_number_is_read_or_refused(text: str) -> None:
    try:
        made = number(text, "万元")
    except ValueError:
        return
    assert made.value.is_finite()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("dept.balance: {数值: nan, 单位: 万元, 口径: 决算}", "“nan”不是一个数"),
        ("dept.balance: {数值: inf, 单位: 万元, 口径: 决算}", "不是一个数"),
        ("dept.balance: {数值: 1e5, 单位: 万元, 口径: 决算}", "不是一个数"),
        ("dept.balance: {数值: 12a, 单位: 万元, 口径: 决算}", "不是一个数"),
        ("dept.balance: {数值: 1.2.3, 单位: 万元, 口径: 决算}", "不是一个数"),
        ("dept.balance: {数值: 1234567890123456789, 单位: 元, 口径: 决算}", "位数太多"),
        ("dept.balance: {数值: 99999999999, 单位: 亿元, 口径: 决算}", "太大"),
        ("dept.balance: {数值: 0.001, 单位: 元, 口径: 决算}", "比一分还细"),
        ("dept.balance: {数值: 5, 单位: 两, 口径: 决算}", "不认识单位“两”"),
        ("dept.balance: {数值: 5, 口径: 决算}", "没有单位"),
        ("dept.balance: {数值: 5, 单位: 人, 口径: 决算}", "单位应是万元一类"),
        ("dept.balance: {数值: 5万元, 单位: 元, 口径: 决算}", "与所写单位“元”不同"),
        ("dept.balance: {数值: 5, 单位: 万元}", "口径“”不认识"),
        ("dept.balance: {数值: 5, 单位: 万元, 口径: 大概}", "口径“大概”不认识"),
        ("dept.staff.in_post: -5人", "不能是负数"),
        ("dept.ballance: 5万元", "指标表里没有"),
        ("'': 5万元", "指标表里没有“”"),
        ("其他支出: 5万元", "不能确定是哪个指标"),
        ("当期结余率: 5%", "可能是：职工医保当期结余率（fund.employee.rate.balance）"),
        ("dept.balance: {数值: {甲: 乙}, 单位: 万元}", "应是一段文字"),
        ("dept.balance: [5, 6]", "有 2 个数，“列”有 0 列"),
    ],
)
def test_an_entry_that_is_none_is_refused_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(UserError) as error:
        one(tmp_path, line)
    assert said in error.value.sentence
    assert "“数据/数.yaml”第 4 行" in error.value.sentence


def test_the_subject_decides_between_figures_of_one_name(tmp_path: Path) -> None:
    text = "数据:\n  - 来源: 报告\n    所属: 城乡居民基本医疗保险基金\n    数: {当期结余率: 2.25%}\n"
    assert read(tmp_path, text)[0].key.figure == "fund.resident.rate.balance"


def test_columns_bring_year_and_basis_and_blanks_are_nothing(tmp_path: Path) -> None:
    text = "数据:\n  - 来源: 表\n    单位: 万元\n    列: [2024年决算, 2025年预算, 决算]\n    数:\n      公用经费: [394.38, —, 308.88]\n"
    assert [(t.key.year, t.key.basis) for t in read(tmp_path, text)] == [(2024, "final"), (2025, "final")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "是空的"),
        ("# 只有注释\n", "是空的"),
        ("- 甲\n", "“名称: 内容”的写法"),
        ("数据: 甲\n", "“数据”应是一个列表"),
        ("数据: []\n", "“数据”"),
        ("数据:\n  - {数: {甲: 1}}\n", "“来源”没有填写"),
        ("数据:\n  - {来源: {表: 甲}, 数: {}}\n", "要写明文件"),
        ("数据:\n  - 来源: 甲\n    数: {a: 1, a: 2}\n", "写了两次"),
        ("甲: [1, 2\n", "写法有误"),
        ("甲: &x 1\n乙: *x\n", "引用"),
        ("甲: \x00\n", "不能识别的字符"),
        ("甲: " + "[" * 30 + "]" * 30, "嵌套太深"),
        (b"\xff\xfe\xb0\xa1", "UTF-8"),
        ("!!python/object/apply:os.system [ls]\n", "“名称: 内容”的写法"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str | bytes, said: str) -> None:
    assert said in refusal(tmp_path, text)


def test_a_bomb_of_references_does_not_go_off(tmp_path: Path) -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{c}: &{c} [*{p}, *{p}, *{p}, *{p}]\n" for p, c in zip("abcdefghij", "bcdefghijk", strict=True)
    )
    assert "引用" in refusal(tmp_path, bomb)


def test_a_huge_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(literal_yaml, "LIMIT", 1000)
    assert "没有读取" in refusal(tmp_path, "甲: " + "x" * 1001)


def workbook(tmp_path: Path, rows: list[list[Any]], forms: dict[str, str] | None = None) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cell, form in (forms or {}).items():
        sheet[cell].number_format = form
    path = tmp_path / "数.xlsx"
    book.save(path)
    return path


def read_rows(tmp_path: Path, *rows: list[Any], forms: dict[str, str] | None = None) -> list[Typed]:
    path = workbook(tmp_path, [HEADER, *rows], forms)
    return list(read_spreadsheet(path, "数据/数.xlsx", 2025))


def row(value: Any, figure: str = "dept.balance") -> list[Any]:
    return [figure, None, None, "决算", value, "万元", "附件1", "基础数据表", "第三行"]


def test_a_workbook_is_read_row_by_row(tmp_path: Path) -> None:
    first, second = read_rows(
        tmp_path, row("95.50"), [None] * 9, ["公用经费", "本级", 2024, "预算", 18, "万元", "附件1", "", ""]
    )
    assert (first.number.text, first.key.year) == ("95.50", 2025)
    assert first.sources[0].cited == "附件1 基础数据表 第三行（数据/数.xlsx Sheet!2 行）"
    assert (second.key.scope, second.key.year, second.key.basis) == ("本级", 2024, "budget")


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [(95.5, "0.00", "95.50"), (1997.21, "General", "1997.21"), (1234.5, "#,##0.00", "1234.50"), (24, "0", "24")],
)
def test_a_number_reads_as_it_is_shown(tmp_path: Path, value: float, form: str, text: str) -> None:
    assert read_rows(tmp_path, row(value), forms={"E2": form})[0].number.text == text


@pytest.mark.parametrize(
    ("value", "form", "said"),
    [
        ("=1+1", "General", "E2 是公式"),
        (0.9544, "0.00%", "数字格式“0.00%”"),
        (95.456, "0.00", "显示为 95.46，存的却是 95.456"),
        (True, "General", "不是数字也不是文字"),
        ("#DIV/0!", "General", "错误值"),
        ("九十五", "General", "不是一个数"),
    ],
)
def test_a_cell_that_shows_something_else_is_refused(tmp_path: Path, value: Any, form: str, said: str) -> None:
    with pytest.raises(UserError) as error:
        read_rows(tmp_path, row(value), forms={"E2": form})
    assert said in error.value.sentence


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (["指标", "数值"], "缺少列“文件”"),
        ([*HEADER, "备注"], "“备注”不是列名"),
        ([*HEADER, "指标"], "写了两次"),
    ],
)
def test_columns_are_known_by_name(tmp_path: Path, header: list[str], said: str) -> None:
    path = workbook(tmp_path, [header, ["dept.balance", "1"]])
    with pytest.raises(UserError) as error:
        list(read_spreadsheet(path, "数据/数.xlsx", 2025))
    assert said in error.value.sentence


def test_a_row_says_where_its_number_comes_from(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="没有写“文件”"):
        read_rows(tmp_path, ["dept.balance", "", "", "决算", "5", "万元", "", "", ""])
    with pytest.raises(UserError, match="应是四位数"):
        read_rows(tmp_path, ["dept.balance", "", "25", "决算", "5", "万元", "甲", "", ""])


def test_files_that_are_no_workbook_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "数.xlsx"
    path.write_bytes(b"not a workbook")
    with pytest.raises(UserError, match=r"不是 \.xlsx"):
        list(read_spreadsheet(path, "数.xlsx", 2025))
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("hello.txt", "x")
    with pytest.raises(UserError, match="可能已损坏"):
        list(read_spreadsheet(path, "数.xlsx", 2025))
    empty = workbook(tmp_path, [])
    with pytest.raises(UserError, match="是空的"):
        list(read_spreadsheet(empty, "数.xlsx", 2025))
    monkeypatch.setattr(spreadsheet, "UNPACKED", 100)
    with pytest.raises(UserError, match="解压后超过"):
        read_rows(tmp_path, row("1"))
    monkeypatch.setattr(spreadsheet, "LIMIT", 100)
    with pytest.raises(UserError, match="没有读取"):
        read_rows(tmp_path, row("1"))


def test_a_workbook_and_a_text_file_make_one_book(tmp_path: Path) -> None:
    root = folder(tmp_path)
    workbook(root / "figures" / "数据", [HEADER, row("50.5")])
    assert any(key.figure == "dept.balance" for key in appraise(root).book.chosen)


def test_a_folder_without_figures_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="yibao appraise new"):
        read_folder(tmp_path)


def test_a_stray_file_is_asked_about(tmp_path: Path) -> None:
    root = folder(tmp_path)
    (root / "figures" / "数据" / "旧表.xls").write_bytes(b"x")
    with pytest.raises(UserError, match=r"旧表\.xls”不是要读的文件"):
        read_folder(root)


def test_the_template_asks_for_nothing_but_its_blanks(tmp_path: Path) -> None:
    written = write_template(tmp_path / "新")
    assert len(written) == 10
    with pytest.raises(UserError) as error:
        read_folder(tmp_path / "新")
    assert "行标着【待填】没有填写" in error.value.sentence
    with pytest.raises(UserError, match="没有改动"):
        write_template(tmp_path / "新")


def test_the_template_filled_in_can_be_appraised(tmp_path: Path) -> None:
    root = tmp_path / "新"
    for file in write_template(root):
        if file.name == "报告用数.yaml":
            file.unlink()  # what the report's sentences quote: see test_template
            continue
        file.write_text(filled_in(file.read_text(encoding="utf-8")), encoding="utf-8")
    appraisal = appraise(root)
    assert appraisal.sheets[0].total == Decimal("100.00")
    assert appraisal.blocking == ()


def filled_in(text: str) -> str:
    """The template with plausible answers, in the order of its blanks."""
    answers = {
        "名称: 【待填】": "名称: 东河县医疗保障局", "年度: 【待填】": "年度: 2025", "地区: 【待填】": "地区: cn-4306",
        "日期: 【待填】": "日期: 2026-03-01", "[【待填】, 【待填】, 【待填】]": "[100, 100, 100]", "[【待填】, 【待填】]": "[5, 5]",
        "basic: 【待填】": "basic: 60", "project: 【待填】": "project: 40", "establishment: 【待填】": "establishment: 20",
        "in_post: 【待填】": "in_post: 20", "total: 【待填】": "total: 30.5", "措施: 【待填】": 'x: ""',
        "方向: ≥, 目标: 【待填】, 实际: 【待填】": "方向: ≥, 目标: 90, 实际: 95",
        "方向: ≥, 目标: 【待填】": "方向: ≥, 目标: 30", "分值: 【待填】": "分值: 18", "得分: 【待填】": "得分: 18", "【待填】": "按要求完成",
    }  # fmt: skip
    for blank, answer in answers.items():
        text = text.replace(blank, answer.replace("x:", "措施:"))
    return text


def test_the_templates_are_yaml_that_other_programs_read_too(tmp_path: Path) -> None:
    for file in (f for f in write_template(tmp_path / "新") if f.suffix == ".yaml"):
        assert isinstance(yaml.safe_load(file.read_text(encoding="utf-8")), dict)


def test_data_may_change_only_where_it_says(tmp_path: Path) -> None:
    root = folder(tmp_path, data=changed(DATA, "18人", "18.0人"))
    assert read_folder(root).typed[4].number.text == "18.0"
