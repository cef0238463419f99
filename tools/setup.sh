#!/bin/sh
# Make the virtual environment from the hashed locks. Usage: setup.sh PYTHON VENV
# Works without pip, ensurepip or uv as long as one of them can be had; see `bootstrap`.
set -eu
python=$1
venv=$2

fail() {
  echo "$1" >&2
  exit 2
}

# Put uv, checked against its hashes, into the environment by whatever installer this machine has.
bootstrap() {
  lock="--quiet --disable-pip-version-check --require-hashes --no-deps -r tools/uv.lock"
  rm -rf "$venv"
  if "$python" -c 'import ensurepip' 2>/dev/null; then
    "$python" -m venv "$venv"
    # shellcheck disable=SC2086
    "$venv/bin/python" -m pip install $lock
    return
  fi
  # Debian splits ensurepip off into python3-venv; the rest of venv is there.
  "$python" -m venv --without-pip "$venv"
  if "$python" -m pip --version >/dev/null 2>&1; then
    # shellcheck disable=SC2086
    "$python" -m pip --python "$venv/bin/python" install $lock
  elif command -v uv >/dev/null 2>&1; then
    uv pip install --quiet --python "$venv/bin/python" --require-hashes --no-deps -r tools/uv.lock
  elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing python3-venv: this Python has neither ensurepip nor pip." >&2
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >&2
    "$python" -c 'import ensurepip' 2>/dev/null || fail \
      "python3-venv is installed, but '$python' still has no ensurepip. Try: make PYTHON=/usr/bin/python3"
    bootstrap
  else
    fail "'$python' has neither ensurepip nor pip, so nothing can be installed. On Debian and Ubuntu:
  sudo apt-get install python3-venv
then run make again."
  fi
}

command -v "$python" >/dev/null 2>&1 || fail \
  "There is no '$python' here. Fordel needs Python 3.11 or newer. Try: make PYTHON=/usr/bin/python3"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || fail \
  "Fordel needs Python 3.11 or newer; '$python' is $("$python" -V 2>/dev/null || echo "not one that starts"). Try: make PYTHON=python3.11"

[ -x "$venv/bin/uv" ] && "$venv/bin/python" -c '' 2>/dev/null || {
  echo "Setting up $venv: about a minute the first time." >&2
  bootstrap
}
uv="$venv/bin/uv"
# Where Python is told to write no bytecode, every start would compile every package anew: it is written once, here.
compile=${PYTHONDONTWRITEBYTECODE:+--compile-bytecode}
# Every file is verified against requirements.lock before anything is installed.
# shellcheck disable=SC2086
"$uv" pip sync --quiet $compile --python "$venv/bin/python" --require-hashes requirements.lock tools/uv.lock || fail \
  "Could not install what requirements.lock names (see above). Is a package index reachable? Then run make again."
"$uv" pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation --editable .
"$venv/bin/python" tools/frontend.py || fail \
  "Could not fetch what the web pages load (see above). Is a package index for npm reachable? Then run make again."
