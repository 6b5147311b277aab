"""The three years once more through the finished pack: do stays land in the groups that they were counted in?

They need not all: a rare combination is counted in a 综合 cell, while at grouping its operations may contain those of a core group.
"""

from __future__ import annotations

from collections import Counter as Numbers

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yibao.dip.build.catalogue import Catalogue
from yibao.dip.build.clean import Reason
from yibao.dip.build.columns import columns
from yibao.dip.build.count import Counter
from yibao.dip.build.read import stays_of_year
from yibao.dip.build.stays import Known
from yibao.dip.grouping.bulk import CASE, BulkGrouper
from yibao.dip.grouping.group import Grouper
from yibao.dip.pack import Pack
from yibao.store.listing import Listing, rate_of
from yibao.store.workspace import Workspace


def grouped_again(workspace: Workspace, pack: Pack, made: Catalogue, known: Known) -> Numbers[str]:
    """Stays by group, empty for none: of the stays that the catalogue counted."""
    terms, bulk, found = made.terms, BulkGrouper(Grouper(pack)), Numbers[str]()
    counter = Counter(known, terms.every_hospital, terms.longest_stay, len(terms.years))
    for year in terms.years:
        for batch in stays_of_year(workspace, year, with_lines=False):
            kept = batch.filter(pa.array(counter.reasons_of(batch) == Reason.COUNTED))
            groups = bulk.group(kept.select(CASE.names))["dip_group_code"].fill_null("")
            found.update({row["values"]: row["counts"] for row in pc.value_counts(groups).to_pylist()})
    return found


def told_again(found: Numbers[str], made: Catalogue) -> Listing:
    """Groups that got another number of stays than they were counted with."""
    counted = {row.code: row.measure.stays for row in made.rows}
    counted[""] = sum(one.measure.stays for one in made.dropped)
    names = {row.code: row.name for row in made.rows}
    codes = sorted(code for code in counted.keys() | found.keys() if counted.get(code, 0) != found[code])
    rows = [
        (
            code or "（没有入组）",
            names.get(code, ""),
            counted.get(code, 0),
            found[code],
            found[code] - counted.get(code, 0),
        )
        for code in codes
    ]
    rows.sort(key=lambda row: (-abs(row[-1]), row[0]))
    more = int(np.sum([max(row[-1], 0) for row in rows])) if rows else 0
    share = (rate_of(more, len(made.stays)) or 0) / 100
    notes = [
        f"三年 {len(made.stays):,} 例用写好的方案再分一次，至少 {more:,} 例（{share:.2f}%）入的病种与测算时计入的不同。",
        "少见的组合测算时计入综合病种，分组时手术操作含有核心病种的就入核心病种。",
    ]
    headings = columns("病种编码|病种名称|测算例数:count|分组例数:count|相差:count")
    return Listing("复核", "用写好的方案把三年的住院再分一次", headings, rows, notes)
