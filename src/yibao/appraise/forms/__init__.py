"""The forms of a self-evaluation and of final accounts, as data: one builder a form, one writer a file format.

Builders (`scoresheet`, `base_data`, `funds`, …) read an `Appraisal` and give a `Form`; words, rows and order are data
(`shapes/*.yaml`), and `attachments` says which forms a year has. Writers (`xlsx`, `word`) lay a `Form`
out and know nothing of what it says. So a form looks the same as a workbook and as a table of the report.
"""
