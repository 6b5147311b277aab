"""The written reports: an appraisal and the bureau's own text in, 部门整体支出 and 项目支出绩效自评报告 out.

Reads  DIR/figures/文字/*.md (`text`), layouts/*.yaml (`layout`: sections, sentences, attachments); page and type are `yibao.paper`.
`compose` is pure: an `Appraisal` and the texts give a `Report`, paragraphs of runs that know the figure they print.
`word` and `pdf` lay it out, `write` does both. No number is typed in a layout: sentences are templates (`template`)
over the book, with shares, growth and direction words computed (`computed`).
"""
