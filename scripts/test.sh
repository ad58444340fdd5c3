#!/bin/sh
# Everything that must be green before a change goes in. Installs what is missing (as root on Debian, otherwise it
# says what to install), never skips a step, runs the later steps even when an earlier one failed.
set -u
cd "$(dirname -- "$0")/.."

fail() {
    printf 'kanal: %s\n' "$*" >&2
    exit 1
}

has_chromium() { [ -n "${KANAL_CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null; }
has_postgres() { .venv/bin/python -m tests.support.postgres --check >/dev/null 2>&1; }

install_missing() {
    packages=
    has_chromium || packages="$packages chromium fonts-dejavu-core"
    has_postgres || packages="$packages postgresql"
    [ -n "$packages" ] || return 0
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        fail "the tests need Chromium and PostgreSQL 15 or later. Please install:$packages"
    fi
    printf 'Installing%s ...\n' "$packages"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq || fail "apt-get update failed; the lines above say why."
    # shellcheck disable=SC2086  # a list of package names
    apt-get install -y -qq --no-install-recommends $packages >/dev/null || fail "could not install:$packages"
    has_chromium && has_postgres || fail "installed$packages, but Chromium or PostgreSQL is still not to be found."
}

sh scripts/bootstrap.sh develop || exit 1
install_missing

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
# The tests never see the data, keys or settings of the installation that may live in this checkout.
for name in $(env | sed -n 's/^\(KANAL_[A-Z_]*\)=.*/\1/p'); do
    [ "$name" = KANAL_CHROMIUM ] || unset "$name"
done
export KANAL_DATA_DIR="$work/data"

begun=$(date +%s)
failed=
step() {
    title=$1
    shift
    printf '\n== %s\n' "$title"
    started=$(date +%s)
    if "$@"; then outcome=ok; else
        outcome=FAILED
        failed="$failed, $title"
    fi
    printf -- '-- %s: %s, %s s\n' "$title" "$outcome" "$(($(date +%s) - started))"
}
tests() {
    report=$1
    shift
    "$@" --junitxml="$work/$report.xml" -q
}

bin=.venv/bin
step "Style" $bin/ruff check .
step "Format" $bin/ruff format --check .
step "Types" $bin/mypy
step "Import contracts" $bin/lint-imports
step "Migrations" $bin/kanal makemigrations --check --dry-run
step "Tests on SQLite" tests sqlite $bin/python -m pytest -n 2 --dist worksteal -m "not browser"
step "Tests on PostgreSQL" tests postgresql \
    $bin/python -m tests.support.postgres -- $bin/python -m pytest -n 2 --dist worksteal -m "not browser"
step "Browser tests on Chromium" tests chromium \
    $bin/python -m pytest -n 2 --dist worksteal -m browser --screenshot only-on-failure --output var/test-results

printf '\n'
$bin/python scripts/summary.py "$work" "$(($(date +%s) - begun))" "${failed#, }"
