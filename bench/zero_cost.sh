#!/usr/bin/env bash
# Do the estimates without training agree with those published for the same cells? Spearman's
# correlation between mote's and NASLib's (Krishnakumar et al., NAS-Bench-Suite-Zero, 2022) on up to
# 550 cells, one seed, beside that between two published runs of the same cells, the ceiling.
#
#   bench/zero_cost.sh MOTE DATA OUT [ESTIMATORS [DATASETS [CELLS [NETWORK]]]]
#
# MOTE: the program; DATA: the folder with nasbench201/zero_cost_reference.csv.gz,
# cifar-10-batches-bin/ and cifar-100-binary/; OUT: a folder for the store and the tables; ESTIMATORS,
# DATASETS: which, comma-separated (all; cifar10,cifar100); CELLS: how many at most, those that both
# runs have first (550). Prints data, estimator, cells, rho, the run-to-run rho and its cells, and
# the ratio.
set -euo pipefail
all=synflow,naswot,jacob-cov,snip,grad-norm,fisher,l2-norm,params,macs,grasp,plain
mote=$1 data=$2 out=$3 most=${6:-550} network=${7:-}
IFS=, read -ra estimators <<<"${4:-$all}"
IFS=, read -ra datasets <<<"${5:-cifar10,cifar100}"
declare -A column=([synflow]=synflow [naswot]=nwot [jacob-cov]=jacov [snip]=snip
  [grad-norm]=grad_norm [fisher]=fisher [l2-norm]=l2_norm [params]=params [macs]=flops
  [grasp]=grasp [plain]=plain)
mkdir -p "$out"

# published DATASET COLUMN RUN: arch,value of that run, or of the first run that has it.
published() {
  zcat "$data/nasbench201/zero_cost_reference.csv.gz" |
    awk -F, -v dataset="$1" -v column="$2" -v run="$3" '
      NR == 1 { for (i = 1; i <= NF; ++i) at[$i] = i; print "arch," column; next }
      $at["dataset"] == dataset && (run == "" || $at["run"] == run) && $at[column] != "" &&
        !seen[$at["arch"]]++ { print $at["arch"] "," $at[column] }'
}

# rho FILE NAME: cells and rho of the row NAME, all cells.
rho() {
  awk -F, -v name="$2" '
    NR == 1 { for (i = 1; i <= NF; ++i) at[$i] = i; next }
    $at["estimator"] == name && $at["population"] == "all" { print $at["cells"], $at["rho"] }' "$1"
}

printf '%-10s %-10s %6s %7s %14s %7s\n' data estimator cells rho 'runs (cells)' ratio
for dataset in "${datasets[@]}"; do
  images=$data/cifar-10-batches-bin
  [ "$dataset" = cifar10 ] || images=$data/cifar-100-binary
  for estimator in "${estimators[@]}"; do
    name=${column[$estimator]}
    for run in "" run2022-05-16 run2022-05-18; do
      published "$dataset" "$name" "$run" >"$out/$dataset-$name-${run:-any}.csv"
    done
    common() {
      "$mote" correlate --file <(cut -d, -f1 "$1" | tail -n +2) "${@:2}" --quiet --format csv
    }
    # In both runs first, so that few cells are those of the ceiling.
    any=$out/$dataset-$name-any.csv
    mv "$any" "$any.all"
    {
      head -n 1 "$any.all"
      awk -F, 'FNR == 1 { ++file; next } file < 3 { ++runs[$1]; next }
        { print (runs[$1] == 2 ? 0 : 1) "," $0 }' "$out/$dataset-$name-"run*.csv "$any.all" |
        sort -s -t, -k1,1 | cut -d, -f2- | awk -v most="$most" 'NR <= most'
    } >"$any"
    common "$any" --data "$images" --estimator "$estimator" \
      ${network:+--network "$network"} --table "$any" --target "$name" \
      --store "$out/store.sqlite" --out "$out/$dataset-$estimator.csv"
    read -r cells ours < <(rho "$out/$dataset-$estimator.csv" "$estimator")
    ceiling=- both=0
    if common "$out/$dataset-$name-run2022-05-16.csv" --estimator params \
      --table "$out/$dataset-$name-run2022-05-16.csv" --target "$name" --store none \
      --reference "$out/$dataset-$name-run2022-05-18.csv" --reference-column "$name" \
      --out "$out/ceiling.csv" 2>/dev/null; then
      read -r both ceiling < <(rho "$out/ceiling.csv" "reference $name")
    fi
    awk -v d="$dataset" -v e="$estimator" -v n="$cells" -v r="$ours" -v c="$ceiling" -v b="$both" '
      BEGIN { printf "%-10s %-10s %6d %7.3f %14s %7s\n", d, e, n, r,
              c == "-" ? c : sprintf("%.3f (%d)", c, b), c == "-" ? c : sprintf("%.2f", r / c) }'
  done
done
