"""The command line: `pleura` and `python main.py`. Each command is a thin call into the package that does the work.

Exit status: 0 done, 1 a failure, 2 bad input, 130 interrupted (Ctrl-C), 141 the reader of a pipe went away. Errors go
to standard error, one line each; tracebacks go to the log file only. Packages are imported by the command that needs
them, so that `pleura --version` answers at once.
"""

from __future__ import annotations

import argparse
import io
import locale
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from simulator import __version__, logbook
from simulator.anatomy.phantom import GROUPS_M
from simulator.anatomy.zones import ZONES
from simulator.errors import BadInputError, PleuraError

if TYPE_CHECKING:
    from simulator.scanner import Frame

INTERRUPTED = 130
PIPE_CLOSED = 141
BENCHES = ("speed", "imaging", "anatomy", "endurance", "gallery", "agreement")
PROBES = ("convex", "linear", "micro_convex", "phased")  # those of simulator.probe, which needs numpy
_LOCATED = re.compile(r".+:\d+:\d+: ")  # file:line:col: comes first, so that editors can jump there


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """Print the message and where help is, and leave with status 2."""
        self.exit(2, f"{self.prog}: {message} (see `{self.prog} --help`)\n")


def build_parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    common = _Parser(add_help=False)
    common.add_argument(
        "--lang",
        choices=("en", "fr"),
        default=argparse.SUPPRESS,
        help="language (default: the one chosen in the window, else the system's)",
    )
    parser = _Parser(
        prog="pleura",
        parents=[common],
        description="A virtual lung-ultrasound training simulator. Without a command it opens the window.",
        epilog="A teaching aid with synthetic patients; not a medical device.",
    )
    parser.add_argument("--version", action="version", version=f"pleura {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=_Parser)

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".", parents=[common])
        sub.set_defaults(run=run)
        return sub

    demo = command("demo", _demo, "scan a patient, answer, be scored and write the report, without hands")
    demo.add_argument("--scenario", metavar="ID", default="covid_moderate", help="id or file (default: %(default)s)")
    demo.add_argument("--out", type=Path, metavar="DIR", default=Path("out/demo"), help="default: %(default)s")
    demo.add_argument(
        "--seconds", type=_positive, default=3.0, help="length of each zone's clip (default: %(default)s)"
    )

    scan = command("scan", _scan, "scan one zone without a window and write the images")
    scan.add_argument("scenario", metavar="SCENARIO", help="id or file of a scenario")
    scan.add_argument(
        "--zone",
        type=_zone,
        metavar="ZONE",
        help=f"R1 to R6, L1 to L6; of a test block: {', '.join(GROUPS_M)}",
    )
    scan.add_argument("--probe", choices=PROBES, default="convex", help="default: %(default)s")
    scan.add_argument("--depth-cm", type=float, metavar="CM", help="default: that of the probe's lung preset")
    scan.add_argument("--gain-db", type=float, metavar="DB", help="default: that of the probe's lung preset")
    scan.add_argument("--seconds", type=_seconds, default=4.0, help="0 is one frame (default: %(default)s)")
    scan.add_argument("--fps", type=_positive, default=30.0, help="frames a second (default: %(default)s)")
    scan.add_argument("--out", type=Path, metavar="DIR", required=True, help="folder to write into")
    scan.add_argument(
        "--format", choices=("png", "webp", "npz"), default="png",
        help="png: a file a frame; webp: an animated clip; npz: images, envelopes and truth (default: %(default)s)",
    )  # fmt: skip

    check = command("check", _check, "validate scenario files, or all in a folder")
    check.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a .yaml file or a folder of them")

    command("list", _list, "list the patients")

    exam = command("exam", _exam, "score a written answer sheet")
    exam.add_argument("scenario", metavar="SCENARIO", help="id or file of a scenario")
    exam.add_argument("--answers", type=Path, required=True, metavar="FILE", help="the answer sheet, a YAML file")
    exam.add_argument("--out", type=Path, metavar="DIR", help="write report.html there")

    results = command("results", _results, "list the attempts kept so far")
    results.add_argument("--csv", action="store_true", help="as comma-separated values")

    bench = command("bench", _bench, "measure; never a gate")
    bench.add_argument("name", nargs="?", choices=BENCHES, default="speed", help="which (default: %(default)s)")
    bench.add_argument("--out", type=Path, metavar="DIR", default=Path("out/gallery"), help="of the gallery")
    bench.add_argument("--minutes", type=_positive, default=10.0, help="of endurance (default: %(default)s)")
    bench.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there too")

    command("doctor", _doctor, "look at Python, OpenGL, the screen and the folders in use")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    options = build_parser().parse_args(arguments)
    logbook.start()
    try:
        status = _run(options)
        sys.stdout.flush()  # so that a closed pipe is noticed here
        return status
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the interpreter flushes once more at exit
        return PIPE_CLOSED
    except KeyboardInterrupt:
        print("pleura: interrupted", file=sys.stderr)
        return INTERRUPTED
    except PleuraError as error:
        logbook.LOGGER.error("%s: %s", type(error).__name__, error)
        for line in str(error).splitlines():
            print(line if _LOCATED.match(line) else f"pleura: {line}", file=sys.stderr)
        return error.exit_status
    except Exception as error:
        logbook.LOGGER.exception("unexpected error")
        text = " ".join(f"{type(error).__name__}: {error}".split())
        print(f"pleura: unexpected error: {text}; details are in {logbook.log_path()}", file=sys.stderr)
        return 1


def _run(options: argparse.Namespace) -> int:
    run: Callable[[argparse.Namespace], int] = getattr(options, "run", _window)
    if run is not _doctor:  # the doctor works where hardly anything else does
        from simulator.messages import set_language

        set_language(_language(getattr(options, "lang", None)))
    return run(options)


def _language(asked_for: str | None) -> str:
    """The language to speak: the one asked for, else the one chosen in the window, else that of the system."""
    from simulator.app import preferences
    from simulator.messages import best_language

    chosen = asked_for or preferences.load(preferences.config_path())[0].language
    named = (os.environ.get(name) for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))
    return best_language(chosen or next(filter(None, named), None) or locale.getlocale()[0])


def _zone(text: str) -> str:
    known = (*ZONES, *GROUPS_M)
    zone = text.upper() if text.upper() in ZONES else text.lower()
    if zone not in known:
        raise argparse.ArgumentTypeError(f"{text} is not known; there are {', '.join(known)}")
    return zone


def _seconds(text: str) -> float:
    value = float(text)
    if not 0.0 <= value <= 600.0:
        raise argparse.ArgumentTypeError(f"{text} is not 0 to 600 seconds")
    return value


def _positive(text: str) -> float:
    value = float(text)
    if not 0.0 < value <= 240.0:
        raise argparse.ArgumentTypeError(f"{text} is not above 0 and up to 240")
    return value


def _window(options: argparse.Namespace) -> int:
    from simulator import doctor

    screen = doctor.check_screen()
    if not screen.good:
        raise PleuraError(f"{screen.text}; `pleura demo` works without one")
    from simulator.app import window

    return window.run(language=getattr(options, "lang", None))


def _demo(options: argparse.Namespace) -> int:
    from simulator.console import progress_shown
    from simulator.demo import run_demo, summary_lines

    with progress_shown() as progress:
        result = run_demo(options.out, progress, options.scenario, options.seconds)
    print("\n".join(summary_lines(result)))
    return 0


def _scan(options: argparse.Namespace) -> int:
    from simulator.console import progress_shown
    from simulator.messages import _
    from simulator.recording import write_frames
    from simulator.scanner import Scanner
    from simulator.scenario.load import load_scenario

    scenario = load_scenario(options.scenario)
    zone = options.zone or (next(iter(GROUPS_M)) if scenario.is_phantom else None)
    if zone is None:
        raise BadInputError(_("which zone? give --zone R1 to R6 or L1 to L6"))
    with progress_shown() as progress, Scanner(scenario, options.probe, progress=progress) as scanner:
        scanner.place(zone)
        knobs = {"depth_cm": options.depth_cm, "gain_db": options.gain_db}
        scanner.settings = scanner.settings.replace(**{k: v for k, v in knobs.items() if v is not None})
        total = max(1, round(options.seconds * options.fps))

        def frames() -> Iterator[Frame]:
            for index in range(total):
                progress(_("scanning {zone}").format(zone=zone), index / total)
                yield scanner.frame(index / options.fps, index)

        files = write_frames(frames(), options.out, zone, options.format, options.fps)
    print(files[0] if len(files) == 1 else f"{files[0]} ... {files[-1]}")
    return 0


def _check(options: argparse.Namespace) -> int:
    from simulator.messages import _
    from simulator.scenario.catalogue import scenario_paths
    from simulator.scenario.load import ScenarioError, read_scenario

    wrong: list[str] = []
    for given in options.paths:
        paths = scenario_paths(given) if given.is_dir() else [given]
        if not paths:
            wrong.append(_("{folder}: there is no .yaml file in this folder").format(folder=given))
        for path in paths:
            try:
                read_scenario(path)
            except ScenarioError as error:
                wrong.append(str(error))
            else:
                print(_("{path}: valid").format(path=path))
    if wrong:
        raise BadInputError("\n".join(wrong))
    return 0


def _list(_options: argparse.Namespace) -> int:
    from simulator.console import print_table
    from simulator.messages import _
    from simulator.scenario.catalogue import list_scenarios

    entries = list_scenarios()
    rows = [(found.id, found.spec.teaching.level, found.title()) for entry in entries if (found := entry.scenario)]
    print_table([_("Patient"), _("Level"), _("Title")], rows)
    wrong = [str(entry.error) for entry in entries if entry.error]
    if wrong:
        raise BadInputError("\n".join(wrong))
    return 0


def _exam(options: argparse.Namespace) -> int:
    from simulator.assessment.score import score
    from simulator.assessment.truth import truth
    from simulator.assessment.volumes import volume_line
    from simulator.console import print_table, progress_shown
    from simulator.exam.answers_file import read_answers
    from simulator.messages import _
    from simulator.scenario.load import load_scenario

    scenario = load_scenario(options.scenario)
    scenario.require_exam()
    answer = read_answers(options.answers)
    with progress_shown() as progress:
        patient = scenario.build(progress)
        expected = truth(patient, lambda share: progress(_("working out the truth"), share))
    marks = score(answer, expected, scenario.rubric())
    print_table(
        [_("Item"), _("Expected"), _("Given"), _("Points"), _("Of"), _("Why")],
        [
            (f"{item.zone or ''} {_(item.title)}".strip(), item.expected_text, item.given_text,
             f"{item.points:.1f}", f"{item.max_points:.0f}", "" if item.full else item.why)
            for item in marks.items
        ],
    )  # fmt: skip
    print(_("Score: {percent:.0f} % ({points:.1f} of {maximum:.0f} points)").format(
        percent=marks.percent, points=marks.points, maximum=marks.max_points))  # fmt: skip
    if expected.volumes:
        print(volume_line(expected.volumes))
    if options.out:
        from simulator.storage.report import report_of, write_report

        report = write_report(options.out / "report.html", report_of(scenario), answer, expected, marks)
        print(_("Report: {path}").format(path=report))
    return 0


def _results(options: argparse.Namespace) -> int:
    from simulator.console import print_table
    from simulator.messages import _
    from simulator.storage.database import Database
    from simulator.storage.exports import write_csv

    with Database.open() as database:
        kept = database.results()
    if options.csv:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(newline="")  # the writer ends lines itself
        write_csv(kept, sys.stdout)
        return 0
    if not kept:
        print(_("No attempts yet."), file=sys.stderr)
        return 0
    states = {"running": _("running"), "finished": _("finished"), "abandoned": _("abandoned")}
    print_table(
        [_("No."), _("Started"), _("Trainee"), _("Patient"), _("State"), _("Score"), _("Zones")],
        [
            [
                result.attempt_id,
                result.started_utc,
                result.trainee,
                result.scenario_id,
                states.get(result.state, result.state),
                "" if result.percent is None else f"{result.percent:.0f} %",
                "" if result.total_given is None else f"{result.total_given} ({result.total_expected})",
            ]
            for result in kept
        ],
    )
    return 0


def _bench_anatomy(options: argparse.Namespace) -> int:
    from simulator.bench.anatomy import HEADINGS, run_anatomy
    from simulator.console import print_table, progress_shown

    with progress_shown() as progress:
        report = run_anatomy(progress)
    print(report.bench().rasteriser)
    print_table(HEADINGS, report.summary())
    if options.json:
        report.bench().write(options.json)
    return 0


def _bench(options: argparse.Namespace) -> int:
    if options.name == "anatomy":  # needs no OpenGL
        return _bench_anatomy(options)
    from simulator.bench.agreement import run_agreement
    from simulator.bench.endurance import run_endurance
    from simulator.bench.gallery import run_gallery
    from simulator.bench.imaging.contract import run_imaging
    from simulator.bench.speed import run_speed
    from simulator.console import print_table, progress_shown
    from simulator.render.context import headless_context
    from simulator.scenario.load import load_scenario

    with progress_shown() as progress:
        if options.name == "gallery":
            print(run_gallery(options.out, progress)[-1])
            return 0
        context = headless_context()
        if options.name == "imaging":
            report = run_imaging(context, progress)
        elif options.name == "agreement":
            report = run_agreement(str(context.info["GL_RENDERER"]), progress)
        elif options.name == "endurance":
            patients = [load_scenario(name).build(progress) for name in ("covid_moderate", "phantom")]
            report = run_endurance(context, patients, progress, options.minutes)
        else:
            report = run_speed(context, load_scenario("covid_moderate").build(progress), progress)
        context.release()
    verdicts = {True: "met", False: "missed", None: ""}
    rows = [(row.name, f"{row.value:.2f}", row.unit, row.target, verdicts[row.passed]) for row in report.rows]
    print(report.rasteriser)
    print_table(["what", "value", "unit", "target", ""], rows)
    if options.json:
        report.write(options.json)
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from simulator import doctor

    return doctor.main([])
