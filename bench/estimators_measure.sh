#!/usr/bin/env bash
# How well every estimator ranks NAS-Bench-201, and what it costs: the figures of docs/estimators.md.
#
#   bench/estimators_measure.sh MOTE DATA OUT [CELLS [DEAR_CELLS [KERNEL_CELLS]]]
#
# MOTE: the program; DATA: the folder with nasbench201/accuracy.csv.gz and cifar-10-batches-bin/;
# OUT: a folder for the store and measured.csv, which is made; CELLS (1000) random cells for what
# takes under .1 core seconds a cell, DEAR_CELLS (300) for the rest, KERNEL_CELLS (50) for tangent
# kernels through the statistics of the batch: on their own network, and by one draw of weights
# on the benchmark's, whose rows end in "(full network)". Images of CIFAR-10, seed 0, else default
# options.
set -euo pipefail
mote=$1 data=$2 out=$3 cells=${4:-1000} dear_cells=${5:-300} kernel_cells=${6:-50}
mkdir -p "$out"
cheap=mote,mote.landscape,mote.speed,mote@brisk,mote@wide,mote@noise,mote@faster,tse,tse-e,tse-ema
cheap=$cheap,best,best-skip,mote-meco,l2-norm,direct-skip,synflow,synflow-bn,zen,meco,linear-regions,swap
dear=snip,grad-norm,plain,fisher,jacob-cov,grasp,naswot,zico,knas
dear=$dear,az-expressivity,az-progressivity,az-trainability,az-nas
kernel=ntk-condition,eigen-nas,lga,te-nas
measure() {  # <cells> <estimators> <file> [options]
  "$mote" correlate --sample "$1" --seed 0 --data "$data/cifar-10-batches-bin" --estimator "$2" \
    --table "$data/nasbench201/accuracy.csv.gz" \
    --target cifar10_test_acc_200,cifar100_test_acc_200,imagenet16-120_test_acc_200 \
    --store "$out/store.sqlite" --format csv --out "$3" "${@:4}"
}
measure "$cells" "$cheap" "$out/cheap.csv"
measure "$dear_cells" "$dear" "$out/dear.csv"
measure "$kernel_cells" "$kernel" "$out/kernel.csv"
full=ntk-condition,eigen-nas,lga
measure "$kernel_cells" "$full" "$out/full.csv" --network full \
  --set ntk-condition.repeats=1 --set eigen-nas.repeats=1 --set lga.repeats=1
# The baselines stand in both; those of more cells are kept.
{
  cat "$out/cheap.csv"
  for more in dear kernel full; do
    tail -n +2 "$out/$more.csv" | grep -vE '^(params|macs|live-weights|conv-edges),' |
      if [ "$more" = full ]; then sed -E 's/^([^,]*),/\1 (full network),/'; else cat; fi
  done
} >"$out/measured.csv"
