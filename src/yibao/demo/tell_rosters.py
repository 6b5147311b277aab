"""The rosters of other offices: 户籍 from the police, 常住 from the towns, and who ought to be insured, as the bureau and the towns verified it.

Drawn from the county's people, and agreeing with its relations: whoever is insured is on a roster, nearly always. Not everybody on a roster
is uninsured who looks so: some are insured elsewhere (not on the verified roster), died lately, moved here with their insurance, or were
mistyped by a clerk. The platform and the rosters share nothing but the identity number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yibao.demo.arrays import Flags, Ints, day_number
from yibao.demo.names import birth_serials, identity_numbers, person_names
from yibao.demo.people import NEVER
from yibao.demo.settings import NEIGHBOUR_CODE
from yibao.demo.strings import named
from yibao.demo.tell_people import named_people
from yibao.demo.tell_visits import BATCH
from yibao.demo.world import World
from yibao.demo.write import rows

KINDS = {"due": "yibao", "living": "xiangzhen", "registered": "gongan"}  #: in the order of the key: who sends it
MIGRANTS = 0.009  #: share of the people who live here and are registered elsewhere
MISTYPED = 0.0004  #: of the 常住 roster (noise)


@dataclass(frozen=True)
class Rosters:
    """One entry a person of the county, then one a migrant."""

    day: int  #: of the rosters, days since 1970
    number: pa.Array  #: identity number
    typed: pa.Array  #: as the 常住 roster has it
    name: pa.Array
    village: Ints  #: registered; of migrants where they live
    lives_in: Ints
    on: dict[str, Flags]  #: by kind
    insured: Flags
    alive: Flags
    elsewhere: Flags  #: insured in another place

    @property
    def mistyped(self) -> Flags:
        return self.on["living"] & np.asarray(pc.not_equal(self.number, self.typed))


def draw_rosters(world: World) -> Rosters:
    """As of the end of October of the last year."""
    people, relations, rng = world.people, world.relations, world.plan.stream("rosters")
    day, size = day_number(f"{world.plan.years[-1]}-10-31"), len(world.people)
    born = people.birth <= day
    alive = born & ((people.death == 0) | (people.death > day))
    insured = alive & (people.first_year < NEVER) & (relations.start <= day) & ((relations.end == 0) | (relations.end >= day))  # fmt: skip
    away = rng.random(size) < np.where(insured, 0.08, 0.45)
    elsewhere = alive & ~insured & (rng.random(size) < np.where(away, 0.85, 0.30))
    dead = born & ~alive & (people.death > day - 100) & (rng.random(size) < 0.30)
    registered = (alive & (rng.random(size) < 0.988)) | dead
    living = alive & ~away
    due = (registered & ~dead | living) & ~elsewhere
    names, lives_in = named_people(world)
    number = identity_numbers(people.birth, birth_serials(people, world.plan))
    wrong = living & (rng.random(size) < MISTYPED) & world.plan.noise
    migrants = _migrants(world, rng, day, max(3, round(MIGRANTS * int(living.sum()))))
    many = len(migrants.number)
    none, some = np.zeros(many, bool), rng.random(many) < 0.15
    return Rosters(
        day=day,
        number=pa.concat_arrays([number, migrants.number]),
        typed=pa.concat_arrays([_typed(number, wrong), migrants.number]),
        name=pa.concat_arrays([names, migrants.name]),
        village=np.concatenate([people.village, migrants.village]),
        lives_in=np.concatenate([lives_in, migrants.village]),
        on={
            "due": np.concatenate([due, some]),
            "living": np.concatenate([living, ~none]),
            "registered": np.concatenate([registered, none]),
        },
        insured=np.concatenate([insured, none]),
        alive=np.concatenate([alive, ~none]),
        elsewhere=np.concatenate([elsewhere, ~some]),
    )


@dataclass(frozen=True)
class _Migrants:
    number: pa.Array
    name: pa.Array
    village: Ints


def _migrants(world: World, rng: np.random.Generator, day: int, size: int) -> _Migrants:
    """Grown people from the next county, each born on another day."""
    birth = day - 6_600 - rng.permutation(max(16_000, size))[:size]
    serial = rng.integers(1, 1_000, size)
    village = rng.integers(0, len(world.places.village_code), size)
    return _Migrants(identity_numbers(birth, serial, NEIGHBOUR_CODE), person_names(rng, size), village)


def _typed(number: pa.Array, wrong: Flags) -> pa.Array:
    """Some numbers with another check digit: nobody's number, so they meet nobody by chance."""
    last = pc.utf8_slice_codeunits(number, 17, 18)
    other = pc.if_else(pc.equal(last, "7"), "8", "7")
    return pc.if_else(pa.array(wrong), pc.binary_join_element_wise(pc.utf8_slice_codeunits(number, 0, 17), other, ""), number)  # fmt: skip


def population_rosters(world: World, rosters: Rosters) -> Iterator[pa.RecordBatch]:
    """Roster after roster, each in order of the identity numbers."""
    order = np.asarray(pc.sort_indices(rosters.number))
    villages = pa.array(world.places.village_code)
    for kind, office in KINDS.items():
        listed = order[rosters.on[kind][order]]
        home = rosters.village if kind == "registered" else rosters.lives_in
        numbers = rosters.typed if kind == "living" else rosters.number
        for at in range(0, len(listed), BATCH):
            who = pa.array(listed[at : at + BATCH])
            yield rows("population_rosters", len(who), {
                "roster_kind": kind,
                "roster_date": rosters.day,
                "identity_type": "",
                "id_document_no": numbers.take(who),
                "person_name": rosters.name.take(who),
                "area_code": named(villages, home[listed[at : at + BATCH]]),
                "issuing_office": office,
            })  # fmt: skip


def uninsured(rosters: Rosters) -> Iterator[tuple[str, str, str]]:
    """Who is on a roster and not insured on its day: planted or near miss, of what kind, identity number."""
    listed = rosters.on["living"] | rosters.on["registered"] | rosters.on["due"]
    for at in np.flatnonzero(listed & ~rosters.insured).tolist():
        if rosters.on["due"][at]:
            yield "planted", "uninsured", rosters.number[at].as_py()
        else:
            kind = "insured_elsewhere" if rosters.alive[at] else "died"
            yield "near_miss", kind, rosters.number[at].as_py()
    for at in np.flatnonzero(rosters.mistyped).tolist():
        yield "near_miss", "mistyped", rosters.typed[at].as_py()
