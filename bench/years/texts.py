"""The bureau's own words of a drawn year: Markdown that quotes figures, one file a section, some optional ones left out."""

from __future__ import annotations

import random
import re

from bench.county import County
from bench.years.ledger import Ledger

DUTIES = [
    "拟订并组织实施医疗保险、生育保险、医疗救助的政策和规划。", "管理和监督医疗保障基金，防范基金风险。", "执行医保药品、耗材和服务设施目录及支付标准。",
    "监督药品和医用耗材的招标采购。", "管理定点医药机构协议，查处医疗保障领域的违法违规行为。", "指导医保经办和信息化建设。",
]  # fmt: skip
#: sentences with the figures that they need
TOLD = {
    "项目支出": ["项目资金实行专款专用，按进度支付。"],
    "基金管理": ["基金实行收支两条线管理，专户存储，专款专用。", "{年度}年基金预决算收支情况如下。"],
    "职工医保基金": ["人均基金支出{人均(fund.employee.expense.total, fund.insured.employee)}。", "基金收入比支出{高低(fund.employee.income.total, fund.employee.expense.total)}。", "期末滚存结余{fund.employee.closing}。"],
    "居民医保基金": ["{年度}年居民医保基金收入{fund.resident.income.total}，{增减(fund.resident.income.total)}。", "财政补贴收入{fund.resident.income.subsidy}，占总收入的{比率(fund.resident.income.subsidy, fund.resident.income.total)}。"],
    "问题": ["**预算编制不够细。**有的支出在年中安排，{年度}年全年预算数{dept.funds.total:全年预算}，年初预算{dept.funds.total:年初预算}。", "基层经办力量不足，业务培训还不够。"],
    "措施": ["**做实年初预算。**把已经明确的支出列足，减少年中调整。", "**加快支出进度。**年终结余{dept.balance}结合下一年度预算统筹使用。", "**加强基金监管。**综合运用现场检查和数据筛查。"],
    "结果应用": ["自评结果用于编制下一年度部门预算和修订绩效目标。"],
    "公开": ["自评报告和自评表一并公开。"],
    "其他": ["没有其他需要说明的情况。"],
    "主要工作": ["落实参保登记、待遇支付和基金监管各项任务。", "全年检查定点医药机构{audit.institutions_checked}，追回医保基金{audit.recovered}，行政罚款{audit.penalty}。"],
    "运行情况": ["基金运行总体平稳，待遇按时足额支付。", "{年度}年实施医疗救助{assistance.visits}，医疗救助支出{assistance.amount}。"],
    "固定资产": ["固定资产全部在用，按规定登记入账。"],
    "评价人员": ["评价工作由办公室牵头，各科室派员参加。"],
    "绩效目标": ["扩大参保覆盖面，落实待遇政策，提升经办服务水平。"],
    "自评过程": ["先由各科室对照目标自查，再由办公室汇总核对。"],
    "预算监督": ["预算和决算按规定公开，内部控制制度执行到位。"],
    "使用效益": ["{年度}年基本医疗保险参保人数{fund.insured.total}，其中职工医保{fund.insured.employee}，城乡居民医保{fund.insured.resident}。", "日常公用经费占基本支出的{比率(dept.expense.public, dept.expense.basic)}。"],
    "政府性基金": [],
    "国有资本": [],
    "项目概况": ["项目按批复的内容组织实施。"],
    "项目决策": ["立项依据充分，绩效目标明确。"],
    "项目过程": ["资金拨付手续齐全，专款专用。"],
    "项目问题": ["项目前期准备时间偏紧。"],
    "项目措施": ["提前做好项目准备。"],
    "一般性支出": ["{年度}年度没有举办节庆、晚会、论坛、赛事活动。"],
    "预算绩效": ["按要求开展了绩效自评，自评结果用于改进管理。"],
    "名词解释": ["1. 基本支出：为保障机构正常运转、完成日常工作任务而发生的支出。", "2. 项目支出：在基本支出之外为完成特定任务和目标发生的支出。"],
}  # fmt: skip
FILES = {
    "益阳": ("职能职责", "机构设置", "项目支出", "政府性基金", "国有资本", "基金管理", "职工医保基金", "居民医保基金", "问题", "措施", "结果应用", "公开", "其他", "项目概况", "项目决策", "项目过程", "项目问题", "项目措施"),
    "岳阳": ("职能职责", "主要工作", "运行情况", "固定资产", "评价人员", "问题", "措施", "结果应用", "其他"),
    "广东": ("职能职责", "主要工作", "绩效目标", "评价人员", "自评过程", "预算监督", "使用效益", "问题", "措施", "其他"),
    "决算": ("职能职责", "机构设置", "政府性基金", "国有资本", "一般性支出", "预算绩效", "名词解释"),
}  # fmt: skip
NEEDED = {"职能职责", "措施", "结果应用", "问题", "自评过程"}


def draw_texts(rng: random.Random, ledger: Ledger, county: County, layout: str, projects: bool) -> dict[str, str]:
    """The files of 文字/ for a layout."""
    found = {}
    for name in FILES[layout]:
        if name.startswith("项目") and name != "项目支出" and not projects:
            continue
        if name not in NEEDED and rng.random() < 0.35:
            continue
        lines = _lines(rng, ledger, county, name)
        if lines:
            found[f"文字/{name}.md"] = "\n\n".join(lines) + "\n"
    return found


def _lines(rng: random.Random, ledger: Ledger, county: County, name: str) -> list[str]:
    if name == "职能职责":
        return ["\n".join(f"{i}. {duty}" for i, duty in enumerate(rng.sample(DUTIES, rng.randint(2, len(DUTIES))), 1))]
    if name == "机构设置":
        return [f"内设科室为{'、'.join(county.sections)}；直属单位为{'、'.join(county.centres)}。"]
    if name == "政府性基金":
        return [] if ledger.final("dept.expense.government_fund") else ["本单位{年度}年度无政府性基金预算支出。"]
    if name == "国有资本":
        return [] if ledger.final("dept.expense.state_capital") else ["本单位{年度}年度无国有资本经营预算支出。"]
    return [line for line in TOLD[name] if _quotable(ledger, line)]


def _quotable(ledger: Ledger, line: str) -> bool:
    """Every figure of the line is there, and last year's where it is compared with."""
    for inside in re.findall(r"\{([^{}]*)\}", line):
        names = re.findall(r"[a-z_]+(?:\.[a-z_0-9]+)+(?::[^,}@]+)?", inside)
        if not all(ledger.has(name) for name in names):
            return False
        if inside.startswith("增减") and not all(ledger.has(f"{name}@{ledger.year - 1}") for name in names):
            return False
        if inside.startswith(("人均", "比率")) and ledger.final(names[-1]) <= 0 and names[-1].startswith("dept"):
            return False
    return True
