"""Random numbers by name: every subject, year and block of people draws from a stream of its own.

So the bytes do not depend on the order of work or the number of threads, and a change in one subject leaves the others alone.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np


def stream(seed: int, subject: str, *place: int | str) -> np.random.Generator:
    """The generator of a subject at a place (year, block, hospital …) of the county with this seed.

    >>> int(stream(1, "beds", 2025).integers(1000)) == int(stream(1, "beds", 2025).integers(1000))
    True
    """
    name = "/".join(map(str, (seed, subject, *place)))
    return np.random.Generator(np.random.PCG64(int.from_bytes(blake2b(name.encode(), digest_size=16).digest())))
