#!/usr/bin/env bash
# How well does a preset rank 300 random cells, on three kinds of data, against the MOTE authors' own
# records on the same cells? Mean of 3 score seeds.
#
#   bench/correlations.sh MOTE DATA OUT [PRESET]
#
# MOTE: the program; DATA: the folder with nasbench201/accuracy.csv.gz, mote_reference.csv.gz and
# reduced-cifar100-10/; OUT: a folder for the store and one CSV per kind of data.
set -euo pipefail
mote=$1 data=$2 out=$3 preset=${4:-fast}
mkdir -p "$out"
for source in fashion-mnist "$data/reduced-cifar100-10/train" noise; do
  name=$(basename "${source%/train}")
  "$mote" correlate --sample 300 --seed 0 --seeds 3 --preset "$preset" --data "$source" \
    --estimator mote,mote.landscape,mote.speed,tse --store "$out/store.sqlite" \
    --table "$data/nasbench201/accuracy.csv.gz" \
    --target cifar10_test_acc_200,cifar100_test_acc_200,imagenet16-120_test_acc_200 \
    --reference "$data/nasbench201/mote_reference.csv.gz" --reference-column mote \
    --format csv --out "$out/$preset-$name.csv"
done
