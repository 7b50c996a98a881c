#!/bin/sh
# Makes a virtual environment with pip in it: `tools/venv.sh PYTHON FOLDER`. Debian keeps pip's wheel in a package
# of its own (python3-venv); without root that wheel is unpacked from the package.
set -eu
python="$1"
venv="$2"

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
    echo "setup: Packline needs Python 3.11 or later; $python is not one (choose another: make PYTHON=python3.12)" >&2
    exit 1
}
[ -x "$venv/bin/python" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1 && exit 0

if ! "$python" -c 'import ensurepip' 2>/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y python3-venv >/dev/null || {
        echo "setup: apt-get could not install python3-venv, which Python needs to make an environment" >&2
        exit 1
    }
fi
if "$python" -c 'import ensurepip' 2>/dev/null; then
    "$python" -m venv "$venv"
    exit 0
fi

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
(cd "$scratch" && apt-get download -qq python3-pip-whl 2>/dev/null && dpkg-deb --extract python3-pip-whl_*.deb .) || {
    echo "setup: this Python cannot make an environment. Ask for: apt-get install python3-venv" >&2
    exit 1
}
"$python" -m venv --without-pip "$venv"
wheel="$(echo "$scratch"/usr/share/python-wheels/pip-*.whl)"
"$venv/bin/python" "$wheel/pip" --disable-pip-version-check --quiet install pip
