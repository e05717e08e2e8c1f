#!/usr/bin/env bash
# What each method of searching does on images, without a table: once with seed 0 on Fashion-MNIST,
# all over one store, so that networks which two of them train are trained once.
#
#   bench/methods_on_images.sh MOTE TABLE OUT [METHOD...]
#
# MOTE: the program; TABLE: accuracy.csv.gz with columns arch and cifar10_test_acc_200, which says
# afterwards how good the winner is; OUT: a folder, kept, so that a second call goes on; METHOD: as
# `mote list methods` names them, all by default. Prints a line per method, also in OUT/methods.txt:
# its winner, the winner's accuracy ("-" if it is not in the table), how many networks were scored
# and judged, and the core seconds of both (of all that it asked for, whoever measured it).
set -euo pipefail
mote=$1 table=$2 out=$3
shift 3
if [ $# -eq 0 ]; then
  methods=$("$mote" list methods --format csv | sed 1d | cut -d, -f2)
  set -- $methods
fi
mkdir -p "$out"

for method in "$@"; do
  run=$out/$method
  if [ -f "$run/config.toml" ]; then
    "$mote" resume "$run" --quiet --format csv >"$run.csv"
  else
    "$mote" search --method "$method" --quiet --store "$out/store.sqlite" --out "$run" \
      --set ntk-condition.norm=frozen --set eigen-nas.norm=frozen --set lga.norm=frozen \
      --format csv >"$run.csv"
  fi
  winner=$(sed -n 2p "$run.csv" | cut -d, -f2)
  accuracy=$(zcat -f "$table" | awk -F, -v w="$winner" '
    NR == 1 { for (i = 1; i <= NF; ++i) column[$i] = i; next }
    $column["arch"] == w { printf "%.2f", 100 * $column["cifar10_test_acc_200"]; found = 1 }
    END { if (!found) print "-" }')
  # Architectures hold commas where they are supernets: purposes and seconds are found without them.
  awk -F, -v m="$method" -v w="$winner" -v a="$accuracy" '
    /,score,/ { ++scored; score_seconds += $NF }
    /,judge,/ { ++judged; judge_seconds += $NF }
    END { printf "%s %s %s %d %d %.1f %.1f\n", m, w, a, scored, judged, score_seconds, judge_seconds }
  ' "$run/history.csv"
done | tee "$out/methods.txt"
