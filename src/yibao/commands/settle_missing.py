"""What `settle verify` did not compare, and which key of the pack is missing for it, as a listing."""

from __future__ import annotations

from collections import Counter

from yibao.region.benefits.groups import ORDER
from yibao.region.benefits.knobs import is_benefit, key
from yibao.settle.reached import NOTHING, Missing
from yibao.store.listing import Headings, Listing

_HEADINGS: Headings = (("核对到", "text"), ("缺的参数", "text"), ("名称", "text"), ("笔数", "count"))
_EARLIER = "（缺在本人此前的单据）"
_NOTES = (
    "没有核对不等于相符：地区包没有写明或只是推断的，不计算，也不算差异；补上参数后再核对",
    "“起付线和统筹支付”：只比较这两步，大病、大额、公务员、企业补充、救助和账户没有核对",
)


def not_compared(missing: Counter[Missing]) -> Listing:
    """A row for each missing key, bills that are not compared at all first."""
    rows = [
        (
            "没有核对" if far == NOTHING else "起付线和统筹支付",
            name,
            _named(name) + (_EARLIER if earlier else ""),
            count,
        )
        for (far, name, earlier), count in sorted(missing.items(), key=lambda item: (item[0][0], -item[1], item[0][1:]))
    ]
    none = sum(count for (far, _, _), count in missing.items() if far == NOTHING)
    title = f"没有全部核对的结算：没有核对 {none:,} 笔，只核对起付线和统筹支付 {missing.total() - none:,} 笔"
    return Listing("没有全部核对", title, _HEADINGS, rows, _NOTES, most=len(rows))


def _named(name: str) -> str:
    """What a key is called.

    >>> _named("resident.inpatient.rate"), _named("interface.care 77")
    ('居民·住院·支付比例', '代码对照')
    """
    if is_benefit(name):
        return key(name).label
    return "几种身份的次序" if name == ORDER else "代码对照"
