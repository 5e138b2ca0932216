"""The patient in three dimensions: dragging the probe over the skin, looking from elsewhere, turning the patient."""

from __future__ import annotations

import math

import numpy as np
from imgui_bundle import imgui

from simulator.anatomy.arms import ARMS_OF_POSTURE
from simulator.anatomy.zones import ZONES
from simulator.app import grip, handling, theme, widgets
from simulator.app.examination import reachable
from simulator.app.interface import Interface
from simulator.app.keys import Command
from simulator.app.picking import skin_point
from simulator.app.screens import breath_tools, layers_panel, patient_tools
from simulator.app.state import ZONE_KEYS
from simulator.app.widgets import Vec
from simulator.geometry import FloatArray
from simulator.messages import N_, _
from simulator.patient import PatientState
from simulator.physiology.chest_wall import USUAL_EXCURSION_M, wall_shift_m
from simulator.render.camera import VIEWS_RAD
from simulator.render.torso_scene import TorsoScene
from simulator.units import CM

_VIEW_NAMES = {"front": N_("front"), "right": N_("right"), "back": N_("back"), "left": N_("left")}
_ROOMY = 420.0  # a pane this tall has room for the layers beside the patient
_HANDLE_M = 0.11  # of a probe, for a hand that takes hold of it
_BREATH_STEPS, _BEAT_STEPS = 16, 4  # redrawn this often in a quiet inspiration and in a systole, not every frame


def draw(ui: Interface, x: float, y: float, width: float, height: float, *, live: bool = True) -> None:
    """The pane; `live` False only shows (debrief)."""
    program = ui.program
    scan, patient, placement = program.scan, program.patient, program.placement
    if patient is None or placement is None:
        return
    with widgets.pane("patient", x, y, width, height, bare=True, scroll=False, padding=(0.0, 0.0)):
        corner = imgui.get_cursor_screen_pos()
        now = _now(ui)
        breath = round(_wall_breath(now) * _BREATH_STEPS) / _BREATH_STEPS
        inside = scan.show_inside and program.may_look_inside and ui.pictures.has_inside
        taken = program.shot.placement if scan.frozen and program.shot is not None else None
        scene = TorsoScene(
            camera=scan.camera, placement=placement, transducer=scan.transducer, depth_m=scan.settings.depth_cm * CM,
            zone_states=tuple(scan.zone_state(key) for key in ZONE_KEYS), selected=ZONE_KEYS.index(scan.zone),
            breath=breath, contraction=round(now.contraction * _BEAT_STEPS) / _BEAT_STEPS if inside else 0.0,
            posture=scan.posture, show_zones=_has_zones(ui),
            show_inside=inside, fades=scan.fades if inside else {}, image_placement=taken,
        )  # fmt: skip
        reference = ui.pictures.torso(scene, patient, width, height)
        if reference is not None:
            draw_list = imgui.get_window_draw_list()
            end = Vec(corner.x + width, corner.y + height)
            draw_list.add_image_rounded(
                reference, corner, end, Vec(0.0, 1.0), Vec(1.0, 0.0), theme.colour((1.0, 1.0, 1.0, 1.0)), 8.0
            )
        if _has_zones(ui) and scene.fades.get("zones", 1.0) > 0.05:
            _labels(ui, corner, width, height)
        _bar(ui, corner, width, height, live)
        patient_tools.rail(ui, corner.x + 12.0, corner.y + 46.0, live)
        # In a small pane the panel would hide the patient: it is there while the pointer is.
        end = Vec(corner.x + width, corner.y + height)
        if inside and (height > _ROOMY or imgui.is_mouse_hovering_rect(corner, end)):
            layers_panel.draw(ui, corner.x + width - 10.0, corner.y + height - _under_layers(ui, live))
        # Last: the buttons have what is theirs, and the patient a press in the frame that brings the pointer.
        imgui.set_cursor_screen_pos(corner)
        flags = imgui.ButtonFlags_.mouse_button_left | imgui.ButtonFlags_.mouse_button_right
        imgui.invisible_button("##patient-field", Vec(width, height), int(flags))
        if live:
            _mouse(ui, corner, width, height)


def _under_layers(ui: Interface, live: bool) -> float:
    """How high above the pane's lower edge the panel of the layers ends: over the buttons."""
    return 10.0 if not live else 86.0 if _arms_are_free(ui) else 50.0


def _arms_are_free(ui: Interface) -> bool:
    """Whether the patient can hold the arms in more than one way."""
    return _has_zones(ui) and len(ARMS_OF_POSTURE[ui.program.scan.posture]) > 1


def _now(ui: Interface) -> PatientState:
    """The patient at the moment that is shown: of the frozen loop, that of its frame."""
    program = ui.program
    patient, shot = program.patient, program.shot
    assert patient is not None
    moment = shot if program.scan.frozen and shot is not None else program.scan
    return patient.at(moment.time_s, moment.requests)


def _wall_breath(state: PatientState) -> float:
    """How far chest and belly are up, 1 in a quiet breath of the usual depth."""
    return state.diaphragm_descent_m / USUAL_EXCURSION_M


def _risen(ui: Interface, points_torso: FloatArray) -> FloatArray:
    """Where points (..., 3) of the skin at end-expiration are shown now."""
    state = _now(ui)
    body = state.patient.body
    return points_torso + wall_shift_m(points_torso, _wall_breath(state), body.axis_y_m, body.notch_to_rib10_m)


def _mouse(ui: Interface, corner: Vec, width: float, height: float) -> None:
    """What the mouse does on the patient."""
    program, io = ui.program, imgui.get_io()
    hovered, active = imgui.is_item_hovered(), imgui.is_item_active()
    if not active:
        ui.grab, ui.grip = "", None
    if hovered and io.mouse_wheel:
        u, v = (io.mouse_pos.x - corner.x) / width, (io.mouse_pos.y - corner.y) / height
        at = program.scan.camera.across(u, v, width / height)
        scan = handling.wheel(program.scan, io.mouse_wheel, io.key_ctrl, io.key_shift, io.key_alt, at)
        program.change(scan)
    elif hovered and io.mouse_wheel_h and io.key_shift:  # some systems turn Shift+wheel sideways
        program.change(handling.wheel(program.scan, io.mouse_wheel_h, io.key_ctrl, True, io.key_alt))
    if active and imgui.is_mouse_down(1):
        ui.grab = "camera"
        if io.mouse_delta.x or io.mouse_delta.y:
            program.change(handling.orbited(program.scan, io.mouse_delta.x / height, io.mouse_delta.y / height))
    elif active and imgui.is_mouse_down(0) and ui.grab != "camera":
        _drag(ui, (io.mouse_pos.x - corner.x, io.mouse_pos.y - corner.y), width, height)
    if ui.grab == "probe":
        imgui.set_mouse_cursor(imgui.MouseCursor_.resize_all)
    elif hovered:
        imgui.set_mouse_cursor(imgui.MouseCursor_.hand)


def _drag(ui: Interface, pointer: tuple[float, float], width: float, height: float) -> None:
    """The probe is dragged; `pointer` is in the pane. What was pressed on first says whether that is so at all."""
    program, scan = ui.program, ui.program.scan
    io = imgui.get_io()
    size = np.array([width, height])
    face = np.array(program.placement.face_torso if program.placement is not None else (0.0, 0.0, 0.0))
    risen = scan.camera.project(np.stack([face, _risen(ui, face)]), width / height) * size
    # What the hand holds is where the skin has carried it; where it is put is told on the skin at rest.
    pointer = (pointer[0] - float(risen[1, 0] - risen[0, 0]), pointer[1] - float(risen[1, 1] - risen[0, 1]))
    pressed = not ui.grab
    if pressed or ui.grip is None or ui.grip.fine != scan.fine:
        ui.grip = grip.taken(pointer, *_probe_ends(ui, width, height), scan.fine)
    x, y = ui.grip.target(pointer)
    point = program.pointed_at(*scan.camera.ray(x / width, y / height, width / height), pressed)
    if pressed:
        ui.grab = "probe" if point is not None else "off"
        program.moves.end()
    if point is not None and ui.grab == "probe" and (io.mouse_delta.x or io.mouse_delta.y or pressed):
        program.drag_to(point)


def _probe_ends(ui: Interface, width: float, height: float) -> tuple[grip.Point | None, grip.Point | None]:
    """Face and tail of the probe in the pane, logical points; None where the patient hides it."""
    placement, camera = ui.program.placement, ui.program.scan.camera
    if placement is None:
        return None, None
    face, behind = np.array(placement.face_torso), -placement.rotation[:, 2]
    if float((camera.eye_torso - face) @ behind) <= 0.0:
        return None, None
    ends = camera.project(np.stack([face, face + _HANDLE_M * behind]), width / height) * np.array([width, height])
    return (float(ends[0, 0]), float(ends[0, 1])), (float(ends[1, 0]), float(ends[1, 1]))


def _labels(ui: Interface, corner: Vec, width: float, height: float) -> None:
    """Names of the zones where they are seen."""
    program, scan = ui.program, ui.program.scan
    patient = program.patient
    assert patient is not None
    if ui.anchors.get("body") != patient.body.content_hash:
        ui.anchors = {"body": patient.body.content_hash, **zone_anchors(ui)}
    draw_list = imgui.get_window_draw_list()
    keys = [key for key in ZONE_KEYS if key in ui.anchors]
    if not keys:
        return
    points, outward = (np.array([ui.anchors[key][i] for key in keys]) for i in (0, 1))
    towards = scan.camera.eye_torso - points
    facings = np.sum(towards * outward, axis=1) / np.linalg.norm(towards, axis=1)
    shown_at = scan.camera.project(_risen(ui, points), width / height)
    for key, facing, (u, v) in zip(keys, facings.tolist(), shown_at, strict=True):
        if facing < 0.22:
            continue
        state = scan.zone_state(key)
        shown = key if state != 2 else f"{key} · {scan.answer.zone(key).score}"
        chosen = key == scan.zone
        size = theme.BODY if chosen else theme.SMALL
        wide = widgets.width_of(ui.letters, shown, size, strong=True)
        px, py = corner.x + float(u) * width - wide / 2.0, corner.y + float(v) * height - size / 2.0
        alpha = min(1.0, (facing - 0.22) / 0.2)
        tint = (1.0, 1.0, 1.0, alpha) if chosen else (0.93, 0.96, 1.0, 0.75 * alpha)
        shade = (0.05, 0.07, 0.09, 0.45 * alpha)
        box, end = Vec(px - 5.0, py - 2.0), Vec(px + wide + 5.0, py + size + 3.0)
        draw_list.add_rect_filled(box, end, theme.colour(shade), 6.0)
        widgets.write(draw_list, ui.letters, px, py - 1.0, shown, size, tint, strong=True)


def _has_zones(ui: Interface) -> bool:
    """Whether zones are to be drawn: they are wanted, and this is no test block."""
    patient = ui.program.patient
    return ui.program.scan.show_zones and patient is not None and patient.body.phantom is None


def zone_anchors(ui: Interface) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Where the name of each zone hangs: skin point (3,) and outward direction (3,), torso frame."""
    patient = ui.program.patient
    assert patient is not None
    out = {}
    for key, zone in ZONES.items():
        azimuth = math.radians(sum(zone.azimuth_deg) / 2.0) * zone.sign
        down = 0.75 if zone.region == "anterior" and zone.level == "lower" else 0.25  # below the nipple; beside a probe
        height = -((1.0 - down) * zone.height[0] + down * zone.height[1]) * patient.body.notch_to_rib10_m
        outward = np.array([math.sin(azimuth), math.cos(azimuth), 0.0])
        axis = np.array([0.0, patient.body.axis_y_m, height])
        point = skin_point(patient.body, axis + 0.6 * outward, -outward)
        if point is not None:
            out[key] = (point, outward)
    return out


def _bar(ui: Interface, corner: Vec, width: float, height: float, live: bool) -> None:
    """Views at the top; posture and the angles of the hand at the bottom."""
    program, scan, letters = ui.program, ui.program.scan, ui.letters
    each = min(62.0, (width - 26.0) / 4.0)
    imgui.set_cursor_screen_pos(Vec(corner.x + (width - 4.0 * each - 6.0) / 2.0, corner.y + 10.0))
    yaw = (scan.camera_goal or scan.camera).yaw_rad
    for index, (view, name) in enumerate(_VIEW_NAMES.items()):
        if index:
            imgui.same_line(0.0, 2.0)
        near = abs(handling.wrapped(VIEWS_RAD[view] - yaw)) < 0.5
        if widgets.button(letters, f"{_(name).capitalize()}##view", each, 26.0, chosen=near):
            program.change(handling.looked_from(scan, view))
    if not live:
        breath_tools.note(ui, corner.x + 12.0, corner.y + height - 36.0)
        return
    from simulator.app.screens.scan import ARMS_NAMES, POSTURE_NAMES

    draw_list = imgui.get_window_draw_list()
    bottom = corner.y + height
    imgui.set_cursor_screen_pos(Vec(corner.x + 12.0, bottom - 42.0))
    words = _(POSTURE_NAMES[scan.posture])
    wide = widgets.width_of(letters, words) + 56.0
    if program.exam is not None and len(program.exam.case.postures) > 1:  # a test block lies as it lies
        if widgets.button(letters, f"{words}   ↻##posture", wide, 30.0):
            program.command(Command.POSTURE)
        if imgui.is_item_hovered():
            widgets.tooltip(letters, _("Sit the patient up or turn them (P)"))
    if _arms_are_free(ui):
        words = _(ARMS_NAMES[scan.stance[1]])
        imgui.set_cursor_screen_pos(Vec(corner.x + 140.0, bottom - 78.0))
        if widgets.button(letters, f"{words}   ↻##arms", widgets.width_of(letters, words) + 56.0, 30.0):
            program.command(Command.ARMS)
        if imgui.is_item_hovered():
            widgets.tooltip(letters, _("Ask for other arms: forward they open the back (Shift+P)"))
    breath_tools.draw(ui, corner.x + 18.0 + wide, bottom - 42.0, width - wide - 30.0)
    pose = scan.pose
    turns = ((_("rotate"), pose.rotate_rad), (_("fan"), pose.fan_rad), (_("rock"), pose.rock_rad))
    values = [(name, f"{round(math.degrees(angle)):+d}°") for name, angle in turns]  # an integer has no minus nought
    values.append((_("pressure"), f"{100.0 * pose.pressure:.0f} %"))
    y = bottom - 120.0
    ground = Vec(corner.x + 8.0, y - 5.0), Vec(corner.x + 132.0, y + 73.0)
    draw_list.add_rect_filled(*ground, theme.colour(theme.GROUND, 0.55), 6.0)
    for name, value in values:
        widgets.write(draw_list, letters, corner.x + 14.0, y, name, theme.SMALL, theme.FAINT)
        tint = theme.BAD if name == values[3][0] and not program.in_contact else theme.SOFT
        widgets.write(draw_list, letters, corner.x + 84.0, y, value, theme.SMALL, tint, strong=True)
        y += 17.0
    if not reachable(scan.posture, (scan.camera_goal or scan.camera).yaw_rad):
        hint = _("From here the bed is in the way: turn the patient (P)")
        wide = widgets.width_of(letters, hint, theme.SMALL)
        left = max(46.0, (width - wide) / 2.0)  # beside the column of buttons
        ground = Vec(corner.x + left - 7.0, corner.y + 42.0), Vec(corner.x + left + wide + 7.0, corner.y + 63.0)
        draw_list.add_rect_filled(*ground, theme.colour(theme.GROUND, 0.78), 6.0)
        widgets.write(draw_list, letters, corner.x + left, corner.y + 46.0, hint, theme.SMALL, theme.FAIR)
