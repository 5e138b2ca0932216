"""Which scenarios there are: the files in the scenario folder."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from simulator.errors import BadInputError
from simulator.messages import _
from simulator.resources import resource_dir
from simulator.scenario.load import Scenario, ScenarioError, read_scenario


@dataclass(frozen=True)
class Entry:
    """One file of the catalogue: a scenario, or the error that it gives."""

    path: Path
    scenario: Scenario | None
    error: ScenarioError | None = None


def scenario_paths(folder: Path | None = None) -> list[Path]:
    """The scenario files of `folder` (default: those that come with the program), by name."""
    return sorted((folder or resource_dir("scenarios")).glob("*.yaml"))


def find(id_or_path: str | Path) -> Path:
    """The file of a scenario given by id or by path. An unknown id is an error that names the nearest one."""
    given = Path(id_or_path)
    if given.suffix in (".yaml", ".yml") or len(given.parts) != 1 or given.exists():
        return given
    paths = {path.stem: path for path in scenario_paths()}
    if given.name in paths:
        return paths[given.name]
    near = difflib.get_close_matches(given.name, paths, n=1)
    hint = " " + _("(did you mean {near}?)").format(near=near[0]) if near else ""
    known = ", ".join(paths)
    raise BadInputError(_("no scenario {name!r}{hint}; there are: {known}").format(
        name=str(id_or_path), hint=hint, known=known))  # fmt: skip


def list_scenarios(folders: Sequence[Path] = ()) -> list[Entry]:
    """Every scenario that comes with the program, and those of further `folders`; a broken file is an entry too."""
    entries = []
    for path in [*scenario_paths(), *(path for folder in folders for path in scenario_paths(folder))]:
        try:
            entries.append(Entry(path, read_scenario(path)))
        except ScenarioError as error:
            entries.append(Entry(path, None, error))
    return entries
