#!/bin/sh
# Make the virtual environment from the hashed lock. Usage: setup.sh PYTHON VENV
set -eu
python=$1
venv=$2

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
  echo "Fordel needs Python 3.11 or newer; '$python' is not. Try: make PYTHON=python3.11" >&2
  exit 2
}
if ! [ -x "$venv/bin/pip" ]; then
  rm -rf "$venv"
  "$python" -m venv "$venv" || {
    echo "Could not make a virtual environment. On Debian: apt-get install python3-venv" >&2
    exit 2
  }
fi
# Hash-checked: every file in requirements.lock is verified before anything is installed.
"$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes --no-deps -r tools/uv.lock
"$venv/bin/uv" pip sync --quiet --python "$venv/bin/python" --require-hashes requirements.lock tools/uv.lock
"$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation --editable .
