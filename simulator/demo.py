"""The main job without hands: an automatic sonographer scans twelve zones, answers, is scored; the attempt is kept.

The sonographer sees less than the truth: it holds the probe at some poses of each zone's sweep and states what those
planes show, so that its score is that of a decent but hurried examination.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from simulator import __version__
from simulator.anatomy.contact import place
from simulator.anatomy.windows import zone_sweep
from simulator.anatomy.zones import ZONES
from simulator.assessment.answer import Answer, ZoneAnswer
from simulator.assessment.conclusions import severity_band
from simulator.assessment.score import Score, score
from simulator.assessment.technique import technique
from simulator.assessment.truth import Truth, ZoneTruth, truth, zone_truth
from simulator.assessment.volumes import volume_line
from simulator.errors import PleuraError
from simulator.exam.attempt import Attempt
from simulator.exam.events import (
    ConclusionGiven,
    Event,
    Finished,
    ProbeMoved,
    SettingsChanged,
    ZoneAnswered,
    ZoneMarked,
    ZoneNotExamined,
)
from simulator.geometry import Pose
from simulator.messages import _
from simulator.patient import Patient
from simulator.probe import PRESETS
from simulator.recording import write_png, write_webp
from simulator.scanner import Scanner
from simulator.scenario.build import build, rubric_of
from simulator.scenario.catalogue import find
from simulator.scenario.load import load_scenario
from simulator.storage.database import Database
from simulator.storage.report import report_of, write_report

Progress = Callable[[str, float], None]
Image = npt.NDArray[np.uint8]

TRAINEE = "sonographer-demo"
POSES_PER_ZONE = 6  # of the zone sweep at most; the truth looks at all of it
POSE_SECONDS = 2.0  # held at each pose
CLIP_SECONDS = 6.0  # of the pose that is recorded: enough to count B-lines [V15]
TILE_PX = (400, 330)


@dataclass(frozen=True)
class DemoResult:
    """What the demonstration made."""

    folder: Path
    report: Path
    contact_sheet: Path
    clips: tuple[Path, ...]
    score: Score
    truth: Truth
    answer: Answer


class _Clock:
    """Examination time that passes only when the sonographer lets it."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def wait(self, seconds: float) -> None:
        self.now_s += seconds


def run_demo(
    out: Path,
    progress: Progress,
    scenario_id: str = "covid_moderate",
    seconds: float = 3.0,
    fps: float = 12.0,
) -> DemoResult:
    """Run the demonstration on one case and write `report.html`, `contact_sheet.png` and a clip per zone into `out`.

    `seconds` and `fps` are of the clips. The attempt is kept in the results database.
    """
    scenario = load_scenario(find(scenario_id))
    scenario.require_exam()
    folder = _folder(out)
    patient = build(scenario, lambda text, share: progress(text, 0.15 * share))
    with Database.open() as database, Scanner(patient, size_px=TILE_PX) as scanner:
        sink = database.sink()
        clock = _Clock()
        attempt = Attempt.start(
            sink, clock.now_s, scenario_id=scenario.id, content_hash=scenario.content_hash,
            program_version=__version__, seed=scenario.seed, trainee=TRAINEE, at_utc=_utc_now(),
        )  # fmt: skip

        def record(event: Event) -> None:
            attempt.apply(event, clock.now_s)

        record(SettingsChanged(settings=PRESETS["convex"]))
        stills: dict[str, Image] = {}
        clips: list[Path] = []
        for number, key in enumerate(ZONES):
            progress(_("scanning {zone}").format(zone=key), 0.15 + 0.75 * number / len(ZONES))
            found, pose = _examine(patient, key, record, clock)
            if pose is None:
                record(ZoneNotExamined(zone=key, reason="no window"))
                continue
            scanner.pose = pose
            frames = [frame.image for frame in scanner.clip(seconds, fps)]
            stills[key] = frames[len(frames) // 3]
            clips.append(write_webp(frames, folder / f"{key}.webp", fps))
            record(ProbeMoved(pose=pose))
            clock.wait(CLIP_SECONDS)
            record(ZoneMarked(zone=key, clip_s=CLIP_SECONDS))
            record(ZoneAnswered.of(key, ZoneAnswer(found.signs, found.score)))
        diagnosis, severity = conclude(attempt.answer)
        record(ConclusionGiven(diagnosis=diagnosis, severity=severity))
        record(Finished(at_utc=_utc_now()))
        progress(_("scoring"), 0.92)
        right = truth(patient)
        track = technique(attempt.track, patient, attempt.elapsed_s(clock.now_s))
        marks = score(attempt.answer, right, rubric_of(scenario.spec), track)
        database.save_score(sink.attempt_id, marks)
    sheet = write_png(contact_sheet(stills, attempt.answer, right), folder / "contact_sheet.png")
    pages = report_of(
        scenario, trainee=TRAINEE, images={key: _png(image) for key, image in stills.items()},
        skipped=attempt.state.skipped,
    )  # fmt: skip
    report = write_report(folder / "report.html", pages, attempt.answer, right, marks)
    progress(_("done"), 1.0)
    return DemoResult(folder, report, sheet, tuple(clips), marks, right, attempt.answer)


def _examine(
    patient: Patient, key: str, record: Callable[[Event], None], clock: _Clock
) -> tuple[ZoneTruth, Pose | None]:
    """Hold the probe at some poses of a zone; what they show, and the pose worth recording (None: no window)."""
    sweep = zone_sweep(patient.body, key)
    chosen = sweep[:: max(1, len(sweep) // POSES_PER_ZONE)]
    views = []
    for pose in chosen:
        record(ProbeMoved(pose=pose))
        clock.wait(POSE_SECONDS)
        views.append((pose, place(patient.body, pose)))
    found = zone_truth(patient, key, views)
    return found, found.worst.pose if found.worst is not None else None


def conclude(answer: Answer) -> tuple[str, str]:
    """Diagnosis and severity from the zones; bilateral and patchy B-lines suggest Covid-19 ([V34], simplified)."""
    scores = {key: answer.zone(key).score or 0 for key in ZONES}
    total = sum(scores.values())
    affected = [key for key, value in scores.items() if value > 0]
    bilateral = {key[0] for key in affected} == {"R", "L"}
    if len(affected) <= 2 and total <= 4:
        return "normal", severity_band(total)
    return ("covid_pneumonia" if bilateral else "bacterial_pneumonia"), severity_band(total)


def contact_sheet(stills: dict[str, Image], answer: Answer, right: Truth) -> Image:
    """(H, W) uint8: the twelve zones, right side above left, each with the score given and the right one."""
    from PIL import Image as Pillow
    from PIL import ImageDraw, ImageFont

    width, height = TILE_PX
    sheet = Pillow.new("L", (6 * width, 2 * (height + 34)))
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(size=19)
    for number, key in enumerate(ZONES):
        x, y = (number % 6) * width, (number // 6) * (height + 34)
        if key in stills:
            sheet.paste(Pillow.fromarray(stills[key]), (x, y + 34))
        zone = ZONES[key]
        given, expected = answer.zone(key).score, right.zones[key].score
        text = f"{key}  {_(zone.region)} {_(zone.level)}"
        draw.text((x + 10, y + 8), text, fill=220, font=font)
        marks = f"{'-' if given is None else given} / {'-' if expected is None else expected}"
        draw.text((x + width - 62, y + 8), marks, fill=170, font=font)
    return np.asarray(sheet)


def _png(image: Image) -> bytes:
    from PIL import Image as Pillow

    stream = io.BytesIO()
    Pillow.fromarray(image).save(stream, "PNG")
    return stream.getvalue()


def _folder(out: Path) -> Path:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PleuraError(f"{out}: cannot be written to ({error.strerror}); give another folder with --out") from error
    return out


def _utc_now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def summary_lines(result: DemoResult) -> Sequence[str]:
    """What the command line prints at the end."""
    lines = [
        _("Score given {given}, right {right} of {most}").format(
            given=sum(result.answer.zone(key).score or 0 for key in ZONES), right=result.truth.total,
            most=result.truth.maximum,
        ),
        *([volume_line(result.truth.volumes)] if result.truth.volumes else []),
        _("Report: {path}").format(path=result.report),
        _("Contact sheet: {path}").format(path=result.contact_sheet),
        _("Clips: {count} in {path}").format(count=len(result.clips), path=result.folder),
    ]  # fmt: skip
    return lines
