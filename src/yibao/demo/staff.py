"""Practitioners: doctors by hospital and department, nurses, therapists, pharmacists; what they may do; when they work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from yibao.demo.arrays import Ints, weekday
from yibao.demo.institutions import DEPARTMENT_CODES, DIP, MENTAL, Institutions
from yibao.demo.settings import COUNTY_CODE, Plan
from yibao.demo.wards import Licence

DOCTOR, NURSE, PHARMACIST, THERAPIST, TECHNICIAN = range(5)
KINDS = ("doctor", "nurse", "pharmacist", "therapist", "technician")
_TITLES = (
    ("住院医师", "主治医师", "副主任医师", "主任医师"),
    ("护士", "护师", "主管护师"),
    ("药师", "主管药师"),
    ("治疗师",),
    ("技师",),
)
D = len(DEPARTMENT_CODES)


@dataclass(frozen=True)
class Staff:
    """Columns over a practitioner's index; those of one provider and department stand together."""

    provider: Ints
    department: Ints  #: -1 none
    kind: Ints
    first_doctor: Ints  #: providers × departments
    doctors: Ints
    first_therapist: Ints  #: by provider
    therapists: Ints
    codes: pa.Array

    def __len__(self) -> int:
        return len(self.provider)

    def doctor_on(self, rng: np.random.Generator, provider: Ints, department: Ints, day: Ints) -> Ints:
        """A doctor of the department who works that day."""
        count = np.maximum(self.doctors[provider, department], 1)
        first = self.first_doctor[provider, department]
        place = np.floor(rng.random(len(provider)) * count).astype(np.int64)
        for _ in range(2):
            place = np.where(works(first + place, day), place, (place + 1) % count)
        return first + place

    def therapist_on(self, rng: np.random.Generator, provider: Ints, day: Ints) -> Ints:
        """A therapist who works that day, -1 where a provider has none."""
        count = np.maximum(self.therapists[provider], 1)
        place = np.floor(rng.random(len(provider)) * count).astype(np.int64)
        first = self.first_therapist[provider]
        place = np.where(works(first + place, day), place, (place + 1) % count)
        return np.where(self.therapists[provider] > 0, first + place, -1)


def works(person: Ints, day: Ints) -> Ints:
    """Five days a week, each their own."""
    off = person % 7
    today = weekday(day)
    return (today != off) & (today != (off + 3) % 7)


def draw_staff(plan: Plan, institutions: Institutions, licences: list[Licence]) -> Staff:
    rows: list[tuple[int, int, int]] = []
    size = len(institutions)
    first_doctor, doctors = np.zeros((size, D), dtype=np.int64), np.zeros((size, D), dtype=np.int64)
    first_therapist, therapists = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    beds = {licence.hospital: licence.beds for licence in licences}
    for provider in range(size):
        bed = beds.get(provider, 0)
        for department in range(D) if provider < DIP + 6 else [0]:
            count = (
                (4 if institutions.level[provider] >= 2 else 2) + bed // 25
                if provider < DIP
                else 2
                if provider < DIP + 6
                else 1
            )
            first_doctor[provider, department], doctors[provider, department] = len(rows), count
            rows += [(provider, department, DOCTOR)] * (0 if institutions.type[provider] == "pharmacy" else count)
        if provider >= DIP:
            first_doctor[provider], doctors[provider] = first_doctor[provider, 0], doctors[provider, 0]
        if institutions.type[provider] == "pharmacy":
            rows += [(provider, -1, PHARMACIST)] * 2
        if provider < DIP:
            rows += [(provider, -1, NURSE)] * (3 + bed // 2) + [(provider, -1, TECHNICIAN)] * (2 + bed // 20)
            therapists[provider] = 2 if provider == MENTAL else 2 + bed // 15
            first_therapist[provider] = len(rows)
            rows += [(provider, -1, THERAPIST)] * int(therapists[provider])
    columns = np.array(rows)
    order = plan.stream("staff").permutation(len(rows)) + 1
    codes = pa.array([f"D{COUNTY_CODE}{int(n):07d}" for n in order])
    return Staff(columns[:, 0], columns[:, 1], columns[:, 2], first_doctor, doctors, first_therapist, therapists, codes)


def titles(plan: Plan, staff: Staff) -> list[str]:
    rng = plan.stream("titles")
    return [_TITLES[kind][int(rng.integers(len(_TITLES[kind])))] for kind in staff.kind.tolist()]
