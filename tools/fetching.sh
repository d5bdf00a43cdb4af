#!/bin/sh
# Runs an installer quietly, with the index and the certificates pip is configured with: fetching.sh PYTHON COMMAND...
# When it fails, its own last words are followed by one sentence that says so.
set -eu
python=$1
shift

pip_setting() { "$python" -m pip config get "global.$1" 2>/dev/null || true; }

# uv reads neither pip's files nor pip's variables
if [ -z "${UV_DEFAULT_INDEX:-${UV_INDEX_URL:-}}" ]; then
    index=${PIP_INDEX_URL:-$(pip_setting index-url)}
    [ -z "$index" ] || export UV_DEFAULT_INDEX="$index"
fi
if [ -z "${SSL_CERT_FILE:-}" ]; then
    certificates=${PIP_CERT:-$(pip_setting cert)}
    [ -z "$certificates" ] || export SSL_CERT_FILE="$certificates"
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
"$@" >"$log" 2>&1 && exit 0
tail -n 2 "$log" | sed 's#//[^/@ ]*@#//***@#g' >&2 # an address may hold a password
echo "The Python packages could not be installed: is the package index reachable from here?" >&2
exit 1
