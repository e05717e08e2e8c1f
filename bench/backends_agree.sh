#!/usr/bin/env bash
# Do native and torch rank alike? 200 cells, preset fast on Fashion-MNIST, two score seeds on each
# backend: Kendall's tau between the backends (same seed) beside that between the seeds (same backend).
# Rounding tells backends apart, and training makes much of it: they need not agree better than seeds.
#
#   bench/backends_agree.sh MOTE OUT
set -euo pipefail
mote=$1 out=$2
mkdir -p "$out"
common=(--preset fast --data fashion-mnist --estimator mote --store "$out/store.sqlite" --quiet)
"$mote" score --sample 200 --seed 0 --estimator params --format csv --quiet | cut -d, -f1 | tail -n +2 >"$out/cells.txt"
for backend in native torch; do
  for seed in 0 1; do
    "$mote" score --file "$out/cells.txt" --seed $seed --backend $backend "${common[@]}" \
      --format csv --out "$out/$backend-$seed.csv"
  done
done
compare() { # what, backend, seed, table
  printf '%-34s' "$1"
  "$mote" correlate --file "$out/cells.txt" --seed "$3" --backend "$2" "${common[@]}" \
    --table "$out/$4.csv" --target mote --format csv |
    awk -F, 'NR == 1 { for (i = 1; i <= NF; ++i) at[$i] = i; next }
      $at["estimator"] == "mote" && !done++ {
        printf "tau %.3f [%.3f, %.3f] rho %.3f\n", $at["tau"], $at["tau_low"], $at["tau_high"], $at["rho"] }'
}
compare "native and torch, seed 0" native 0 torch-0
compare "native and torch, seed 1" native 1 torch-1
compare "seeds 0 and 1, native" native 1 native-0
compare "seeds 0 and 1, torch" torch 1 torch-0
