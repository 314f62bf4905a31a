#!/bin/sh
# Prepares the Python environment of the checks against independent implementations, under
# target/python. Runs again only after a change of the versions below.
set -eu

cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
environment=${CARGO_TARGET_DIR:-target}/python
packages='python-stdnum==2.2'

if [ "$(cat "$environment/packages" 2>/dev/null)" = "$packages" ]; then
    exit 0
fi
"$python" -m venv --clear "$environment"
# One word per package: the list is split on purpose.
# shellcheck disable=SC2086
"$environment/bin/pip" install --quiet --disable-pip-version-check $packages
echo "$packages" >"$environment/packages"
