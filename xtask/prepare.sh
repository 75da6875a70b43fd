#!/bin/sh
# What must be there before the build tool can be built: a C compiler, cargo, and the tool itself.
set -eu

if ! command -v cc >/dev/null 2>&1; then
    echo "A C compiler is missing; installing build-essential (about half a minute)."
    if [ "$(id -u)" = 0 ]; then sudo=""; else sudo="sudo"; fi
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "There is no apt-get here: install a C compiler (gcc or clang) yourself, then run this again." >&2
        exit 1
    fi
    $sudo apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends build-essential >/dev/null
fi

if ! command -v cargo >/dev/null 2>&1; then
    echo "Rust is missing: install it with rustup (https://rustup.rs), then run this again." >&2
    exit 1
fi

if [ ! -x "$CARGO_TARGET_DIR/xtask/xtask" ]; then
    echo "Building the build tool (2 to 3 minutes, this once)."
    exec cargo build --profile xtask --package xtask
fi
