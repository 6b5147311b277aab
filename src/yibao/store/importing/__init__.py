"""导入: files of any bureau's making → rows of the standard tables; every row of a file has a fate, and the clerk is told.

    scan  recode  delimited  workbook  columnar     a file as text: encoding, delimiter, hostile input
    headings  layout  mapping  merged  sources      which row holds the headings, what they mean, for which table; merged cells
    typed  macros.duckdb  stage  rules      text → values by generated SQL: the usual spellings at once, the rest with care
    late  nodata  reasons  judged           what only the whole table can know; rows that are no data; why a row is refused
    upsert  importer                        accepted rows by key into their table; the line that strings it together
    rejects  result  told  progress         the file to correct, the counts, the words, the share that is done

Reads files, writes through `Workspace.write`. The design: docs/adr/0011-files-become-rows-by-generated-sql.md
"""
