"""The city's sheets checked: their own arithmetic first, then each stay beside what the catalogue and the terms give (guide dip §10).

Reads dip_groups, dip_results, dip_monthly, dip_point_values, dip_clearing, dip_assessments, dip_deductions, dip_special_cases, and of our
own providers, settlements, visit_diagnoses, visit_operations, dip_groupings, payments, as far as they are there. Writes dip_differences;
at an import dip_sheet_rows and dip_sheet_totals.

    sheets      what was sent, and what of ours belongs to it
    filled      columns that a city does not have, hospitals by name, stays by their visit
    places      where rows stand in the files: a row in two of them, totals that do not add up
    bases       which way of paying a sheet follows
    found       a difference, a check that ran or could not, and why
    infer       how the city rounds and where its bands end, read off its own numbers
    presence results bands months … clearing  the arithmetic of the sheets, without catalogue and terms
    versions grouped                    the catalogue ready to group, and why the city has another group
    terms_read habits measured subtypes steps own    the terms of a day; how a sheet rounds; a stay step by step beside ours
    run priced pot listed letter        all of it in order; prices; the shared pot put right; listings; letters
"""
