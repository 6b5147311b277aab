"""Years drawn at random: the folder of figures of an invented bureau, all figures in agreement, for `yibao appraise`.

draw_year("益阳", 7)   the same files every time; `far=True` adds results far from their budgets, each with a reason
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import yaml

from bench.accounts_facts import Purse
from bench.county import County, draw_county
from bench.years.accounts import draw_final_accounts
from bench.years.department import draw_department
from bench.years.funds import draw_funds
from bench.years.ledger import Coin, Ledger, data_files, percent
from bench.years.sheets import Sheets
from bench.years.texts import draw_texts
from bench.years.watched import people

REGIONS = {"益阳": ("cn-43", "cn-4309"), "岳阳": ("cn-4306",), "广东": ("cn-44", "cn-4452"), "决算": ("cn-43", "cn")}
LAYOUTS = tuple(REGIONS)
COINS = [
    Coin("万元", 2),
    Coin("万元", 2),
    Coin("万元", 2, True),
    Coin("万元", 2, True),
    Coin("万元", 1),
    Coin("万元", 0),
    Coin("万元", 4),
    Coin("元", 2),
    Coin("元", 0),
]

REASONS = {
    True: ("年中根据上级文件增加了支出安排", "业务量比年初测算的大，按程序追加"),
    False: ("厉行节约，压减了非急需支出", "部分工作推迟到下年，支出相应减少"),
}


@dataclass(frozen=True, slots=True)
class DrawnYear:
    """The files of DIR/figures by their path in it, and every figure typed."""

    layout: str
    seed: int
    files: Mapping[str, str | bytes] = field(repr=False)
    ledger: Ledger = field(repr=False)

    def write(self, folder: Path) -> Path:
        """DIR, with its folder figures/."""
        for name, content in self.files.items():
            path = folder / "figures" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder


def draw_year(layout: str, seed: int, far: bool = False) -> DrawnYear:
    rng = random.Random(f"{layout}-{seed}-{far}")
    ledger = Ledger(rng.randint(2020, 2026), rng.choice(COINS))
    county, region = draw_county(rng), rng.choice(REGIONS[layout])
    files: dict[str, str | bytes] = {}
    if layout == "决算":
        draw_final_accounts(rng, ledger, far)
        people(rng, ledger)
        projects = False
    else:
        department = draw_department(rng, ledger, Purse(rng, ledger.coin.grain), far, layout == "广东")
        draw_funds(rng, ledger, far)
        _supervision(rng, ledger)
        sheets = Sheets(rng, ledger, region)
        for at, project in enumerate(department.projects, 1):
            if rng.random() < 0.5:
                share = Decimal(rng.randint(8500, 10000)) / 10_000
                ledger.count("dept.appraisal.satisfaction", percent(share), scope=project.name, source="问卷调查")
            files[f"指标/项目-{at}.yaml"] = sheets.project(project)
        files["指标/整体支出.yaml"] = sheets.department()
        projects = bool(department.projects)
    files |= data_files(ledger, rng)
    files |= draw_texts(rng, ledger, county, layout, projects)
    files["单位.yaml"] = _bureau(rng, ledger, county, layout, region)
    if explained := sorted(set(ledger.far())):
        reasons = [{"偏差": name, "理由": rng.choice(REASONS[above])} for name, above in explained]
        files["取舍.yaml"] = str(yaml.safe_dump({"说明": reasons}, allow_unicode=True, sort_keys=False))
    return DrawnYear(layout, seed, files, ledger)


def _supervision(rng: random.Random, ledger: Ledger) -> None:
    """What texts and indicators quote of supervision, assistance and satisfaction."""
    coin = Coin("万元", 2)
    if rng.random() < 0.7:
        ledger.count("audit.coverage", percent(Decimal(rng.randint(8800, 10000)) / 10_000), source="监管台账")
        checked = rng.randint(80, 900)
        ledger.count("audit.institutions_checked", f"{checked}家", source="监管台账")
        ledger.count("audit.institutions_punished", f"{rng.randint(1, checked)}家", source="监管台账")
        ledger.money("audit.recovered", Decimal(rng.randint(50_000, 90_000_000)), source="监管台账", coin=coin)
        ledger.money("audit.penalty", Decimal(rng.randint(20_000, 20_000_000)), source="监管台账", coin=coin)
    if rng.random() < 0.6:
        ledger.count("assistance.visits", f"{rng.randint(3_000, 90_000)}人次", source="救助台账")
        ledger.money("assistance.amount", Decimal(rng.randint(3_000_000, 90_000_000)), source="救助台账", coin=coin)
    if rng.random() < 0.7:
        ledger.count(
            "dept.appraisal.satisfaction", percent(Decimal(rng.randint(8500, 10000)) / 10_000), source="问卷调查"
        )


def _bureau(rng: random.Random, ledger: Ledger, county: County, layout: str, region: str) -> str:
    """单位.yaml: dates after the year in their order, institutions that add up."""
    start = date(ledger.year + 1, rng.randint(2, 4), rng.randint(1, 28))
    filed = start + timedelta(days=rng.randint(4, 12))
    signed = filed + timedelta(days=rng.randint(0, 6))
    dates = [
        {"事项": "自评工作", "类别": "自评", "日期": str(start), "至": str(start + timedelta(days=rng.randint(1, 4)))},
        *({"事项": what, "类别": "填报", "日期": str(filed)} for what in ("基础数据表填报", "整体支出自评表填报", "项目支出自评表填报", "基金表填报") if rng.random() < 0.85),
        {"事项": "报告落款", "类别": "落款", "日期": str(signed)},
        {"事项": "公开", "类别": "公开", "日期": str(signed + timedelta(days=rng.randint(1, 15)))},
    ]  # fmt: skip
    bodies = [{"名称": "内设行政科室", "个数": len(county.sections)}]
    centres = len(county.centres)
    parts = [{"名称": "公益一类事业单位", "个数": centres - 1}, {"名称": "公益二类事业单位", "个数": 1}]
    bodies.append({"名称": "直属单位", "个数": centres} | ({"其中": parts} if rng.random() < 0.5 else {}))
    content = {
        "名称": county.bureau,
        "年度": ledger.year,
        "地区": region,
        "版式": layout,
        "日期": dates,
        "机构": bodies,
    }
    if ledger.has("dept.rate.control") and region.startswith("cn-44"):
        content["口径"] = {"预算控制率": "control-added"}
    if layout != "广东" and rng.random() < 0.5:
        content["表内文字"] = {"厉行节约保障措施": "严控一般性支出，落实过紧日子的要求。"}
    return str(yaml.safe_dump(content, allow_unicode=True, sort_keys=False))
