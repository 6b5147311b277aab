"""What DIP pays: points of each stay, months, the clearing of the year, and what is owed after each (ADR 0016).

shapes, terms     what the region says        scoring, bonus     points of a stay, and what new technologies add
opening, advance  the year begun, prepaid     month              a month's pre-settlement
money, sharing    fund → due → shared         clearing, inputs   the year, run by run; what people decided
owed              payables and payments       parts, bridges, statements, words    what is printed

Reads settlements, visits, dip_groupings, dip_point_values, and what people decide (dip_assessments, dip_deductions, dip_special_cases,
dip_new_technologies, dip_ratings, dip_reserves); live_settlements only to tell what is not exported yet.
Writes computed_dip_openings, _cases, _bonuses, _months, _values, _clearing, _points, _sharings; dip_payables; payments.
"""
