#!/bin/sh
# What a CI job does: is the committed header what the committed store says, and does it build?
set -eu
cd "$(dirname "$0")"
nightshift=${NIGHTSHIFT:-npx nightshift}
$nightshift export --store tuned.db --format c-header,cmake -o tuned --check
cmake -S . -B build
cmake --build build
ctest --test-dir build --output-on-failure
