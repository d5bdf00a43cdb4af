#!/bin/sh
# Installs the built wheels into a new environment as a user would, and runs what was installed: try_release.sh UV FOLDER
set -eu
uv=$1 folder=$2 here=$(dirname "$0")
python=$(dirname "$uv")/python
venv=$(mktemp -d)
trap 'rm -rf "$venv"' EXIT

"$uv" --no-config venv --quiet --clear --python "$python" "$venv"
"$here/install.sh" "$uv" "$venv" requirements.run.lock
# what is ours comes from the folder alone: the ranges have to fit, and no cache may hold an older wheel of the same version
VIRTUAL_ENV="$venv" "$uv" --no-config pip install --quiet --no-cache --offline --no-index --find-links "$folder" 'miniprogram[all]'

cd "$venv"
wanted=$(ls "$OLDPWD/$folder"/miniprogram-*.whl | sed 's/.*miniprogram-\([^-]*\)-.*/\1/')
said=$(bin/miniprogram --version)
case "$said" in *"$wanted"*) ;; *) echo "miniprogram --version says '$said', the wheel $wanted" >&2; exit 1 ;; esac
bin/miniprogram plugins check
bin/miniprogram plugins list
missing=$(ls "$OLDPWD/$folder"/*.whl | sed 's#.*/\([^-]*\)-.*#\1#' | tr _ - | while read -r name; do
    [ "$name" = miniprogram ] || bin/miniprogram plugins list --json | grep -q "\"$name\"" || echo "$name"
done)
[ -z "$missing" ] || { echo "installed but not listed: $missing" >&2; exit 1; }
