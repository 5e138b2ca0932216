"""What `import simulator` gives."""

from __future__ import annotations

import subprocess
import sys

import pytest

import simulator


def test_every_public_name_is_there() -> None:
    for name in simulator.__all__:
        assert getattr(simulator, name) is not None
    assert set(simulator.__all__) == set(dir(simulator))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Skanner"):
        _ = simulator.Skanner


def test_importing_costs_nothing() -> None:
    code = "import sys, simulator; print(*[m for m in ('numpy', 'pygame', 'moderngl', 'pydantic') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
