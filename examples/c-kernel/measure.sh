#!/bin/sh
# measure.sh <vectorBytes> <threads> <rows> <vectors> [check]
# Compiles the kernel with these values as macros, unless that was done before, and times it or checks its results.
set -eu
cd "$(dirname "$0")"
program=build/$1-$2-$3-$4
is_new() {
  for source in matmul.c matmul.h harness.c measure.sh; do
    [ "$program" -nt $source ] || return 1
  done
}
if ! is_new; then
  mkdir -p build
  # The compiler makes no vectors of its own: they come from VECTOR_BYTES alone, so that scalar code stays scalar.
  # It writes a draft, which is moved when it is whole: an interrupted compilation leaves no program.
  if ! cc -std=gnu11 -O3 -march=native -fno-tree-vectorize -fno-tree-slp-vectorize -Wno-psabi \
    -DVECTOR_BYTES="$1" -DTHREADS="$2" -DROWS="$3" -DVECTORS="$4" \
    harness.c matmul.c -o "$program.draft" -lpthread -lm 2> "$program.log"; then
    # nightshift shows the last line that a program has written.
    cat "$program.log" >&2
    grep -m 1 error "$program.log" >&2
    exit 1
  fi
  mv "$program.draft" "$program"
fi
exec "$program" ${5:-}
