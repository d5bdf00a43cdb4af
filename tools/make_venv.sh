#!/bin/sh
# Makes a virtual environment with uv in it: make_venv.sh PYTHON FOLDER
set -eu
python=$1 folder=$2 here=$(dirname "$0")

command -v "$python" >/dev/null || { echo "There is no $python on PATH; name another with: make PYTHON=python3.12" >&2; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "miniprogram needs Python 3.11 or newer; name one with: make PYTHON=python3.12" >&2
    exit 1
}
# Debian keeps ensurepip in a package of its own, one for each version.
"$python" -c 'import ensurepip' 2>/dev/null ||
    "$here/apt_install.sh" "$("$python" -c 'import sys; print("python{}.{}-venv".format(*sys.version_info))')"

"$python" -m venv --clear "$folder"
"$here/fetching.sh" "$folder/bin/python" "$folder/bin/python" -m pip install \
    --disable-pip-version-check --require-hashes --only-binary :all: --requirement requirements.uv.lock
