"""What does the program remember about its user? Language, size of window and letters, pseudonym; one small file.

`settings.json` lies in the user's configuration folder, or in PLEURA_CONFIG_DIR. A file that cannot be read gives the
defaults and a notice, never an error.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from simulator.folders import user_folder

SCALES = (0.0, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5)  # 0: as the screen says
_SMALLEST, _LARGEST = (640, 400), (16384, 16384)


@dataclass(frozen=True)
class Preferences:
    """What is remembered. `language` "" and `scale` 0 mean: as the system says."""

    language: str = ""
    scale: float = 0.0
    window_size: tuple[int, int] = (1280, 720)
    fullscreen: bool = False
    trainee: str = ""
    coach_done: bool = False

    def checked(self) -> Preferences:
        """These preferences with anything out of range put right."""
        width = min(_LARGEST[0], max(_SMALLEST[0], int(self.window_size[0])))
        height = min(_LARGEST[1], max(_SMALLEST[1], int(self.window_size[1])))
        scale = self.scale if self.scale in SCALES else 0.0
        return replace(self, window_size=(width, height), scale=scale, trainee=self.trainee[:40])


def config_path() -> Path:
    """Where the preferences are kept."""
    return user_folder("config") / "settings.json"


def load(path: Path) -> tuple[Preferences, str | None]:
    """(preferences, why they are the defaults): the second is None when the file was read, or there was none."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Preferences(), None
    except (OSError, UnicodeDecodeError) as error:
        return Preferences(), f"{path}: {error}"
    try:
        return _from_json(json.loads(text)), None
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        return Preferences(), f"{path}: {error}"


def _from_json(data: Any) -> Preferences:
    """Preferences from parsed JSON; unknown keys are from another version and ignored."""
    if not isinstance(data, dict):
        raise TypeError("not a table of settings")
    values: dict[str, Any] = {}
    for field in fields(Preferences):
        if field.name not in data:
            continue
        value, default = data[field.name], getattr(Preferences(), field.name)
        if field.name == "window_size":
            width, height = value
            value = (int(width), int(height))
        elif isinstance(default, bool) or isinstance(value, bool):
            if not (isinstance(default, bool) and isinstance(value, bool)):
                raise TypeError(f"{field.name} is {value!r}")
        elif isinstance(default, float):
            value = float(value)
        elif not isinstance(value, type(default)):
            raise TypeError(f"{field.name} is {value!r}")
        values[field.name] = value
    return Preferences(**values).checked()


def save(preferences: Preferences, path: Path) -> bool:
    """Write them, all or nothing; False where that is not possible."""
    beside = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(asdict(preferences), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        beside.replace(path)
    except OSError:
        return False
    return True
