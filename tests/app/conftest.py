"""The window with hands, for the tests that open it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from hands_on import Hands


@pytest.fixture
def hands(own_data: Path) -> Iterator[Hands]:
    """A window on the menu of a small world, and hands that use it."""
    import fakes
    from hands_on import Hands

    from simulator.app.preferences import Preferences, config_path
    from simulator.app.window import Window

    preferences = Preferences(language="en", scale=1.0, window_size=(1280, 720), coach_done=True)
    window = Window(fakes.FakeWorld(), preferences, config_path())
    made = Hands(window)
    made.frames(3)
    yield made
    window.close()
