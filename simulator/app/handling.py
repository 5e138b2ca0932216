"""What does a command do to the scan? Pure functions from `ScanState` to `ScanState`; no drawing, no input devices."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from simulator.app import fading
from simulator.app.keys import Command
from simulator.app.state import POSTURES, ScanState
from simulator.geometry import Pose
from simulator.probe import ABDOMEN, BASE, PRESETS, SETTING_RANGES, TRANSDUCERS, Settings
from simulator.render.camera import LYING, VIEWS_RAD, Camera

SLIDE_M_S = 0.040  # speed of a held key on the skin
TURN_RAD_S = math.radians(40.0)
TILT_RAD_S = math.radians(22.0)
PRESS_S = 0.6  # share of the whole range in a second
FINE = 0.2  # share of the speed while Shift is held
SKIN_RADIUS_M = 0.14  # to turn a way on the skin into an azimuth
TILT_LIMIT_RAD = math.radians(45.0)
HEIGHT_M = (-0.42, 0.02)  # where a probe can be: from the flanks to the clavicles
GAIN_STEP_DB = 1.0
STEPS_CM = (3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 18.0, 20.0, 22.0, 24.0)
SEEN_RAD = math.radians(80.0)  # a probe farther round than this is hidden by the patient
CAMERA_S = 0.35  # time for a calm turn of the view
ABOVE_RAD = math.radians(12.0)  # from where who lies on a side is seen: a little above the bed

# command -> (what moves, sign)
_MOTIONS: dict[Command, tuple[str, float]] = {
    Command.SLIDE_UP: ("up", 1.0), Command.SLIDE_DOWN: ("up", -1.0),
    Command.SLIDE_LEFT: ("left", 1.0), Command.SLIDE_RIGHT: ("left", -1.0),
    Command.ROTATE_LEFT: ("rotate", -1.0), Command.ROTATE_RIGHT: ("rotate", 1.0),
    Command.FAN_UP: ("fan", 1.0), Command.FAN_DOWN: ("fan", -1.0),
    Command.ROCK_LEFT: ("rock", 1.0), Command.ROCK_RIGHT: ("rock", -1.0),
    Command.PRESS: ("press", 1.0), Command.LIFT: ("press", -1.0),
}  # fmt: skip


def wrapped(angle_rad: float) -> float:
    """An angle brought to -pi..pi."""
    if -math.pi <= angle_rad <= math.pi:
        return angle_rad  # untouched, to the last bit
    return (angle_rad + math.pi) % (2.0 * math.pi) - math.pi


def limited(pose: Pose) -> Pose:
    """The pose within what a hand and a trunk allow."""
    return replace(
        pose,
        azimuth_rad=wrapped(pose.azimuth_rad),
        height_m=min(HEIGHT_M[1], max(HEIGHT_M[0], pose.height_m)),
        rotate_rad=wrapped(pose.rotate_rad),
        fan_rad=min(TILT_LIMIT_RAD, max(-TILT_LIMIT_RAD, pose.fan_rad)),
        rock_rad=min(TILT_LIMIT_RAD, max(-TILT_LIMIT_RAD, pose.rock_rad)),
        pressure=min(1.0, max(0.0, pose.pressure)),
    )


def moved(pose: Pose, what: str, amount: float) -> Pose:
    """The pose after `amount` of a motion: metres for "up" and "left", radians for turns, 0..1 for "press"."""
    match what:
        case "up":
            pose = replace(pose, height_m=pose.height_m + amount)
        case "left":
            pose = replace(pose, azimuth_rad=pose.azimuth_rad + amount / SKIN_RADIUS_M)
        case "rotate":
            pose = replace(pose, rotate_rad=pose.rotate_rad + amount)
        case "fan":
            pose = replace(pose, fan_rad=pose.fan_rad + amount)
        case "rock":
            pose = replace(pose, rock_rad=pose.rock_rad + amount)
        case "press":
            pose = replace(pose, pressure=pose.pressure + amount)
    return limited(pose)


_SPEED = {"up": SLIDE_M_S, "left": SLIDE_M_S, "rotate": TURN_RAD_S, "fan": TILT_RAD_S, "rock": TILT_RAD_S,
          "press": PRESS_S}  # fmt: skip


def hold(scan: ScanState, commands: Iterable[Command], delta_s: float) -> ScanState:
    """The scan after the held keys `commands` were down for `delta_s`."""
    share = FINE if scan.fine else 1.0
    pose = scan.pose
    for command in sorted(commands):
        if command in _MOTIONS:
            what, sign = _MOTIONS[command]
            pose = _moved_as_seen(pose, scan.camera, what, sign * share * _SPEED[what] * delta_s)
    return replace(scan, pose=pose)


def push(scan: ScanState, amounts: dict[str, float], delta_s: float) -> ScanState:
    """The scan after a gamepad's sticks were at `amounts` (-1..1 for each motion) for `delta_s`."""
    share = FINE if scan.fine else 1.0
    pose = scan.pose
    for what, amount in amounts.items():
        if abs(amount) > 1e-3:
            pose = _moved_as_seen(pose, scan.camera, what, amount * share * _SPEED[what] * delta_s)
    return replace(scan, pose=pose)


def _moved_as_seen(pose: Pose, camera: Camera, what: str, amount: float) -> Pose:
    """`moved`, where "up" and "left" are ways on the screen: of who lies on a side, up is not towards the head."""
    if what not in ("up", "left") or camera.roll_rad == 0.0:
        return moved(pose, what, amount)
    c, s = math.cos(camera.roll_rad), math.sin(camera.roll_rad)
    up, left = (c, s) if what == "up" else (-s, c)
    return moved(moved(pose, "up", amount * up), "left", amount * left)


def wheel(
    scan: ScanState, notches: float, ctrl: bool, shift: bool, alt: bool, at: npt.NDArray[np.float64] | None = None
) -> ScanState:
    """The scan after the wheel was turned over the patient: zoom, or with modifiers a movement of the probe.

    `at` (3,) is what the pointer is on: the view nears that.
    """
    if (ctrl or shift or alt) and scan.fine_on:  # Shift is taken: only the switch makes the wheel fine
        notches *= FINE
    if ctrl and shift:
        return replace(scan, pose=moved(scan.pose, "press", 0.05 * notches))
    if ctrl:
        return replace(scan, pose=moved(scan.pose, "rotate", math.radians(3.0) * notches))
    if shift:
        return replace(scan, pose=moved(scan.pose, "fan", math.radians(1.5) * notches))
    if alt:
        return replace(scan, pose=moved(scan.pose, "rock", math.radians(1.5) * notches))
    return replace(scan, camera=scan.camera.zoomed(0.92**notches, at), camera_goal=None)


def orbited(scan: ScanState, dx: float, dy: float) -> ScanState:
    """The scan after the view was dragged by (dx, dy) of the picture's height: what is near goes with the pointer."""
    c, s = math.cos(scan.camera.roll_rad), math.sin(scan.camera.roll_rad)
    around, over = c * dx + s * dy, c * dy - s * dx
    return replace(scan, camera=scan.camera.orbited(2.6 * around, 2.0 * over), camera_goal=None)


def depth_stepped(settings: Settings, steps: int) -> Settings:
    """The depth so many steps deeper (shallower if negative) on the machine's own list, or at its end."""
    more = [d for d in STEPS_CM if d > settings.depth_cm + 1e-6]
    less = [d for d in reversed(STEPS_CM) if d < settings.depth_cm - 1e-6]
    way = more if steps > 0 else less
    return settings.replace(depth_cm=way[min(abs(steps), len(way)) - 1]) if steps and way else settings


def gained(settings: Settings, change_db: float) -> Settings:
    """Gain changed, within its range."""
    low, high = SETTING_RANGES["gain_db"]
    return settings.replace(gain_db=min(high, max(low, settings.gain_db + change_db)))


def preset(name: str, probe: str) -> Settings | None:
    """The console of a preset, "lung", "abdomen" or "base"; None where the probe has no such preset."""
    if name == "lung":
        return PRESETS[probe]
    return {"abdomen": ABDOMEN, "base": BASE}[name] if probe == "convex" else None


def with_console(scan: ScanState, settings: Settings) -> ScanState:
    """The console of the probe in the hand set to `settings`."""
    return replace(scan, console={**scan.console, scan.transducer_key: settings})


def with_probe(scan: ScanState, key: str) -> ScanState:
    """Another probe in the hand; each keeps its own console."""
    return thawed(replace(scan, transducer_key=key, zoom=None))


def thawed(scan: ScanState) -> ScanState:
    """The image live again; what was measured on the frozen one goes with it."""
    return replace(scan, frozen=False, measured=(), placing=())


def commanded(scan: ScanState, command: Command) -> ScanState:
    """The scan after a key that acts once."""
    match command:
        case Command.SQUARE:
            return replace(scan, pose=replace(scan.pose, fan_rad=0.0, rock_rad=0.0, rotate_rad=0.0))
        case Command.DEEPER:
            return with_console(scan, depth_stepped(scan.settings, 1))
        case Command.SHALLOWER:
            return with_console(scan, depth_stepped(scan.settings, -1))
        case Command.GAIN_UP:
            return with_console(scan, gained(scan.settings, GAIN_STEP_DB))
        case Command.GAIN_DOWN:
            return with_console(scan, gained(scan.settings, -GAIN_STEP_DB))
        case Command.PROBE:
            keys = list(TRANSDUCERS)
            return with_probe(scan, keys[(keys.index(scan.transducer_key) + 1) % len(keys)])
        case Command.FREEZE:
            return thawed(scan) if scan.frozen else replace(scan, frozen=True)
        case Command.FINE:
            return replace(scan, fine_on=not scan.fine_on)
        case Command.MMODE:
            return replace(scan, mmode=not scan.mmode)
        case Command.VIEW:
            return looked_from(scan, _next_view(scan.camera_goal or scan.camera))
        case Command.LINES:
            return replace(scan, show_zones=not scan.show_zones)
    return scan


def _next_view(camera: Camera) -> str:
    """The view after the one that the camera is nearest to."""
    names = list(VIEWS_RAD)
    nearest = min(names, key=lambda name: abs(wrapped(VIEWS_RAD[name] - camera.yaw_rad)))
    return names[(names.index(nearest) + 1) % len(names)]


def looked_from(scan: ScanState, view: str) -> ScanState:
    """Turn calmly to one of the four views, of the whole trunk."""
    distance, lying = max(Camera().distance_m, scan.camera.distance_m), LYING.get(scan.posture, 0.0)
    goal = replace(Camera(), yaw_rad=VIEWS_RAD[view], distance_m=distance, lying=lying)
    if lying and view in ("front", "back"):
        above = lying * ABOVE_RAD if view == "front" else -lying * ABOVE_RAD
        goal = replace(goal, yaw_rad=wrapped(goal.yaw_rad + above), pitch_rad=0.0)
    return replace(scan, camera_goal=goal)


def laid(scan: ScanState) -> ScanState:
    """Turn calmly with a patient who has turned onto a side, or off it."""
    camera = scan.camera_goal or scan.camera
    if camera.lying == LYING.get(scan.posture, 0.0):
        return scan
    return looked_from(scan, "front" if math.cos(camera.yaw_rad) >= 0.0 else "back")


def looked_at_probe(scan: ScanState) -> ScanState:
    """Turn calmly to where the probe is, a little from the side so that the beam plane is seen."""
    side = 1.0 if scan.pose.azimuth_rad >= 0.0 else -1.0
    yaw = wrapped(scan.pose.azimuth_rad - side * 0.45)
    middle = Camera().target_torso
    out = SKIN_RADIUS_M * np.array([math.sin(scan.pose.azimuth_rad), math.cos(scan.pose.azimuth_rad), 0.0])
    goal = replace(Camera(), yaw_rad=yaw, distance_m=scan.camera.distance_m, lying=LYING.get(scan.posture, 0.0))
    return replace(scan, camera_goal=goal.aimed(np.array([0.0, middle[1], scan.pose.height_m]) + out))


def seen(scan: ScanState) -> ScanState:
    """Turn calmly to the probe if it is on the far side of the patient; otherwise the view stays."""
    camera = scan.camera_goal or scan.camera
    hidden = abs(wrapped(camera.yaw_rad - scan.pose.azimuth_rad)) > SEEN_RAD
    return looked_at_probe(scan) if hidden else scan


def next_posture(posture: str, known: Iterable[str] = POSTURES) -> str:
    """The posture after this one, among those that this patient can take."""
    names = [p for p in POSTURES if p in set(known)] or [posture]
    return names[(names.index(posture) + 1) % len(names)] if posture in names else names[0]


def passed(scan: ScanState, delta_s: float) -> ScanState:
    """The scan after `delta_s` of real time: the patient breathes on unless frozen, the view turns on."""
    scan = laid(scan)
    camera, goal = scan.camera, scan.camera_goal
    if goal is not None:
        camera = camera.towards(goal, 1.0 - math.exp(-delta_s / (CAMERA_S / 3.0)))
        away_m = float(np.linalg.norm(goal.eye_torso - camera.eye_torso))
        close = away_m < 0.005 and abs(goal.distance_m - camera.distance_m) < 0.005
        close = close and abs(goal.lying - camera.lying) < 0.005
        camera, goal = (goal, None) if close else (camera, goal)
    scan = fading.passed(replace(scan, camera=camera, camera_goal=goal), delta_s)
    if scan.frozen:
        return scan
    time_s = scan.time_s + delta_s
    if scan.clip_s is not None and time_s > scan.clip_s[1]:
        time_s = scan.clip_s[0]
    return replace(scan, time_s=time_s, frame_index=scan.frame_index + 1)
