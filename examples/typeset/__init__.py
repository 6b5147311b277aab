"""Sets the example's figures as office documents: `layout` says what stands where, `word` and `workbook` print it."""
