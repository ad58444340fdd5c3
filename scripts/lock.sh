#!/bin/sh
# Renews the lock files from the .in files with uv, kept in a throw-away environment of its own.
set -eu
cd "$(dirname -- "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
.venv/bin/python -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check uv

# --universal: one lock for every platform and for Python 3.11 and later; no index address is written into it.
compile() {
    "$work/venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header "$@"
}
compile requirements/runtime.in -o requirements/runtime.txt
compile requirements/develop.in -c requirements/runtime.txt -o requirements/develop.txt
git --no-pager diff --stat -- requirements
