"""A second reading of ADR 0014 and of the domain guide's sections 7–9, in plain Decimal, for comparison with what ships.

It shares no code with `yibao`: only the standard library, its own matcher of cells, its own order of steps. Slow on purpose.
`cells.py` says which row of a cell holds, `read.py` what the rules say about one visit, `steps.py` what it is paid, `settle.py`
goes through a history, `year_end.py` divides a stay, `draw.py` invents rules and histories.

Where the ADR leaves something open, the reading taken here:
 1. Admissions, caps, deductibles, bases count per person and *scheme* (`resident.…`, `employee.…`), names of `shares` too.
 2. A sum belongs to its period for good: a visit of March settled after one of April still finds the sums of March.
 3. A deductible and a cap without `shares` are called by their part, so `deductible_shares: inpatient` joins the inpatient's own.
    A cap's sum is (name, per, disease under `each`); several caps of one layer that name the same sum add to it once.
 4. "The one before" of a continuing visit is the person's last standing visit with the same scheme and deductible name; a visit
    of another care in between breaks no chain. A chain holds every continuing visit, merged or not; a reversed visit leaves it.
 5. A merged visit owes by its chain or by its period, whichever asks for less.
 6. `counts_admission` may not ask for `nth`, which depends on it.
 7. `first_pay` is read for every visit, also at home: the cell says 0 there.
 8. A cell without a row that holds is a missing parameter everywhere, `rate_plus` included; rows that tie are refused even with equal values.
 9. The final rate is held in [0, 1] once, at its end.
10. The hospital's layer counts as a fund for `joint_ratio`, and is limited by it.
11. Every annual cap of a layer with `cap_raise` is raised, a shared one for this layer alone.
12. `account` of `Paid` contains the family's part, as the national field does; without the use flag neither pays.
13. The balance is what was credited so far less what the own account paid so far, over all years.
14. A reversal negates every amount, the deductible standard included; `n` stays the original's.
15. `split_by_days`: the day of discharge is no day of the stay; the buckets of each year's part are rounded, the last takes the rest;
    each part is a bill of its own (`bill<=…` too), the later one continues the earlier as a mid-stay settlement, both may count as admissions.
    `two_settlements` refuses one bill over the year end: the hospital sends two.
16. Of the identities held the first of `identity.order` counts; one that the order does not list does not count.
"""

from tests.oracle.cells import Refused
from tests.oracle.paid import Layered, Paid
from tests.oracle.settle import settle
from tests.oracle.visit import Visit

__all__ = ["Layered", "Paid", "Refused", "Visit", "settle"]
