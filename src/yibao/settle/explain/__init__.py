"""One settlement explained: the person's year is replayed, the kernel writes the trace of the one bill, and Chinese follows its steps.

replay     the year through the kernel, one bill traced
names      who and where, from the tables; names of people masked
wording    amounts, rates, and the clauses behind a step
passages   the steps as sentences; every amount stands in the trace, in the row or in the plan
platform   what the national platform reported instead, at its step
slip       the one-stop 结算单; slip_word and slip_sheet print it
"""
