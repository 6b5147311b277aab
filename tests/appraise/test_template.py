"""A newcomer's folder: what `appraise new` writes is enough, filled in, for the documents of every layout."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from yibao import cli
from yibao.appraise.report.layout import layouts
from yibao.appraise.template_folder import write_template
from yibao.appraise.template_report import figures, texts
from yibao.errors import UserError
from yibao.proofread import check_package
from yibao.proofread.findings import Severity
from yibao.proofread.read import read_package

LAYOUTS = sorted(layouts())
NUMBERS = {
    "dept.funds.total": "100", "dept.expense.basic": "60", "dept.expense.project": "40", "dept.expense.general": "100",
    "dept.three_public.total": "5", "dept.expense.public": "5", "dept.staff.establishment": "20", "dept.staff.in_post": "20",
    "fund.insured.total": "30.5", "dept.expense.government_fund": "0", "dept.expense.state_capital": "0",
    "dept.income.total": "100", "dept.expense.total": "100", "dept.income.fiscal": "100",
    "dept.income.other": "0", "dept.expense.personnel": "55", "dept.income.general": "100",
    "dept.income.government_fund": "0", "dept.carry.opening": "0", "dept.carry.closing": "0", "dept.income.grand": "100",
    "dept.income.fiscal_grand": "100", "dept.expense.fiscal_grand": "100", "dept.expense.fiscal": "100",
    "dept.expense.grand": "100", "dept.function.210": "100", "dept.wages": "55", "dept.goods_services": "5",
    "dept.three_public.abroad": "0", "dept.three_public.vehicle": "5", "dept.three_public.vehicle_purchase": "0",
    "dept.three_public.vehicle_running": "5", "dept.three_public.reception": "0",
}  # fmt: skip
TEXT = "按照职责和年度计划做好医疗保障工作。"
WORDS = {
    "名称: 【待填】": "名称: 东河县医疗保障局", "年度: 【待填】": "年度: 2025", "地区: 【待填】": "地区: cn-43",
    "日期: 【待填】": "日期: 2026-03-01", "措施: 【待填】": '措施: ""', "文件: 【待填】": "文件: 部门决算报表",
    "方向: ≥, 目标: 【待填】, 实际: 【待填】": "方向: ≥, 目标: 90, 实际: 95", "方向: ≥, 目标: 【待填】": "方向: ≥, 目标: 30",
    "分值: 【待填】": "分值: 18", "得分: 【待填】": "得分: 18",
}  # fmt: skip


def fill(file: Path) -> None:
    """The blanks of one file as a clerk would answer them; what is marked as optional stays as it is."""
    if file.suffix == ".md":
        file.write_text(TEXT, encoding="utf-8")
        return
    lines: list[str] = []
    scope: re.Match[str] | None = None
    for line in file.read_text(encoding="utf-8").splitlines():
        figure = re.match(r"      ([\w.]+): ", line)
        scope = re.match(r'    范围: "(301|302)', line) or (scope if "来源" not in line else None)
        if figure and "【待填】" in line:
            number = {"301": "55", "302": "5"}[scope[1]] if scope else NUMBERS[figure[1]]
            line = line.replace("【待填】", number)
        elif not line.startswith("#"):
            for blank, answer in WORDS.items():
                line = line.replace(blank, answer)
            line = line.replace("【待填】", "按要求完成") if "- {" in line else line
        lines.append(line)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_filled_in_it_makes_documents_without_error_or_warning(
    layout: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in write_template(tmp_path / "新", layout):
        fill(file)
    code = cli.run(["appraise", str(tmp_path / "新")])
    out, err = capsys.readouterr()
    assert code == 0, out[-1500:] + err
    assert any(f.suffix == ".docx" for f in (tmp_path / "新" / "out").iterdir())
    found = [f for r in check_package(read_package(tmp_path / "新" / "out")) for f in r.findings]
    assert [f.message for f in found if f.severity is not Severity.INFO] == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_forms_can_be_made_before_the_texts(layout: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in write_template(tmp_path / "新", layout):
        if file.suffix != ".md":
            fill(file)
    assert cli.run(["appraise", str(tmp_path / "新")]) == 1
    assert "还标着【待填】" in capsys.readouterr().out
    assert cli.run(["appraise", str(tmp_path / "新"), "--forms"]) == 0


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_files_are_yaml_and_name_their_layout(layout: str, tmp_path: Path) -> None:
    files = write_template(tmp_path / "新", layout)
    content = {f.name: yaml.safe_load(f.read_text(encoding="utf-8")) for f in files if f.suffix == ".yaml"}
    assert content["单位.yaml"]["版式"] == layout
    assert ("整体支出.yaml" in content) == (layout != "决算")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_optional_figures_can_be_switched_on(layout: str, tmp_path: Path) -> None:
    """Delete “# ” before every line, and the file still is one: nothing is out of place."""
    files = [f.read_text(encoding="utf-8") for f in write_template(tmp_path / "新", layout) if "数据" in str(f)]
    text = next(text for text in files if "报告的句子要用的数" in text)
    body = re.sub(r"(?m)^# (?=  )", "", text)
    groups = yaml.safe_load(body)["数据"]
    asked = {figure for group in groups for figure in group["数"]}
    needed, optional = figures(layouts()[layout])
    assert {name for name, _ in optional} & asked
    assert all(name in "".join(files) for name, _ in (*needed, *optional))


def test_needed_texts_are_those_that_alone_fill_a_section() -> None:
    assert set(texts(layouts()["岳阳"])[0]) == {"职能职责", "问题", "措施"}
    assert "项目概况" not in texts(layouts()["决算"])[1]


def test_an_unknown_layout_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="可写"):
        write_template(tmp_path / "新", "火星")
    assert not (tmp_path / "新").exists()


def test_the_command_tells_what_else_can_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["appraise", "new", str(tmp_path / "新"), "--layout", "岳阳"]) == 0
    err = capsys.readouterr().err
    assert "版式“岳阳”" in err
    assert "主要工作、运行情况" in err
    assert cli.run(["appraise", str(tmp_path / "新"), "--layout", "岳阳"]) == 2
