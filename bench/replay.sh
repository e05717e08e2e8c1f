#!/usr/bin/env bash
# The published search replayed on the MOTE authors' records: eight settings, three targets, 400 runs.
#
#   bench/replay.sh MOTE DATA
#
# Prints k, iterations, share of parents, then per target mean and deviation of the winner's accuracy
# in %, cost in s and mean pool.
set -euo pipefail
mote=$1 data=$2/nasbench201
for setting in "0 10 .01" "5 10 .01" "10 10 .01" "20 20 .01" "10 20 .01" "20 30 .01" "10 20 .1" "20 30 .1"; do
  read -r k iterations parents <<<"$setting"
  printf 'k=%-3s iterations=%s parents=%-4s' "$k" "$iterations" "$parents"
  for target in cifar10 cifar100 imagenet16-120; do
    "$mote" replay --scores "$data/mote_reference.csv.gz" --table "$data/accuracy.csv.gz" \
      --judge ${target}_test_acc_12 --judge-seconds ${target}_train_seconds_12 \
      --target ${target}_test_acc_200 -k "$k" --iterations "$iterations" --parents "$parents" \
      --runs 400 --seed 1 --format csv |
      awk -F, 'NR == 2 { printf "  %.2f +- %.2f %.0f s pool %.0f", 100 * $6, 100 * $7, $8, $9 }'
  done
  echo
done
