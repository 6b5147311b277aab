"""The closed list of knobs: what a pack may say of a care, of a layer and of a scheme (ADR 0014).

A key is `scheme.part.knob`, or `scheme.knob`. A part is a care, or else a layer: a fund that pays after the pool.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from yibao.region.benefits.plan import Component, Fund

SCHEMES = {"resident": "居民", "employee": "职工", "cadre": "离休"}
CARES = {
    "inpatient": "住院",
    "outpatient": "普通门诊",
    "chronic": "门诊慢特病",
    "two_diseases": "两病门诊",
    "dual_channel": "双通道药品",
    "pharmacy": "药店购药",
    "maternity": "生育",
    "long_term_care": "长期护理",
    "emergency": "急诊",
}
#: layers by their usual names; a pack may name more
LAYERS = {
    "critical": "大病保险",
    "large": "大额补助",
    "civil": "公务员补助",
    "enterprise": "企业补充",
    "aid": "医疗救助",
    "aid_again": "再救助",
    "accident": "意外伤害",
    "preferential": "特惠保",
    "fiscal": "财政兜底",
}

COMPONENTS: Mapping[Component, tuple[str, ...]] = {  #: printed first, then other forms that are read
    Component.OVER_POOL_CAP: ("超统筹封顶",),
    Component.COINSURANCE: ("按比例自付",),
    Component.DEDUCTIBLE: ("起付线",),
    Component.FIRST_PAY: ("转外先行自付",),
    Component.PRE_SELFPAY: ("乙类先行自付", "先行自付"),
    Component.OVER_CAP: ("超限价",),
    Component.FULL_SELFPAY: ("全自费",),
}
FUNDS: Mapping[Fund, tuple[str, ...]] = {
    Fund.POOL: ("统筹基金",),
    Fund.CIVIL_SERVANT: ("公务员医疗补助",),
    Fund.ENTERPRISE_SUPPLEMENT: ("企业补充医疗保险",),
    Fund.RESIDENT_CRITICAL_ILLNESS: ("居民大病保险",),
    Fund.EMPLOYEE_LARGE_AMOUNT: ("职工大额医疗费用补助",),
    Fund.DISABLED_PERSON: ("伤残人员医疗保障",),
    Fund.MEDICAL_AID: ("医疗救助",),
    Fund.OTHER: ("其他基金",),
    Fund.HOSPITAL: ("医院负担",),
}
PERS = {"visit": ("每次", "按次"), "month": ("每月", "按月"), "quarter": ("每季度", "按季度"), "year": ("每年", "按年")}
MODES = {**PERS, "top_up": ("每年不足补齐", "不足补齐"), "institution": ("每家机构每年", "每家医院每年")}
MERGES = {"none": ("不合并",), "mid_stay": ("中途结算合并",), "transfer": ("转院合并",), "both": ("都合并",)}
YEAR_ENDS = {
    "whole_at_discharge": ("出院时一次结算",),
    "split_by_days": ("按天数分摊",),
    "two_settlements": ("年末结一次",),
}
ROUNDINGS = {"half_up": ("四舍五入",), "half_even": ("四舍六入五成双",), "down": ("舍去",)}
FROM = {"zero": ("含起付线",), "deductible": ("不含起付线",)}
OVER = {"visit": PERS["visit"], "year": ("全年累计", *PERS["year"])}
OF = {"total": ("总费用",), "in_scope": ("政策范围内费用",)}
EACH = {"disease": ("病种",)}

Of = Literal["care", "layer", "scheme"]
#: money, rate, flag: cells; rates: a list of cells; word: one of `choices`; list: of `choices`, or of names; name: an accumulator
Kind = Literal["money", "rate", "flag", "rates", "word", "list", "name", "bands", "caps", "joint"]


@dataclass(frozen=True, slots=True)
class Knob:
    name: str
    label: str
    of: tuple[Of, ...]
    kind: Kind
    required: bool = False  #: bands and rate: one of the two
    choices: Mapping[str, tuple[str, ...]] | None = None
    meaning: str = ""


def _names(
    members: Mapping[Component, tuple[str, ...]] | Mapping[Fund, tuple[str, ...]],
) -> Mapping[str, tuple[str, ...]]:
    return {member.name.lower(): forms for member, forms in members.items()}


KNOBS = (
    Knob("layers", "统筹之后的支付层次", ("care",), "list", True, meaning="[层次, …]，依次支付；没有的写 []"),
    Knob("fund", "支付的基金", ("layer",), "word", True, _names(FUNDS), "名称见上表"),
    Knob("base", "支付范围", ("layer",), "list", True, _names(COMPONENTS), "个人还要负担的哪几部分进入这一层（名称见上表）"),
    Knob("over", "按次还是按年累计", ("layer",), "word", True, OVER),
    Knob("threshold", "起付线", ("layer",), "money", True),
    Knob("deductible", "起付线", ("care",), "money", True),
    Knob("deductible_mode", "起付线的计算方式", ("care",), "word", True, MODES),
    Knob("rate", "支付比例", ("care", "layer"), "rate", True, meaning="分段的改写 bands"),
    Knob("bands", "分段支付比例", ("care", "layer"), "bands", True, meaning="代替 rate：[{to: 元, rate: 比例}, …, {rate: 比例}]，最后一段不写 to"),
    Knob("caps", "封顶", ("care", "layer"), "caps", True, meaning="[{per: 期间, amount: 元或 none, shares: 合并计算的名称, each: disease}]，不封顶的写 []"),
    Knob("bands_from", "分段从哪里量起", ("care", "layer"), "word", choices=FROM, meaning="分段多于一段时必须写"),
    Knob("bands_over", "分段按次还是按年累计", ("care",), "word", choices=OVER, meaning="不写为按次"),
    Knob("rate_plus", "比例加减", ("care", "layer"), "rates", meaning="[条件表, …]，加总，可为负"),
    Knob("selfpay_factor", "个人负担折扣", ("care", "layer"), "rate", meaning="乘在个人自付比例上；报销比例为 0 的情形也会乘，须用条件排除"),
    Knob("cap_raise", "激励可提高封顶的上限", ("layer",), "rate", meaning="占年度封顶的比例"),
    Knob("first_pay", "转外先行自付比例", ("care",), "rate", meaning="先于起付线"),
    Knob("deductible_shares", "起付线合并计算的名称", ("care",), "name", meaning="不写为本类单独计算"),
    Knob("deductible_merge", "连续结算起付线是否合并", ("care",), "word", choices=MERGES, meaning="不写为不合并"),
    Knob("referral", "逐级转诊起付线", ("care",), "word", choices={"continuous": ("连续计算",)}),
    Knob("counts_admission", "计入住院次数", ("care",), "flag", meaning="不写时住院为 1，其他为 0"),
    Knob("account", "个人账户可以支付的部分", ("care",), "list", choices=_names(COMPONENTS), meaning="个人负担的哪几部分（名称见上表）；不写为不能支付"),
    Knob("joint_ratio", "各层合计支付比例的上限", ("care",), "joint", meaning="{rate: 比例, of: total 或 in_scope}"),
    Knob("year_end", "跨年住院", ("care",), "word", choices=YEAR_ENDS, meaning="有跨年住院时必须写"),
    Knob("fund", "支付的基金", ("care",), "word", choices=_names(FUNDS), meaning="不写为统筹基金；单独建账的（如长期护理）写 other"),
    Knob("rounding", "取整到分的方式", ("scheme",), "word", True, ROUNDINGS),
    Knob("round_each_band", "每一段分别取整", ("scheme",), "flag", meaning="不写为 0"),
)  # fmt: skip

_BY_NAME: Mapping[tuple[Of, str], Knob] = {(of, knob.name): knob for knob in KNOBS for of in knob.of}


@dataclass(frozen=True, slots=True)
class Key:
    """A key, taken apart."""

    scheme: str
    part: str  #: empty for a knob of the scheme
    knob: Knob

    @property
    def label(self) -> str:
        """The key in Chinese.

        >>> key("resident.inpatient.rate").label
        '居民·住院·支付比例'
        """
        return "·".join([SCHEMES[self.scheme], *([part_label(self.part)] if self.part else []), self.knob.label])


def part_label(part: str) -> str:
    return CARES.get(part) or LAYERS.get(part) or part


def is_benefit(text: str) -> bool:
    """Does this module answer for a key? Other rooms keep their parameters under other first words."""
    return text.split(".")[0] in SCHEMES


def looks_like_benefit(text: str) -> bool:
    """Is a key like those here but for its first word? No other room has a care or layer, and then a knob.

    >>> looks_like_benefit("residents.inpatient.rate"), looks_like_benefit("enrol.employee.rate")
    (True, False)
    """
    _, part, knob = (*text.split("."), "", "")[:3]
    return (part in CARES or part in LAYERS) and any(knob == known.name for known in KNOBS)


def key(text: str) -> Key:
    """A key, taken apart; ValueError (Chinese) for a knob that does not exist, with the nearest one that does."""
    scheme, *rest = text.split(".")
    if scheme not in SCHEMES or not 1 <= len(rest) <= 2 or not all(rest):
        raise ValueError(f"“{text}”不是待遇参数，应写成 险种.类别.项目，如 resident.inpatient.rate")
    part, name = (rest[0], rest[1]) if len(rest) == 2 else ("", rest[0])
    of: Of = "scheme" if not part else "care" if part in CARES else "layer"
    if knob := _BY_NAME.get((of, name)):
        return Key(scheme, part, knob)
    if of == "layer" and part not in LAYERS and ("care", name) in _BY_NAME:
        raise ValueError(f"没有“{part}”这个就诊类别{_near(part, CARES)}")
    raise ValueError(f"没有“{name}”这个项目{_near(name, [n for o, n in _BY_NAME if o == of])}")


def _near(name: str, known: Mapping[str, str] | list[str]) -> str:
    found = get_close_matches(name, list(known), 1, 0.5)
    return f"，是不是“{found[0]}”？" if found else f"，可用的有：{'、'.join(known)}"


def required(of: Of) -> Iterator[Knob]:
    """What must be there; `rate` stands for one of rate and bands."""
    return (knob for knob in KNOBS if of in knob.of and knob.required and knob.name != "bands")


def choice(written: object, choices: Mapping[str, tuple[str, ...]]) -> str:
    """The name of a choice, also written in Chinese; ValueError for none of them.

    >>> choice("按年", MODES), choice("half_up", ROUNDINGS)
    ('year', 'half_up')
    """
    for name, forms in choices.items():
        if written == name or written in forms:
            return name
    known = [form for name, forms in choices.items() for form in (name, *forms)]
    near = get_close_matches(str(written), known, 1, 0.5)
    hint = f"，是不是“{near[0]}”？" if near else f"，应是 {'、'.join(choices)} 之一"
    raise ValueError(f"不认识“{written}”{hint}")
