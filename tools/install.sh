#!/bin/sh
# Brings a virtual environment to a lock file: install.sh UV VENV LOCK [DISTRIBUTION_FOLDER...]
# The folders are this repository's own distributions; they are installed so that edits count at once.
set -eu
uv=$1 venv=$2 lock=$3 here=$(dirname "$0")
pip_python=$(dirname "$uv")/python
shift 3

export VIRTUAL_ENV="$venv" UV_PYTHON_DOWNLOADS=never
# Wheels only: a machine without a compiler gets the same as any other.
"$here/fetching.sh" "$pip_python" "$uv" --no-config pip sync --require-hashes --only-binary :all: "$lock"
[ $# = 0 ] ||
    "$here/fetching.sh" "$pip_python" "$uv" --no-config pip install --no-deps --no-build-isolation $(printf -- '--editable ./%s ' "$@")
