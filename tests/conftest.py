"""What every test may use."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # how fast a case is says nothing on a busy machine
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder `shared` beside the project (domain guides, published documents); tests that need it are skipped without it."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip(f"no folder {folder.name!r} beside the project: the published documents cannot be read")
    return folder
