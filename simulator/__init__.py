"""Pleura: a virtual lung-ultrasound training simulator.

The names below are the public interface, the same for the command line, notebooks, tests and other programs:

    import simulator
    scenario = simulator.load_scenario("covid_moderate")
    with simulator.Scanner(scenario, probe="convex") as scanner:
        scanner.place("R3")
        frame = scanner.frame(time_s=0.5)

They are imported when first used, so that `import simulator` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.errors import BadInputError, NoGraphicsError, PleuraError
    from simulator.geometry import Pose
    from simulator.patient import Patient
    from simulator.physiology.requests import Request
    from simulator.probe import Settings, Transducer
    from simulator.scanner import Frame, Scanner
    from simulator.scenario.load import Scenario, load_scenario

__version__ = "0.1.0"

__all__ = [
    "BadInputError",
    "Frame",
    "NoGraphicsError",
    "Patient",
    "PleuraError",
    "Pose",
    "Request",
    "Scanner",
    "Scenario",
    "Settings",
    "Transducer",
    "__version__",
    "load_scenario",
]

_HOMES = {
    "BadInputError": "simulator.errors",
    "Frame": "simulator.scanner",
    "NoGraphicsError": "simulator.errors",
    "Patient": "simulator.patient",
    "PleuraError": "simulator.errors",
    "Pose": "simulator.geometry",
    "Request": "simulator.physiology.requests",
    "Scanner": "simulator.scanner",
    "Scenario": "simulator.scenario.load",
    "Settings": "simulator.probe",
    "Transducer": "simulator.probe",
    "load_scenario": "simulator.scenario.load",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'simulator' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
