#!/bin/sh
# Prints the path of an installed Python of a version, wherever people keep several; fails when there is none.
# Usage: find_python.sh 3.12
set -eu
version=$1

for candidate in "$(command -v "python$version" || true)" \
    "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/"python$version" \
    "${XDG_DATA_HOME:-$HOME/.local/share}/uv/python/cpython-$version".*/bin/"python$version"; do
    # a shim on PATH may stand for a version that is not switched on
    if said=$("$candidate" -c 'import sys; print("{}.{}".format(*sys.version_info), sys.executable)' 2>/dev/null) &&
        [ "${said%% *}" = "$version" ]; then
        echo "${said#* }"
        exit 0
    fi
done
exit 1
