#!/bin/sh
# A CI job: checks that the committed header matches the committed store, then builds and tests.
set -eu
cd "$(dirname "$0")"
nightshift=${NIGHTSHIFT:-npx nightshift}
$nightshift export --store tuned.db --format c-header,cmake -o tuned --check
cmake -S . -B build
cmake --build build
ctest --test-dir build --output-on-failure
