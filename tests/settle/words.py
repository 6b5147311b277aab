"""The Chinese words of the scenarios, as a settlement sheet has them."""

from __future__ import annotations

BUCKETS = ("full_selfpay", "over_cap", "pre_selfpay", "in_scope")
MONEY = frozenset((*BUCKETS, "total", "credited", "family", "cap_raise"))

_VISIT = {
    "单据": "id", "姓名": "person_no", "险种": "scheme", "医疗类别": "care", "出院日期": "discharge", "入院日期": "start", "年度": "year",
    "总费用": "total", "全自费": "full_selfpay", "超限价": "over_cap", "先行自付": "pre_selfpay", "政策范围内": "in_scope",
    "医院级别": "level", "就医地": "area", "人员": "person", "身份": "identities", "公务员": "civil", "企业补充": "enterprise",
    "年龄": "age", "病种": "disease", "机构": "provider", "生育类别": "maternity", "胎数": "fetus", "签约": "signed",
    "转院": "transfer", "中途结算": "mid_stay", "疫情": "epidemic", "跨省": "across", "接续": "continues", "账户已划入": "credited",
    "使用账户": "uses_account", "家庭账户可用": "family", "激励额度": "cap_raise", "冲销": "reverses",
}  # fmt: skip
FIELDS = _VISIT | {english: english for english in _VISIT.values()}

VALUES: dict[str, str | int] = {
    "居民": "resident", "职工": "employee", "离休": "cadre",
    "住院": "inpatient", "门诊": "outpatient", "慢特病": "chronic", "两病": "two_diseases", "双通道": "dual_channel", "药店": "pharmacy",
    "生育": "maternity", "长护": "long_term_care", "急诊": "emergency",
    "三级": 3, "二级": 2, "一级": 1, "未定级": 0,
    "本地": "home", "异地长期居住": "settled_away", "转诊": "referred", "异地急诊": "away_emergency", "未转诊": "unreferred",
    "在职": "in_service", "退休": "retired", "灵活就业": "flexible", "成年": "adult", "未成年": "minor", "学生": "student",
    "新生儿": "newborn", "离休人员": "cadre",
    "特困": "tekun", "孤儿": "guer", "低保": "dibao", "低保边缘": "dibao_bianyuan",
    "接中途结算": 1, "接转院": 2, "上转": 3, "下转": 4,
}  # fmt: skip

RESULTS = {
    "第几次": "n", "起付标准": "standard", "本次起付线": "deductible_due", "起付线支付": "deductible_paid", "转外自付": "first_pay",
    "统筹应付": "pool_due", "统筹支付": "pool_pay", "公务员补助": "fund.civil_servant", "企业补充支付": "fund.enterprise_supplement",
    "大病": "fund.resident_critical_illness", "大额": "fund.employee_large_amount", "伤残": "fund.disabled_person",
    "救助": "fund.medical_aid", "其他基金": "fund.other", "医院减免": "fund.hospital", "基金支付合计": "fund_pay_total",
    "账户支付": "account", "家庭账户支付": "family", "现金": "cash", "个人负担": "person_burden",
}  # fmt: skip
