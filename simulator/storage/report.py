"""The report of one attempt: a single HTML file that needs nothing else, prints on A4 and explains every point."""

from __future__ import annotations

import base64
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from simulator import __version__
from simulator.anatomy.zones import ZONES
from simulator.assessment import volumes
from simulator.assessment.agreement import agreement
from simulator.assessment.answer import Answer
from simulator.assessment.conclusions import SEVERITIES
from simulator.assessment.score import Score
from simulator.assessment.signs import sign_names
from simulator.assessment.truth import Truth
from simulator.messages import N_, _, language, ngettext
from simulator.resources import resource_dir
from simulator.scenario.load import BriefText, Scenario
from simulator.storage.errors import StorageError, explained
from simulator.units import MM

PART_NAMES = {
    "acquisition": N_("Acquisition"),
    "interpretation": N_("Interpretation"),
    "conclusion": N_("Conclusion"),
}
ZONE_COLUMNS = (
    N_("1 · anterior upper"), N_("2 · anterior lower"), N_("3 · lateral upper"), N_("4 · lateral lower"),
    N_("5 · posterior upper"), N_("6 · posterior lower"),
)  # fmt: skip
_PNG = b"\x89PNG\r\n\x1a\n"
_FONTS = (("400", "Inter-Regular.otf"), ("600", "Inter-SemiBold.otf"))


@dataclass(frozen=True)
class Report:
    """What a report says besides the marks. Texts are in the language that it is to be written in; `images` are PNG
    bytes by zone, `skipped` the reasons of zones left out."""

    title: str
    scenario_id: str
    complaint: str = ""
    history: str = ""
    vitals: tuple[tuple[str, str], ...] = ()
    debrief: str = ""
    questions: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    skipped: Mapping[str, str] = field(default_factory=dict)
    images: Mapping[str, bytes] = field(default_factory=dict)
    trainee: str = ""
    started_utc: str = ""
    elapsed_s: float = 0.0
    content_hash: str = ""
    program_version: str = __version__


def report_of(scenario: Scenario, **more: Any) -> Report:
    """The report of a case in the language spoken now; `more` are further fields of `Report`."""
    brief = scenario.brief()
    return Report(
        title=brief.title, scenario_id=scenario.id, complaint=brief.complaint, history=brief.history,
        vitals=vitals_of(brief), debrief=scenario.debrief(), questions=scenario.questions(),
        content_hash=scenario.content_hash, **more,
    )  # fmt: skip


def vitals_of(brief: BriefText) -> tuple[tuple[str, str], ...]:
    """Vital signs as (name, value with unit), in the language spoken now."""
    v = brief.vitals
    if v is None:
        return ()
    return (
        (_("Heart rate"), f"{v.heart_rate_per_min} /min"),
        (_("Respiratory rate"), f"{v.respiratory_rate_per_min} /min"),
        (_("SpO₂"), f"{v.spo2_percent} %"),
        (_("Blood pressure"), f"{v.blood_pressure_mmhg.systolic}/{v.blood_pressure_mmhg.diastolic} mmHg"),
        (_("Temperature"), f"{number(v.temperature_c)} °C"),
    )


def render_report(report: Report, answer: Answer, truth: Truth, score: Score) -> str:
    """The whole report as HTML, in the language spoken now."""
    environment = Environment(
        loader=PackageLoader("simulator.storage"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.globals.update(_=_, number=number, whole=whole, duration=duration, moment=moment, names=_names)
    return environment.get_template("report.html.j2").render(
        report=report,
        answer=answer,
        truth=truth,
        score=score,
        band=SEVERITIES[truth.severity],
        language=language(),
        agreement=agreement(answer, truth),
        part_names={key: _(name) for key, name in PART_NAMES.items()},
        zone_columns=[_(name) for name in ZONE_COLUMNS],
        sides=(("R", _("Right")), ("L", _("Left"))),
        volume_name=volumes.NAME,
        lobe_names=volumes.LOBE_NAMES,
        volume_depth_mm=round(volumes.INTERSTITIAL_DEPTH_M / MM),
        zone_keys=tuple(truth.zones),
        images=[(key, _png(report.images[key], key)) for key in ZONES if key in report.images],
        fonts=[(weight, _font(name)) for weight, name in _FONTS],
    )


def write_report(path: Path, report: Report, answer: Answer, truth: Truth, score: Score) -> Path:
    """Write the report to `path`, whole or not at all; makes the folder. Returns the path."""
    text = render_report(report, answer, truth, score)
    with explained(str(path)):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    return path


def number(value: float) -> str:
    """A number with at most two decimals and none to spare, with the language's decimal sign."""
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return shown.replace(".", ",") if language() == "fr" else shown


def whole(value: float) -> str:
    """A whole number; a share that is not all stays below 100, one that is not nothing above 0."""
    rounded = round(value)
    if rounded == 100 and value < 100.0 - 1e-6:
        rounded = 99
    if rounded == 0 and value > 1e-6:
        rounded = 1
    return str(rounded)


def duration(seconds: float) -> str:
    """Minutes and seconds in words."""
    minutes, rest = divmod(round(seconds), 60)
    parts = [ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)] if minutes else []
    parts.append(ngettext("{count} second", "{count} seconds", rest).format(count=rest))
    return " ".join(parts)


def moment(utc: str) -> str:
    """A time of the wall clock, as `2026-11-23 10:00 UTC`; what is no ISO 8601 time is shown as it is."""
    try:
        return f"{datetime.fromisoformat(utc):%Y-%m-%d %H:%M} UTC"
    except ValueError:
        return utc


def _names(signs: Iterable[str]) -> str:
    return ", ".join(_(name) for name in sign_names(signs)) or "–"


def _png(data: bytes, key: str) -> str:
    if not data.startswith(_PNG):
        raise StorageError(f"report: the image of zone {key} is not a PNG")
    return "data:image/png;base64," + base64.b64encode(data).decode("ascii")


def _font(name: str) -> str:
    data = (resource_dir("assets") / "fonts" / name).read_bytes()
    return "data:font/otf;base64," + base64.b64encode(data).decode("ascii")
