#!/bin/sh
# Runs the one file as a pipeline would, with the bare Python behind an environment: try_pyz.sh PYTHON FILE
set -eu
python=$("$1" -c 'import sys; print(sys._base_executable)') file=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

run() {
    env -i PATH=/usr/bin:/bin HOME="$work/home" TMPDIR="$work" "$python" -I "$file" "$@"
}
cd "$work"
run --version
run plugins check
run create shop >/dev/null
run -C shop build
run -C shop publish --target static --output ../site
test -f site/manifests/shop/latest.json || { echo "$file published nothing" >&2; exit 1; }
