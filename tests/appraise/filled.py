"""A small year that fits together: tests change one thing in it and look at what is said."""

from __future__ import annotations

from pathlib import Path

BUREAU = """\
名称: 东河县医疗保障局
年度: 2025
地区: cn-43
日期:
  - {事项: 自评工作, 类别: 自评, 日期: 2026-03-02}
  - {事项: 报告落款, 类别: 落款, 日期: 2026-03-10}
"""
DATA = """\
数据:
  - 来源: {文件: 自评表, 位置: 年度预算申请}
    单位: 万元
    列: [年初预算, 全年预算, 决算]
    数:
      dept.funds.total: [600, 652, 601.5]
  - 来源: 基础数据表
    数:
      dept.staff.establishment: 20人
      dept.staff.in_post: 18人
      dept.staff.control_rate: 90.00%
  - 来源: 自评报告
    数:
      参保总人数: 21.50万人
"""
SHEET = """\
名称: 部门整体支出绩效自评表
类型: 整体支出
计分: 规则
资金:
  年初预算: "{dept.funds.total:年初预算}"
  全年预算: "{dept.funds.total:全年预算}"
  全年执行: "{dept.funds.total}"
  分值: 10
  得分: 9.23
  执行率: 92%
  偏差原因及改进措施: 一个项目转入下年
指标:
  - {一级: 产出指标, 二级: 数量指标, 三级: 参保人数, 方向: ≥, 目标: 21.00, 实际: "{fund.insured.total}", 单位: 万人, 分值: 40}
  - {一级: 产出指标, 二级: 时效指标, 三级: 待遇发放, 方向: 期限, 目标: 2025-12-31, 实际: 2025-12-30, 分值: 20}
  - {一级: 效益指标, 二级: 社会效益指标, 三级: 基金安全, 方向: 定性, 目标: 保持安全, 实际: 安全, 档次: 达成预期, 分值: 20, 得分: 20}
  - {一级: 效益指标, 二级: 经济效益指标, 不适用: 是}
  - {一级: 满意度指标, 二级: 服务对象满意度指标, 三级: 满意度, 方向: ≥, 目标: 90, 实际: 95, 单位: "%", 分值: 10}
各级分值:
  - {指标: 产出指标, 分值: 60, 得分: 60}
总分: {得分: 99.23}
"""


def folder(
    tmp_path: Path, *, bureau: str = BUREAU, data: str = DATA, sheet: str | None = SHEET, choices: str = ""
) -> Path:
    """The year written to a folder, with what a test changes in it."""
    root = tmp_path / "东河县" / "figures"
    for name in ("数据", "指标"):
        (root / name).mkdir(parents=True, exist_ok=True)
    (root / "单位.yaml").write_text(bureau, encoding="utf-8")
    (root / "数据" / "全部.yaml").write_text(data, encoding="utf-8")
    if sheet is not None:
        (root / "指标" / "整体支出.yaml").write_text(sheet, encoding="utf-8")
    if choices:
        (root / "取舍.yaml").write_text(choices, encoding="utf-8")
    return root.parent


def more(line: str, data: str = DATA, source: str = "另一份文件") -> str:
    """The data with one more figure from another document."""
    return f"{data}  - 来源: {source}\n    数:\n      {line}\n"


def changed(text: str, old: str, new: str) -> str:
    """A text with one part replaced; a test that changes nothing is a mistake."""
    assert text.count(old) == 1, old
    return text.replace(old, new)
