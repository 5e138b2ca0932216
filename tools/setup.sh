#!/bin/sh
# What `make setup` does: .venv with Pleura and its tools in it, and an OpenGL that works.
#
# Starts from Python 3.11+, pip and make alone. What is already right is left as it is, so that running it again costs a
# second. Where a system package is missing it is installed with apt-get if that needs no password; otherwise the
# packages are named and the script fails. PYTHON=... names another interpreter.
set -eu
cd "$(dirname "$0")/.."

venv=.venv
stamp=$venv/.pleura-installed
log=$venv-setup.log # beside .venv, which may not exist yet

say() { printf 'pleura: %s\n' "$*" >&2; }
fail() {
    say "$*"
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

# Install Debian packages without asking anything; false where that cannot be done.
apt_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null || return 1
    fi
    say "installing with apt-get: $*"
    set -- env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@"
    as_root "$@" >"$log" 2>&1 && return 0
    as_root apt-get update -qq >"$log" 2>&1 || return 1 # the package lists of a fresh machine are missing or old
    as_root "$@" >"$log" 2>&1
}

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    for candidate in ${PYTHON:+"$PYTHON"} python3 python python3.13 python3.12 python3.11 python3.14; do
        if is_new_enough "$candidate"; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

make_venv() {
    python=$(find_python) || fail "Python 3.11 or newer is needed. On Debian or Ubuntu: sudo apt-get install python3 python3-venv"
    say "making $venv with $python"
    rm -rf "$venv"
    if "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 && "$python" -m venv "$venv" >"$log" 2>&1; then
        return 0
    fi
    # Debian ships venv without pip in it unless python3-venv is installed; the pip that is here can put one there.
    rm -rf "$venv"
    if "$python" -m venv --without-pip "$venv" >"$log" 2>&1 &&
        "$python" -m pip --python "$venv/bin/python" install -q pip >"$log" 2>&1; then
        return 0
    fi
    rm -rf "$venv"
    if apt_install python3-venv && "$python" -m venv "$venv" >"$log" 2>&1; then
        return 0
    fi
    rm -rf "$venv"
    fail "no virtual environment could be made ($log says why). On Debian or Ubuntu: sudo apt-get install python3-venv"
}

install_project() {
    say "installing Pleura and its dependencies into $venv (some minutes the first time)"
    if ! "$venv/bin/python" -m pip install -q --disable-pip-version-check -e '.[dev]' >"$log" 2>&1; then
        cat "$log" >&2
        fail "pip could not install Pleura; what it said is above (this step needs the network)"
    fi
}

check_opengl() {
    "$venv/bin/python" -m simulator.doctor opengl >/dev/null 2>"$log" && return 0
    apt_install libegl1 libgl1 libgl1-mesa-dri || true
    "$venv/bin/python" -m simulator.doctor opengl >/dev/null || exit 1 # it says what to install
}

# A folder that was moved or whose Python is gone has a .venv that does not start.
if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    make_venv
fi

# Installed once per pyproject.toml and place: a checksum, because a clone gives every file today's date.
wanted="$(cksum <pyproject.toml) $(pwd -P)"
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
    install_project
    printf '%s\n' "$wanted" >"$stamp"
fi
check_opengl
rm -f "$log"
