#!/bin/sh
# Installs what building (and testing) needs beside Rust, where it is missing, with apt.
#
# usage: scripts/prerequisites.sh build [test]
set -eu

missing=''
need() { # command, Debian package
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}

for purpose in "$@"; do
    case $purpose in
    build)
        need cc build-essential
        ;;
    test)
        need node nodejs
        need npm npm
        # Debian splits venv off Python: the module is there, but not what it installs.
        python3 -c 'import ensurepip, venv' >/dev/null 2>&1 || missing="$missing python3-venv"
        ;;
    *)
        echo "usage: $0 build [test]" >&2
        exit 2
        ;;
    esac
done

if ! command -v cargo >/dev/null 2>&1; then
    echo 'Rust is missing: install it from https://rustup.rs, then try again' >&2
    exit 1
fi
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
    as_root=''
elif command -v sudo >/dev/null 2>&1; then
    as_root=sudo
else
    echo "missing:$missing; install them, as root: apt-get install$missing" >&2
    exit 1
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "missing; install what your system calls:$missing" >&2
    exit 1
fi

echo "installing$missing"
# One word per package and command: split on purpose.
# shellcheck disable=SC2086
{
    $as_root apt-get update -qq </dev/null
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq -y --no-install-recommends $missing </dev/null >/dev/null
}
