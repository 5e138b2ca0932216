"""What the machine lacks, in words."""

from __future__ import annotations

import pytest

from simulator import doctor


def test_opengl_is_here() -> None:
    finding = doctor.check_opengl()
    assert finding.good, finding.text


def test_without_a_display_there_is_no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    finding = doctor.check_screen()
    assert not finding.good
    assert "DISPLAY" in finding.text


def test_a_missing_opengl_names_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    import moderngl

    def fail(**_: object) -> object:
        raise RuntimeError("libEGL.so.1 is not loaded")

    monkeypatch.setattr(moderngl, "create_context", fail)
    finding = doctor.check_opengl()
    assert not finding.good
    assert "libEGL.so.1" in finding.text
    assert "libegl1" in finding.text


def test_exit_status(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(doctor.CHECKS, "screen", lambda: doctor.Finding("screen", False, "none"))
    assert doctor.main(["python"]) == 0
    assert doctor.main(["python", "screen"]) == 1
    assert doctor.main(["scren"]) == 2
    assert "scren" in capsys.readouterr().err
