"""Everything that does not change while people live their years: land, people, institutions, staff, catalogue, planned stays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from yibao.demo.arrays import Flags, Floats, Ints
from yibao.demo.case_mix import CaseMix, draw_case_mix
from yibao.demo.catalogue import Catalogue, draw_catalogue, vendor_codes
from yibao.demo.enrolment import Identities, Relations, draw_identities, draw_relations
from yibao.demo.households import Households, draw_households
from yibao.demo.institutions import DIP, Institutions, draw_institutions
from yibao.demo.people import RESIDENT, People, draw_people
from yibao.demo.places import Places, draw_places
from yibao.demo.plants import refuse_strangers
from yibao.demo.settings import Plan
from yibao.demo.staff import Staff, draw_staff
from yibao.demo.stays import Stays
from yibao.demo.wards import Licence, draw_stays, licences

UNMAPPED = 0.004  #: share of a provider's items without a national code (noise)
CHRONIC_ILLNESSES = 12


@dataclass(frozen=True)
class World:
    """The fixed things. Arrays by index of person, provider, item."""

    plan: Plan
    places: Places
    people: People
    relations: Relations
    identities: Identities
    households: Households
    institutions: Institutions
    mix: CaseMix
    stays: dict[int, Stays]
    licences: list[Licence]
    staff: Staff
    catalogue: Catalogue
    vendor_codes: pa.Array
    unmapped: Flags  #: providers × items
    chronic: Ints  #: by person: illness with a recognised outpatient benefit, -1 none
    eagerness: Floats  #: by person: how readily they see a doctor, mean 1
    clock_skew: Ints  #: by provider: seconds that its own clock is ahead (noise)

    def price(self, item: Ints, provider: Ints) -> Ints:
        """What a provider asks for one unit, 10⁻⁶ yuan, whole fen."""
        listed = self.catalogue.price[item, self.institutions.level[provider]]
        markup = self.institutions.markup[provider]
        return np.where(markup == 10_000, listed, (listed * markup // 10_000 + 5_000) // 10_000 * 10_000)


def build_world(plan: Plan) -> World:
    places = draw_places(plan)
    people = draw_people(plan, places)
    institutions = draw_institutions(plan, places)
    shops = [institutions.code[i] for i in institutions.of_type("pharmacy")]
    refuse_strangers(plan.plants, institutions.code[:DIP], shops)
    mix = draw_case_mix(plan, institutions)
    poor = np.isin(np.arange(len(people)), draw_identities(plan, people).person)
    stays = draw_stays(plan, places, people, draw_relations(plan, people), poor, institutions, mix)
    beds = licences(plan, institutions, stays)
    catalogue, relations = draw_catalogue(plan), draw_relations(plan, people)  # again: some died in hospital
    return World(
        plan=plan,
        places=places,
        people=people,
        relations=relations,
        identities=draw_identities(plan, people),  # likewise
        households=draw_households(plan, people, relations),
        institutions=institutions,
        mix=mix,
        stays=stays,
        licences=beds,
        staff=draw_staff(plan, institutions, beds),
        catalogue=catalogue,
        vendor_codes=vendor_codes(catalogue, plan),
        unmapped=_unmapped(plan, institutions, catalogue),
        chronic=_chronic(plan, people),
        eagerness=plan.stream("eagerness").gamma(1.3, 1 / 1.3, len(people)),
        clock_skew=_skew(plan, institutions),
    )


def _unmapped(plan: Plan, institutions: Institutions, catalogue: Catalogue) -> Flags:
    shape = len(institutions), len(catalogue)
    if not plan.noise:
        return np.zeros(shape, dtype=bool)
    plain = np.array([not kind.startswith(("pair", "bed", "nursing", "consult", "general")) for kind in catalogue.kind])
    hospital = (np.arange(len(institutions)) < DIP)[:, None]
    return (plan.stream("unmapped").random(shape) < UNMAPPED) & plain[None, :] & hospital


def _chronic(plan: Plan, people: People) -> Ints:
    rng, size = plan.stream("chronic"), len(people)
    age = people.age_at(int(np.datetime64(f"{plan.years[-1]}-01-01", "D").astype(int)))
    share = np.where(age < 35, 0.005, np.where(age < 60, 0.09, 0.27)) * np.where(people.kind == RESIDENT, 1.0, 1.5)
    weight = np.array([0.42, 0.22, 0.07, 0.05, 0.02, 0.03, 0.06, 0.04, 0.03, 0.03, 0.01, 0.02])
    illness = rng.choice(CHRONIC_ILLNESSES, size, p=weight / weight.sum())
    return np.where(rng.random(size) < share, illness, -1)


def _skew(plan: Plan, institutions: Institutions) -> Ints:
    """A few seconds everywhere; with noise, minutes at some."""
    rng, size = plan.stream("clock"), len(institutions)
    small = rng.integers(-20, 21, size)
    return np.where(rng.random(size) < 0.12, rng.integers(-600, 601, size), small) if plan.noise else small
