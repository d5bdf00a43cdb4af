#!/bin/sh
# Installs Debian packages, or says the one command that does: apt_install.sh PACKAGE...
set -eu

command -v apt-get >/dev/null || { echo "This needs $*: install it with this system's package manager, then run make again." >&2; exit 1; }

if [ "$(id -u)" = 0 ]; then
    as_root=""
elif sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    echo "This needs $*: run 'sudo apt-get install -y $*', then make again." >&2
    exit 1
fi

apt() { # a mirror that stumbles is asked again; another apt-get on this machine is waited for
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=5 -o DPkg::Lock::Timeout=300 "$@"
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "Installing $* with apt-get"
if ! { apt update && apt install -y --no-install-recommends "$@"; } >"$log" 2>&1; then
    tail -n 1 "$log" >&2
    echo "apt-get did not install $*: is a package source reachable from here? Run make again when it is." >&2
    exit 1
fi
