"""The log file."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from simulator import logbook


@pytest.fixture(autouse=True)
def _put_back() -> object:
    yield
    for handler in list(logbook.LOGGER.handlers):
        logbook.LOGGER.removeHandler(handler)
        handler.close()


def test_what_modules_log_is_in_the_file(own_data: Path) -> None:
    path = logbook.start()
    assert path == logbook.log_path()
    logging.getLogger("simulator.somewhere").warning("the probe lost contact")
    assert path is not None
    assert "simulator.somewhere: the probe lost contact" in path.read_text()


def test_a_log_that_cannot_be_written_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PLEURA_LOG_DIR", str(tmp_path / "file"))
    assert logbook.start() is None
    logging.getLogger("simulator.somewhere").error("nobody hears this")
    assert capsys.readouterr().err == ""


def test_starting_again_follows_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("first", "second"):
        monkeypatch.setenv("PLEURA_LOG_DIR", str(tmp_path / name))
        logbook.start()
        logging.getLogger("simulator").info("line in %s", name)
    assert "first" not in (tmp_path / "second" / "pleura.log").read_text()
    assert "second" not in (tmp_path / "first" / "pleura.log").read_text()
