"""监测: a year of stays, hospital beside hospital: measures, why the mean cost moved, whether lists can be trusted, and what an auditor should look at.

    texts  sql/         one row a stay, results, what is due, fees around a stay, readmissions
    stays               a year's stays as columns, with the group and the points that count, and whose they are (basis)
    sums  rules         exact sums by owner; the parameters of the region's pack
    measures  averages  cases, CMI, costs, days, the two indices (F17), CV (F18); means of groups
    decomposition       year on year: joined, left, mix, price; the parts add up exactly
    balance             what is due against what was booked, by hospital and disease
    first_pass/         清单质控: rules as data, rates of stays that pass → dip_list_faults
    peers  indicators   observed against what peers make of the same cases; 高套, 低套, 分解, 低标准入院, 转嫁, 推诿
    handed              → dip_indicators, dip_indicator_stays: what audit takes over
    told*  pages/       listings for terminal and workbook; one HTML page for the region and one a hospital

Reads visits, diagnoses, operations, settlements, dip_groupings and, where they are there, computed_dip_cases or dip_results, clearing or months.
What could not be run is told with its reason: not run is never a pass.
"""
