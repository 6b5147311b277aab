"""`yibao dip pack import`: official workbooks and city catalogues, with their dirt, become a pack; every row is taken in or refused with its place.

`sheets` reads files as rows of text, `headings` and `words` know what columns and cells mean, `judged` takes a row or refuses it,
`rows` does so for all, `paired` reads lists and maps of codes, `catalogue` is the whole way.
"""
