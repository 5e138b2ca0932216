"""The command line on a whole patient: scan, exam."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from simulator.assessment.truth import answer_from_truth, truth
from simulator.exam.answers_file import answers_text
from simulator.scenario.load import load_scenario

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


def _pleura(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *arguments], env=dict(os.environ),
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def _scan(out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return _pleura("scan", "covid_moderate", "--zone", "r6", "--out", str(out), *options)


def test_scan_writes_stills_that_show_something(tmp_path: Path) -> None:
    done = _scan(tmp_path, "--seconds", "0.2", "--fps", "10")
    assert done.returncode == 0, done.stderr
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["R6-0000.png", "R6-0001.png"]
    image = np.asarray(Image.open(files[0]))
    assert image.std() > 10.0


def test_scan_writes_numbers(tmp_path: Path) -> None:
    done = _scan(tmp_path, "--seconds", "0", "--format", "npz", "--depth-cm", "8", "--probe", "linear")
    assert done.returncode == 0, done.stderr
    kept = np.load(tmp_path / "R6.npz")
    lines, samples = kept["envelope"].shape[1:]
    assert kept["gas_depth_m"].shape == (1, lines)
    assert float(kept["sample_spacing_m"]) * samples == pytest.approx(0.08)


def test_scan_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert _scan(tmp_path / name, "--seconds", "0").returncode == 0
    assert (tmp_path / "one" / "R6-0000.png").read_bytes() == (tmp_path / "two" / "R6-0000.png").read_bytes()


def test_a_depth_out_of_range_is_bad_input(tmp_path: Path) -> None:
    done = _scan(tmp_path, "--depth-cm", "99")
    assert done.returncode == 2
    assert "depth_cm" in done.stderr.splitlines()[-1]


def test_the_right_answers_score_100_percent_and_none_score_0(tmp_path: Path) -> None:
    scenario = load_scenario("covid_moderate")
    right = tmp_path / "right.yaml"
    found = truth(scenario.build())
    right.write_text(answers_text(answer_from_truth(found, scenario.rubric().diagnosis, scenario.rubric().severity)))
    empty = tmp_path / "empty.yaml"
    empty.write_text("zones: {}\n")
    for sheet, percent in ((right, 100), (empty, 0)):
        done = _pleura("exam", "covid_moderate", "--answers", str(sheet), "--out", str(tmp_path / str(percent)))
        assert done.returncode == 0, done.stderr
        assert any(f" {percent} % " in line for line in done.stdout.splitlines()[-3:-1])
        assert (tmp_path / str(percent) / "report.html").read_text(encoding="utf-8").startswith("<!")


def test_the_demonstration_leaves_a_report_a_contact_sheet_twelve_clips_and_a_result(
    own_data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "demo"
    done = _pleura("demo", "--out", str(out), "--seconds", "0.2", "--lang", "fr")
    assert done.returncode == 0, done.stderr
    assert (out / "report.html").is_file()
    assert Image.open(out / "contact_sheet.png").width > 1000
    assert len(list(out.glob("*.webp"))) == 12
    listed = _pleura("results", "--csv")
    assert "covid_moderate" in listed.stdout.splitlines()[1]


def test_the_example_of_the_readme_runs() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    example = text.split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {}
    exec(example, names)
    frame = names["frame"]
    assert frame.image.dtype == np.uint8
    assert frame.truth.gas_depth_m.shape == (frame.envelope.shape[0],)
