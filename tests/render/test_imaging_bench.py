"""The fast half of `pleura bench imaging`: the picture against the contract of image formation, row by row."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulator.bench.imaging.contract import FAST, Measure
from simulator.bench.report import BenchReport, Row
from simulator.bench.scenes import EchoBench

# Rows that miss their target today, and why; whoever meets one takes it out.
SHORT: dict[str, str] = {}


@pytest.mark.parametrize("measure", FAST, ids=lambda m: m.__name__)
def test_contract(bench: EchoBench, measure: Measure) -> None:
    rows = measure(bench)
    assert rows
    missed = {
        row.name: f"{row.name}: {row.value:.3f} {row.unit}, wanted {row.target}" for row in rows if not row.passed
    }
    assert missed.keys() <= SHORT.keys(), "\n".join(missed.values())
    met = SHORT.keys() & {row.name for row in rows} - missed.keys()
    assert not met, f"these meet their targets now; take them out of SHORT: {sorted(met)}"


def test_report_form(tmp_path: Path) -> None:
    report = BenchReport("some rasteriser", (Row("a", 1.5, "ms", "<= 2", True), Row("b", 3.0, "dB")))
    report.write(tmp_path / "deep" / "bench.json")
    data = json.loads((tmp_path / "deep" / "bench.json").read_text())
    assert data == {
        "rasteriser": "some rasteriser",
        "rows": [
            {"name": "a", "value": 1.5, "unit": "ms", "target": "<= 2", "pass": True},
            {"name": "b", "value": 3.0, "unit": "dB", "target": "", "pass": None},
        ],
    }
    assert report.passed
    assert not BenchReport("r", (Row("a", 3.0, "ms", "<= 2", False),)).passed
