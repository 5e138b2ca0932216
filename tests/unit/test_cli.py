"""The command line from outside: exit status, one line for every error, nothing but results on standard output."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import simulator
from simulator import cli
from simulator.errors import BadInputError
from simulator.messages import language, set_language

ROOT = Path(__file__).resolve().parents[2]


def as_a_program(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `python main.py` as a program of its own."""
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *arguments],
        env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@dataclass(frozen=True)
class Done:
    """What a command left: exit status, standard output, standard error."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def pleura(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Done]]:
    """Run a command here, which is faster."""

    def run(*arguments: str) -> Done:
        capsys.readouterr()
        try:
            status = cli.main(arguments)
        except SystemExit as left:  # argparse
            status = int(left.code or 0)
        return Done(status, *capsys.readouterr())

    before = language()
    yield run
    set_language(before)


Pleura = Callable[..., Done]


def _without_a_screen() -> dict[str, str]:
    return {"SDL_VIDEODRIVER": "", "DISPLAY": "", "WAYLAND_DISPLAY": ""}


def test_version() -> None:
    done = as_a_program("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"pleura {simulator.__version__}\n", "")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")
def test_without_a_screen_it_says_so_and_names_the_demonstration() -> None:
    done = as_a_program(**_without_a_screen())
    assert done.returncode == 1
    assert "no screen" in done.stderr
    assert "`pleura demo`" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["--lang", "xx"],
        ["scan", "covid_moderate"],
        ["scan", "covid_moderate", "--zone", "R3", "--out", "x", "--seconds", "never"],
        ["scan", "covid_moderate", "--zone", "R3", "--out", "x", "--seconds", "-1"],
        ["scan", "covid_moderate", "--zone", "R3", "--out", "x", "--format", "gif"],
    ],
)
def test_bad_arguments_are_one_line_and_status_2(pleura: Pleura, arguments: list[str]) -> None:
    done = pleura(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "--help" in done.stderr


def test_an_unexpected_error_is_one_line_that_names_the_log(
    own_data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_options: object) -> int:
        raise ZeroDivisionError("first line\nsecond line")

    monkeypatch.setattr(cli, "_doctor", fail)
    assert cli.main(["doctor"]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "ZeroDivisionError: first line second line" in error
    log = own_data.parent / "log" / "pleura.log"
    assert str(log) in error
    assert "Traceback" in log.read_text()
    assert "Traceback" not in error


def test_several_errors_are_one_line_each_and_located_ones_come_bare(
    own_data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_options: object) -> int:
        raise BadInputError("case.yaml:3:5: body.sex: unknown 'woman'\ncase.yaml:4:1: seed: twice\nnot anywhere")

    monkeypatch.setattr(cli, "_doctor", fail)
    assert cli.main(["doctor"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "case.yaml:3:5: body.sex: unknown 'woman'",
        "case.yaml:4:1: seed: twice",
        "pleura: not anywhere",
    ]


def test_interrupted(own_data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(_options: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_doctor", fail)
    assert cli.main(["doctor"]) == cli.INTERRUPTED
    assert capsys.readouterr().err == "pleura: interrupted\n"


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are POSIX here")
def test_a_reader_that_goes_away_is_no_traceback() -> None:
    with subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), "doctor"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
        process.wait(timeout=60)
    assert process.returncode == cli.PIPE_CLOSED
    assert errors == ""


def test_no_results_yet(pleura: Pleura, own_data: Path) -> None:
    done = pleura("results")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "No attempts yet.\n"


def test_results_as_csv_have_a_header(pleura: Pleura, own_data: Path) -> None:
    done = pleura("results", "--csv")
    assert done.returncode == 0
    assert done.stdout.startswith("attempt_id,trainee,scenario_id,")


def test_a_damaged_database_is_a_failure_in_words(pleura: Pleura, own_data: Path) -> None:
    own_data.mkdir(parents=True)
    (own_data / "results.db").write_bytes(b"this is no database" * 1000)
    done = pleura("results")
    assert done.returncode == 1
    assert "damaged" in done.stderr
    assert done.stderr.count("\n") == 1


def test_list_names_the_patients_in_the_language_asked_for(pleura: Pleura) -> None:
    english, french = pleura("list"), pleura("--lang", "fr", "list")
    assert english.returncode == french.returncode == 0
    assert "covid_moderate" in english.stdout
    assert "covid_moderate" in french.stdout
    assert english.stdout != french.stdout
    assert pleura("list", "--lang", "fr").stdout == french.stdout


def test_check_accepts_every_scenario_that_comes_with_the_program(pleura: Pleura) -> None:
    done = pleura("check", str(ROOT / "scenarios"))
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == len(list((ROOT / "scenarios").glob("*.yaml")))


def test_check_says_file_line_and_column_of_everything_that_is_wrong(pleura: Pleura, tmp_path: Path) -> None:
    text = (ROOT / "scenarios" / "covid_moderate.yaml").read_text(encoding="utf-8")
    lines = text.splitlines()
    (sex,) = [number for number, line in enumerate(lines, 1) if line.strip().startswith("sex:")]
    (seed,) = [number for number, line in enumerate(lines, 1) if line.startswith("seed:")]
    lines[sex - 1] = "  sex: femal"
    lines[seed - 1] = "sead: 4"
    broken = tmp_path / "covid_moderate.yaml"
    broken.write_text("\n".join(lines), encoding="utf-8")
    done = pleura("check", str(broken), str(ROOT / "scenarios"))
    assert done.returncode == 2
    errors = done.stderr.splitlines()
    assert len(errors) == 2
    assert any(line.startswith(f"{broken}:{sex}:8: body.sex: ") and "female" in line for line in errors)
    assert any(line.startswith(f"{broken}:{seed}:1: sead: ") and "seed" in line for line in errors)
    assert "valid" in done.stdout


def test_check_of_nothing_is_bad_input(pleura: Pleura, tmp_path: Path) -> None:
    assert pleura("check", str(tmp_path / "nowhere.yaml")).returncode == 2
    assert pleura("check", str(tmp_path)).returncode == 2


def test_an_unknown_scenario_is_bad_input_with_the_nearest_one(pleura: Pleura, tmp_path: Path) -> None:
    done = pleura("scan", "covid_moderat", "--zone", "R3", "--out", str(tmp_path))
    assert done.returncode == 2
    assert "covid_moderate" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_wrong_answer_sheet_is_bad_input_with_its_place(pleura: Pleura, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text("zones:\n  R1: {signs: [a_line], score: 7}\n")
    done = pleura("exam", "covid_moderate", "--answers", str(sheet))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 2
    assert all(line.startswith(f"{sheet}:2:") for line in done.stderr.splitlines())


@pytest.mark.parametrize(
    ("asked_for", "remembered", "system", "spoken"),
    [
        ("fr", "en", "en_GB.UTF-8", "fr"),
        (None, "fr", "en_GB.UTF-8", "fr"),
        (None, "", "fr_CA.UTF-8", "fr"),
        (None, "", "de_DE.UTF-8", "en"),
    ],
)
def test_which_language_is_spoken(
    own_data: Path, monkeypatch: pytest.MonkeyPatch, asked_for: str | None, remembered: str, system: str, spoken: str
) -> None:
    from simulator.app.preferences import Preferences, config_path, save

    save(Preferences(language=remembered), config_path())
    monkeypatch.setenv("LANGUAGE", system)
    assert cli._language(asked_for) == spoken
