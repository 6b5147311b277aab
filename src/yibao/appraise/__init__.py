"""绩效自评: a bureau's year of figures in, its score sheets and forms out.

Reads  DIR/figures/单位.yaml (who, year, region, dates), 数据/*.yaml and *.xlsx (figures of the register, each with its
source), 指标/*.yaml (score sheets), 取舍.yaml (what is chosen where published inputs contradict each other, and why).
`appraise(DIR)` gives an `Appraisal` with the book of figures, the scored sheets and what blocks publication; `publish`
writes its forms (`forms/`) and figures.xlsx, which says where each figure is printed. Rules come from `region`, figures and identities from `vocabulary`. Start with `typed`, then `book`.
"""
