"""The page for clerks says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from yibao.region.benefits.manual import PAGE, filled
from yibao.region.packs import load_packs


def test_the_tables_are_those_of_the_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert filled(page) == page, "运行 python -m yibao.region.benefits.manual"
    assert "| 医院等级 | `level3` | 三级 |" in page
    assert "`bands_from`" in page


def test_the_example_of_the_page_loads(tmp_path: Path) -> None:
    manifest, notice, cell, bound = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    pack = tmp_path / "cn-9904"
    pack.mkdir()
    (pack / "pack.yaml").write_text(manifest.replace("parent: cn ", ""), encoding="utf-8")
    text = yaml.safe_load(cell)
    assert text["三级 次数>=2"] == 500
    more = f"      - {{key: employee.inpatient.deductible, value: {cell.strip()}, clause: 第三条}}\n"
    (pack / "notice.yaml").write_text(notice + more + bound, encoding="utf-8")
    assert len(load_packs(tmp_path)["cn-9904"].parameters) == 3
