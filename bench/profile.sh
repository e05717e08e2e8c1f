#!/usr/bin/env bash
# Where the time of backend native goes, by kind of step, and how near each kind is to what limits it.
#
#   bench/profile.sh MOTE WORKLOAD [ARCH PRESET]
#
# Samples `mote bench` with Linux's perf (Debian package linux-perf) and groups the kernels. With a cell
# and a preset whose network the workload trains (333333-32x32x32: 333333 paper) it adds, from
# `mote plan`, arithmetic and traffic per second: products in GFLOP/s as really computed (a quarter of
# the direct form's by Winograd), passes over values in GB/s read and written at least.
set -euo pipefail
mote=$1 workload=$2 arch=${3:-} preset=${4:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
perf record -q -e cpu-clock -o "$work/perf" "$mote" bench --backend native --workload "$workload" \
  --cells 20 --rounds 15 --quiet --format csv >"$work/bench.csv"
perf report -i "$work/perf" --stdio --no-children --sort symbol 2>/dev/null | grep -v '^#' |
  sed 's/^ *//' >"$work/symbols"
if [ -n "$arch" ]; then
  "$mote" plan "$arch" --preset "$preset" --quiet --format csv >"$work/plan.csv"
else
  : >"$work/plan.csv"
fi
ms=$(awk -F, 'NR == 2 { print $5 }' "$work/bench.csv")
batch=$(awk -F, 'NR == 2 { print $3 }' "$work/bench.csv")
# From the right: names hold commas. kernel, bytes and flops of each step.
awk -F, -v batch="$batch" 'NR > 1 {
    bytes = $(NF - 1); flops = $NF
    if ($0 ~ /winograd/) products += flops / 4
    if ($0 ~ /,one pass,|,by its readers,/) passes += bytes }
  END { printf "%g %g\n", products * batch, passes * batch }' \
  "$work/plan.csv" >"$work/amounts"
awk -v ms="$ms" -v amounts="$(cat "$work/amounts")" '
  function kind(s) {
    # Set-up, the measurement of the peak, the system.
    if (s !~ /mote::native|mem(set|move|cpy)/ || s ~ /Arena|Burst|Planner|State::State/) return ""
    if (s ~ /RunSum/) return "sums of nodes"
    if (s ~ /RunGradient/) return "gradients of nodes"
    if (s ~ /SourceTile|ResultTiles|ResultGradientTiles|SourceGradientTiles/) return "Winograd transforms"
    if (s ~ /MultiplyRows|AddOuterBlock|AccumulateOuter/) return "Winograd products"
    if (s ~ /Flush|ConvolvePixels|AccumulateTaps/) return "direct convolutions"
    if (s ~ /ApplyNormGradient/) return "norm gradients written out"
    if (s ~ /KernelOfGroup|TransformKernel|RepeatColumns|Transpose|SumLanes/) return "forms of weights"
    if (s ~ /PoolWindows/) return "averages"
    if (s ~ /Adam|Update|CrossEntropy|Linear|Softmax|group/) return "head and optimiser"
    if (s ~ /mem(set|move|cpy)/) return "clearing and copying"
    return "else" }
  { k = kind($0); if (k != "") { share[k] += $1; total += $1 } }
  END {
    split(amounts, a, " ")
    printf "%.3f ms a step\n%-28s%8s%10s\n", ms, "kind", "share", "ms"
    for (k in share) {
      t = share[k] / total * ms
      line = sprintf("%-28s%7.1f%%%10.3f", k, 100 * share[k] / total, t)
      if (k == "Winograd products" && a[1] > 0)
        line = line sprintf("  %.0f GFLOP/s", a[1] / t * 1e-6)
      if (k == "sums of nodes" && a[2] > 0)
        line = line sprintf("  %.0f GB/s with gradients",
                            a[2] / (t + share["gradients of nodes"] / total * ms) * 1e-6)
      print line | "sort"
    }
    close("sort")
  }' "$work/symbols"
