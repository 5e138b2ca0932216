"""Where does the program keep what is not its own? The user's folders, each of which a variable can move."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import platformdirs

_OF_THE_SYSTEM: dict[str, Callable[..., str]] = {
    "cache": platformdirs.user_cache_dir,  # baked bodies and findings; may be thrown away at any time
    "data": platformdirs.user_data_dir,  # attempts
    "config": platformdirs.user_config_dir,  # language, window, last used settings
    "log": platformdirs.user_log_dir,
}
KINDS = tuple(_OF_THE_SYSTEM)


def user_folder(kind: str) -> Path:
    """The folder for `kind` (see KINDS): PLEURA_<KIND>_DIR, or the system's own place. It may not exist yet."""
    chosen = os.environ.get(f"PLEURA_{kind.upper()}_DIR")
    return Path(chosen) if chosen else Path(_OF_THE_SYSTEM[kind]("pleura", appauthor=False))
