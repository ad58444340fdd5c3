#!/bin/sh
# Makes .venv from the lock files: scripts/bootstrap.sh [runtime|develop]
# Needs only Python 3.11 or later. Does nothing, quickly, when .venv already matches the lock.
set -eu

profile=${1:-runtime}
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
lock=requirements/$profile.txt
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PIP_NO_INPUT=1

say() { printf '%s\n' "$*"; }
fail() {
    printf 'kanal: %s\n' "$*" >&2
    exit 1
}

[ -f "$lock" ] || fail "there is no $lock; say runtime or develop."

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
makes_venvs() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

# Prints the first Python that is new enough and, with "venv" as argument, can also make an environment.
find_python() {
    for candidate in ${KANAL_PYTHON:-} python3.13 python3.12 python3.11 python3.14 python3 /usr/bin/python3; do
        command -v "$candidate" >/dev/null 2>&1 && new_enough "$candidate" || continue
        [ "${1:-}" = venv ] && ! makes_venvs "$candidate" && continue
        command -v "$candidate"
        return 0
    done
    return 1
}

# Debian keeps ensurepip apart from Python, in a package named after the version.
install_venv_module() {
    version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        fail "this Python cannot make environments. Install the package python$version-venv, then try again."
    fi
    say "Installing python$version-venv (this Python cannot make environments yet) ..."
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "python$version-venv" >/dev/null
}

make_environment() {
    any=$(find_python) || fail "Python 3.11 or later is needed and none was found (set KANAL_PYTHON to its path)."
    if ! python=$(find_python venv); then
        install_venv_module "$any"
        python=$(find_python venv) || fail "this Python still cannot make environments; install its venv package."
    fi
    say "Making .venv with $("$python" --version) ..."
    rm -rf .venv
    "$python" -m venv .venv
}

# What the environment was made from: the lock, the project's own declaration, this script, the place it stands in.
fingerprint() {
    { cat "requirements/$1.txt" pyproject.toml scripts/bootstrap.sh; printf '%s' "$root"; } | .venv/bin/python -c \
        'import hashlib, sys; print(sys.version_info[:2], hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'
}

matches() { [ "$(cat ".venv/kanal-$1.stamp" 2>/dev/null)" = "$(fingerprint "$1")" ]; }

[ -x .venv/bin/python ] && new_enough .venv/bin/python || make_environment

# develop.txt holds everything of runtime.txt in the same versions, so either stamp satisfies `make run`.
if ! matches "$profile" && ! { [ "$profile" = runtime ] && matches develop; }; then
    say "Installing the packages of $lock (once; this takes a minute or two) ..."
    rm -f .venv/kanal-*.stamp
    .venv/bin/python -m pip install --quiet --no-deps --require-hashes -r "$lock" ||
        fail "the packages could not be installed; the lines above say why. Run the same command again to go on."
    # "compat" puts the checkout itself on the path, so that tests and bench can be imported too.
    .venv/bin/python -m pip install --quiet --no-deps --config-settings editable_mode=compat -e . ||
        fail "Kanal itself could not be installed into .venv; the lines above say why."
    fingerprint "$profile" >".venv/kanal-$profile.stamp"
fi

# The compiled translations are not kept in the repository; this writes only those that are older than their source.
.venv/bin/python scripts/translations.py compile --quiet
