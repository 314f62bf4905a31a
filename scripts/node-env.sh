#!/bin/sh
# Installs the npm packages of the checks against independent implementations, in the versions
# of tests/node/package-lock.json. Runs again only after a change of that file.
set -eu

cd "$(dirname "$0")/../tests/node"
if cmp -s package-lock.json node_modules/.vouch-installed; then
    exit 0
fi
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null
cp package-lock.json node_modules/.vouch-installed
