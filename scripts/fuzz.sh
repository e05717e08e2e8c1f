#!/usr/bin/env bash
# scripts/fuzz.sh [parser...]: runs the fuzz targets of tests/fuzz, all or those named, as many at
# once as there are cores and each for MOTE_FUZZ_SECONDS (60). Fails if one finds something: the
# input that leads to it stands in build/fuzz/findings. What they learn of the formats is kept in
# build/fuzz/corpus and makes the next run deeper. Needs clang and libclang-rt (packages.txt, group
# extra).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/setup.sh

# complain <parser> <log>
complain() {
  {
    echo "the fuzz target $1 found something ($2):"
    grep -E '^mote: |ERROR: |runtime error: |terminate called|what\(\):|Test unit written' "$2" || true
    echo "again, without a fuzzer: cmake --preset asan && ninja -C build/asan mote_$1_fuzz &&" \
      "build/asan/tests/fuzz/mote_$1_fuzz build/fuzz/findings/$1-*"
  } >&2
}

fuzz_one() {  # <parser>
  local parser=$1 program=build/fuzz/tests/fuzz/mote_$1_fuzz log=build/fuzz/logs/$1.log
  local corpus=build/fuzz/corpus/$1 seeds=build/fuzz/seeds/$1 words=build/fuzz/seeds/$1.dict
  # A minute for one input is a hang on any machine, however busy.
  local limits=(-timeout=60 -rss_limit_mb=2048 -malloc_limit_mb=1024)
  local finding
  # What was found before must be mended, not just not be found again.
  for finding in build/fuzz/findings/"$parser"-*; do
    [ -f "$finding" ] || continue
    if ! "$program" "${limits[@]}" "$finding" >"$log" 2>&1; then
      complain "$parser" "$log"
      return 1
    fi
    rm "$finding"
  done
  rm -rf "$seeds"
  mkdir -p "$corpus" "$seeds"
  if ! "$program" --write-seeds "$seeds" "$words" >"$log" 2>&1; then
    cat "$log" >&2
    return 1
  fi
  if ! "$program" "$corpus" "$seeds" -dict="$words" -max_total_time="$MOTE_FUZZ_SECONDS" \
       "${limits[@]}" -print_final_stats=1 -artifact_prefix="build/fuzz/findings/$parser-" \
       >"$log" 2>&1; then
    complain "$parser" "$log"
    return 1
  fi
  awk -v parser="$parser" '/ cov: / { last = $0 }
    /^stat::average_exec_per_sec/ { speed = $2 }
    END { match(last, /cov: [0-9]+ ft: [0-9]+ corp: [0-9]+/)
          printf "%-18s %s, %d inputs/s\n", parser, substr(last, RSTART, RLENGTH), speed }' \
    "$log" >&2
}

export MOTE_FUZZ_SECONDS=${MOTE_FUZZ_SECONDS:-60}
build fuzz mote_fuzz_targets
mkdir -p build/fuzz/findings build/fuzz/logs
# The files that parsers want are written once per input: in memory, if there is a place for that.
TMPDIR=$(mktemp -d "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")/mote-fuzz-XXXXXX")
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
export ASAN_OPTIONS=${ASAN_OPTIONS:-quarantine_size_mb=32}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}

export -f complain fuzz_one
if [ $# -eq 0 ]; then
  mapfile -t parsers <build/fuzz/fuzz_targets
else
  parsers=("$@")
fi
if ! printf '%s\n' "${parsers[@]}" | xargs -P "$(nproc)" -I{} bash -c 'fuzz_one "$1"' fuzz {}; then
  echo "fuzzing failed; inputs to look at are in build/fuzz/findings" >&2
  exit 1
fi
