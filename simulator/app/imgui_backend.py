"""Dear ImGui on moderngl and pygame: a small backend of our own, so that PyOpenGL is not needed.

Three sizes are kept apart. *Logical* points are what the screens are laid out in; the *window* is in the operating
system's units (what mouse events report); the *framebuffer* is in pixels. `logical = window / interface_scale`.
"""

from __future__ import annotations

import ctypes
from typing import Any

import moderngl
import numpy as np
import pygame
from imgui_bundle import imgui

_VERTEX = """
#version 330 core
uniform vec4 u_scale_offset;
in vec2 a_position; in vec2 a_uv; in vec4 a_colour;
out vec2 v_uv; out vec4 v_colour;
void main() {
    v_uv = a_uv; v_colour = a_colour;
    gl_Position = vec4(a_position * u_scale_offset.xy + u_scale_offset.zw, 0.0, 1.0);
}
"""
_FRAGMENT = """
#version 330 core
uniform sampler2D u_texture;
in vec2 v_uv; in vec4 v_colour;
out vec4 o_colour;
void main() { o_colour = v_colour * texture(u_texture, v_uv); }
"""


class ImguiRenderer:
    """Draws what Dear ImGui has laid out. Owns the font atlas; other textures are lent by `lend`."""

    def __init__(self, ctx: moderngl.Context) -> None:
        """Needs a current Dear ImGui context and the OpenGL context `ctx`."""
        self.ctx = ctx
        io = imgui.get_io()
        io.backend_flags |= imgui.BackendFlags_.renderer_has_textures
        limit = int(ctx.info["GL_MAX_TEXTURE_SIZE"])
        platform = imgui.get_platform_io()
        platform.renderer_texture_max_width = platform.renderer_texture_max_height = min(limit, 8192)
        self._program = ctx.program(vertex_shader=_VERTEX, fragment_shader=_FRAGMENT)
        self._program["u_texture"] = 0
        self._vertices = ctx.buffer(reserve=1 << 18, dynamic=True)
        self._indices = ctx.buffer(reserve=1 << 17, dynamic=True)
        self._array: moderngl.VertexArray | None = None
        self._textures: dict[int, moderngl.Texture] = {}

    def lend(self, texture: Any) -> imgui.ImTextureRef:
        """A reference with which `imgui.image` draws `texture`; it must live until the frame is drawn."""
        self._textures[int(texture.glo)] = texture
        return imgui.ImTextureRef(int(texture.glo))

    def draw(self, framebuffer_size: tuple[int, int]) -> None:
        """Draw the frame of `imgui.render()` onto the screen framebuffer of `framebuffer_size` pixels."""
        data = imgui.get_draw_data()
        for texture in data.textures:
            if texture.status != imgui.ImTextureStatus.ok:
                self._update(texture)
        width, height = framebuffer_size
        if width <= 0 or height <= 0 or data.total_idx_count == 0:
            return
        self._upload(data)
        ctx = self.ctx
        screen: Any = (
            ctx.screen
        )  # moderngl's annotations of viewport, scissor and blend_func are narrower than they are
        screen.use()
        screen.viewport = (0, 0, width, height)
        ctx.disable(moderngl.DEPTH_TEST | moderngl.CULL_FACE)
        ctx.enable(moderngl.BLEND)
        state: Any = ctx
        state.blend_func = (
            moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA, moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA,
        )  # fmt: skip
        state.blend_equation = moderngl.FUNC_ADD
        size, origin = data.display_size, data.display_pos
        sx, sy = 2.0 / size.x, -2.0 / size.y
        self._program["u_scale_offset"] = (sx, sy, -1.0 - origin.x * sx, 1.0 - origin.y * sy)
        fx, fy = width / size.x, height / size.y
        assert self._array is not None
        start = 0
        for commands in data.cmd_lists:
            for command in commands.cmd_buffer:
                clip = command.clip_rect
                x0, y0 = max(0, round((clip.x - origin.x) * fx)), max(0, round((clip.y - origin.y) * fy))
                x1, y1 = min(width, round((clip.z - origin.x) * fx)), min(height, round((clip.w - origin.y) * fy))
                texture_used = self._textures.get(int(command.tex_ref.get_tex_id()))
                if x1 > x0 and y1 > y0 and command.elem_count and texture_used is not None:
                    screen.scissor = (x0, height - y1, x1 - x0, y1 - y0)
                    texture_used.use(0)
                    self._array.render(moderngl.TRIANGLES, command.elem_count, first=start + command.idx_offset)
            start += commands.idx_buffer.size()
        screen.scissor = None
        ctx.disable(moderngl.BLEND)

    def _upload(self, data: Any) -> None:
        """All vertices and indices of the frame in one buffer each."""
        vertices, indices, base = [], [], 0
        for commands in data.cmd_lists:
            count, index_count = commands.vtx_buffer.size(), commands.idx_buffer.size()
            if count == 0 or index_count == 0:
                continue
            address = commands.vtx_buffer.data_address()
            vertices.append(ctypes.string_at(address, count * imgui.VERTEX_SIZE))
            raw = ctypes.string_at(commands.idx_buffer.data_address(), index_count * imgui.INDEX_SIZE)
            dtype = np.uint16 if imgui.INDEX_SIZE == 2 else np.uint32
            indices.append(np.frombuffer(raw, dtype=dtype).astype(np.uint32) + np.uint32(base))
            base += count
        vertex_bytes, index_bytes = b"".join(vertices), np.concatenate(indices).tobytes()
        if self._array is None or len(vertex_bytes) > self._vertices.size or len(index_bytes) > self._indices.size:
            self._vertices.orphan(max(self._vertices.size, 2 * len(vertex_bytes)))
            self._indices.orphan(max(self._indices.size, 2 * len(index_bytes)))
            if self._array is not None:
                self._array.release()
            layout = [(self._vertices, "2f 2f 4f1", "a_position", "a_uv", "a_colour")]
            self._array = self.ctx.vertex_array(self._program, layout, self._indices, index_element_size=4)
        else:
            self._vertices.orphan()
            self._indices.orphan()
        self._vertices.write(vertex_bytes)
        self._indices.write(index_bytes)

    def _update(self, data: Any) -> None:
        """Create, update or destroy one texture that Dear ImGui manages (the font atlas)."""
        status = imgui.ImTextureStatus
        if data.status == status.want_create:
            pixels = np.ascontiguousarray(data.get_pixels_array())
            texture = self.ctx.texture((data.width, data.height), data.bytes_per_pixel, pixels.tobytes())
            texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
            texture.repeat_x = texture.repeat_y = False
            if data.bytes_per_pixel == 1:
                texture.swizzle = "111R"
            self._textures[texture.glo] = texture
            data.set_tex_id(texture.glo)
            data.set_status(status.ok)
        elif data.status == status.want_updates:
            texture = self._textures[int(data.get_tex_id())]
            pixels = np.asarray(data.get_pixels_array()).reshape(data.height, data.width, data.bytes_per_pixel)
            for r in data.updates:
                block = np.ascontiguousarray(pixels[r.y : r.y + r.h, r.x : r.x + r.w])
                texture.write(block.tobytes(), viewport=(r.x, r.y, r.w, r.h), alignment=1)
            data.set_status(status.ok)
        elif data.status == status.want_destroy and data.unused_frames > 0:
            old = self._textures.pop(int(data.get_tex_id()), None)
            if old is not None:
                old.release()
            data.set_tex_id(0)
            data.set_status(status.destroyed)


_KEYS: dict[int, Any] = {
    pygame.KSCAN_TAB: imgui.Key.tab, pygame.KSCAN_LEFT: imgui.Key.left_arrow, pygame.KSCAN_RIGHT: imgui.Key.right_arrow,
    pygame.KSCAN_UP: imgui.Key.up_arrow, pygame.KSCAN_DOWN: imgui.Key.down_arrow, pygame.KSCAN_HOME: imgui.Key.home,
    pygame.KSCAN_END: imgui.Key.end, pygame.KSCAN_PAGEUP: imgui.Key.page_up, pygame.KSCAN_INSERT: imgui.Key.insert,
    pygame.KSCAN_PAGEDOWN: imgui.Key.page_down, pygame.KSCAN_DELETE: imgui.Key.delete,
    pygame.KSCAN_BACKSPACE: imgui.Key.backspace, pygame.KSCAN_SPACE: imgui.Key.space,
    pygame.KSCAN_RETURN: imgui.Key.enter, pygame.KSCAN_KP_ENTER: imgui.Key.keypad_enter,
    pygame.KSCAN_ESCAPE: imgui.Key.escape, pygame.KSCAN_LCTRL: imgui.Key.left_ctrl,
    pygame.KSCAN_RCTRL: imgui.Key.right_ctrl, pygame.KSCAN_LSHIFT: imgui.Key.left_shift,
    pygame.KSCAN_RSHIFT: imgui.Key.right_shift, pygame.KSCAN_LALT: imgui.Key.left_alt,
    pygame.KSCAN_RALT: imgui.Key.right_alt, pygame.KSCAN_LGUI: imgui.Key.left_super,
    pygame.KSCAN_RGUI: imgui.Key.right_super,
}  # fmt: skip
# Editing shortcuts follow the letter, not the place: Ctrl+A is where the A is printed.
_LETTERS: dict[int, Any] = {
    pygame.K_a: imgui.Key.a, pygame.K_c: imgui.Key.c, pygame.K_v: imgui.Key.v, pygame.K_x: imgui.Key.x,
    pygame.K_y: imgui.Key.y, pygame.K_z: imgui.Key.z,
}  # fmt: skip
_BUTTONS = {1: 0, 3: 1, 2: 2}
_ONE_BY_ONE = 8  # frames after a click in which events are taken one by one: a double click within one frame is two


class ImguiInput:
    """Hands pygame's events to Dear ImGui, and the clipboard to both."""

    def __init__(self) -> None:
        """Needs a current Dear ImGui context and a pygame window."""
        self.interface_scale = 1.0
        self._own_clipboard = ""
        self._one_by_one = 0  # frames
        platform = imgui.get_platform_io()
        platform.platform_get_clipboard_text_fn = self._paste
        platform.platform_set_clipboard_text_fn = self._copy

    def _paste(self, _context: Any) -> str:
        """Text of the system clipboard, or of our own when there is none."""
        try:
            return str(pygame.scrap.get_text()) or self._own_clipboard
        except pygame.error:
            return self._own_clipboard

    def _copy(self, _context: Any, text: str) -> None:
        """Put `text` on the clipboard."""
        self._own_clipboard = text
        try:
            pygame.scrap.put_text(text)
        except pygame.error:
            return

    def feed(self, event: pygame.event.Event) -> None:
        """One pygame event."""
        io = imgui.get_io()
        match event.type:
            case pygame.MOUSEMOTION:
                io.add_mouse_pos_event(event.pos[0] / self.interface_scale, event.pos[1] / self.interface_scale)
            case pygame.MOUSEBUTTONDOWN | pygame.MOUSEBUTTONUP if event.button in _BUTTONS:
                io.add_mouse_pos_event(event.pos[0] / self.interface_scale, event.pos[1] / self.interface_scale)
                # A finger is not there before it presses: its press waits a frame, until it is known what lies under.
                # Else the patient would take for its own a press on a button that lies over it.
                finger, mouse = imgui.MouseSource.touch_screen, imgui.MouseSource.mouse
                io.add_mouse_source_event(finger if event.touch else mouse)
                io.add_mouse_button_event(_BUTTONS[event.button], event.type == pygame.MOUSEBUTTONDOWN)
                self._one_by_one = _ONE_BY_ONE
            case pygame.MOUSEWHEEL:
                io.add_mouse_wheel_event(event.precise_x, event.precise_y)
            case pygame.KEYDOWN | pygame.KEYUP:
                self._key(io, event, event.type == pygame.KEYDOWN)
            case pygame.TEXTINPUT:
                io.add_input_characters_utf8(event.text)
            case pygame.WINDOWFOCUSLOST:
                io.add_focus_event(False)
            case pygame.WINDOWFOCUSGAINED:
                io.add_focus_event(True)
            case pygame.WINDOWLEAVE:
                io.add_mouse_pos_event(-1e6, -1e6)

    def _key(self, io: Any, event: pygame.event.Event, down: bool) -> None:
        """One key, with the state of the modifiers."""
        io.add_key_event(imgui.Key.mod_ctrl, bool(event.mod & pygame.KMOD_CTRL))
        io.add_key_event(imgui.Key.mod_shift, bool(event.mod & pygame.KMOD_SHIFT))
        io.add_key_event(imgui.Key.mod_alt, bool(event.mod & pygame.KMOD_ALT))
        io.add_key_event(imgui.Key.mod_super, bool(event.mod & pygame.KMOD_META))
        key = _KEYS.get(event.scancode) or _LETTERS.get(event.key)
        if key is not None:
            io.add_key_event(key, down)

    def frame(self, window_size: tuple[int, int], framebuffer_size: tuple[int, int], delta_s: float) -> None:
        """Sizes and time of the frame that is about to be laid out."""
        io = imgui.get_io()
        logical = (window_size[0] / self.interface_scale, window_size[1] / self.interface_scale)
        io.display_size = imgui.ImVec2(*logical)
        io.display_framebuffer_scale = imgui.ImVec2(
            framebuffer_size[0] / max(1.0, logical[0]), framebuffer_size[1] / max(1.0, logical[1])
        )
        io.delta_time = max(1e-4, delta_s)
        # One by one, a wheel that turns while the pointer moves would come a frame late, and each turn later still.
        writing = io.want_text_input or bool(io.config_flags & imgui.ConfigFlags_.nav_enable_keyboard)
        io.config_input_trickle_event_queue = self._one_by_one > 0 or writing
        self._one_by_one = max(0, self._one_by_one - 1)
