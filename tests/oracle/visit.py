"""One bill as it comes to be settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Visit:
    """Amounts in fen. With `reverses` (an earlier visit's id) nothing else than `person_no` matters."""

    id: str
    person_no: str = "甲"
    scheme: str = "resident"
    care: str = "inpatient"
    discharge: date = date(2025, 6, 30)
    start: date | None = None  #: None: the stay crosses no year end
    year: int = 2025  #: benefit year
    total: int = 0
    full_selfpay: int = 0
    over_cap: int = 0
    pre_selfpay: int = 0
    in_scope: int = 0
    level: int = 3
    area: str = "home"
    person: str = "adult"  #: in_service, retired, flexible, adult, minor, student, newborn, cadre
    identities: tuple[str, ...] = ()
    civil: bool = False
    enterprise: bool = False
    age: int = 40
    disease: str = ""
    provider: str = ""
    maternity: str = ""
    fetus: int = 0
    signed: bool = False
    transfer: bool = False
    mid_stay: bool = False
    epidemic: bool = False
    across: bool = False  #: in another province
    continues: int = 0  #: the one before: 0 not, 1 mid-stay, 2 transfer, 3 stepwise referral up, 4 down
    credited: int = 0  #: to the own account so far, over all years
    uses_account: bool = False
    family: int = 0  #: offered by a family member's account for this visit
    cap_raise: int = 0  #: the person's incentives
    reverses: str | None = None
