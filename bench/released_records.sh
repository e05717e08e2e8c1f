#!/usr/bin/env bash
# Presets released and paper on four cells of different size, beside the authors' records: final
# training loss and landscape losses, three seeds, with and without an activation after the stem.
# Minutes a cell and seed on a CPU.
#
#   bench/released_records.sh MOTE DATA OUT
#
# At the end, a line per cell, stem and loss: the record, then mean and deviation of our seeds.
set -euo pipefail
mote=$1 data=$2 out=$3
mkdir -p "$out"
# a bare skip; one, two conv1x1; one conv3x3
cells=(101001 110021 421211 010310)
for seed in 0 1 2; do
  for stem in none gelu; do
    "$mote" score --arch "${cells[@]}" --preset released --set released.stem=$stem --seed $seed \
      --data "$data/reduced-cifar100-10/train" --estimator mote,mote.landscape,mote.speed,tse-e \
      --store "$out/store.sqlite" --format csv --out "$out/released-$stem-$seed.csv"
  done
done
"$mote" score --arch "${cells[@]}" --preset paper --seed 0 --data "$data/reduced-cifar100-10/train" \
  --estimator mote,mote.landscape,mote.speed,tse-e --store "$out/store.sqlite" --format csv \
  --out "$out/paper-0.csv"

"$mote" export "$out/store.sqlite" --what probes --format csv --out "$out/losses.csv"
for cell in "${cells[@]}"; do
  arch=$("$mote" show "$cell" --format csv | sed -n 2p | cut -d, -f1)
  same=$("$mote" show "$cell" --format csv | sed -n 2p | awk -F, '{ print $(NF - 1) }')
  for stem in none gelu; do
    grep -F "$same" "$out/losses.csv" | grep -F 'train-epoch' |
      grep -F "stem_activation\"\":\"\"$stem" |
      awk -F, -v cell="$cell stem=$stem" -v record="$(zcat "$data/nasbench201/mote_reference.csv.gz" |
          awk -F, -v a="$arch" '$1 == a { for (i = 6; i <= 16; ++i) printf "%s ", $i; print $66 }')" '
        $5 == "line_loss" { sum[$6] += $7; square[$6] += $7 * $7; ++n[$6] }
        $5 == "epoch_loss" && $6 == 49 { sum[11] += $7; square[11] += $7 * $7; ++n[11] }
        END { split(record, r, " ")
          for (g = 0; g <= 11; ++g) if (n[g] > 0) {
            mean = sum[g] / n[g]; var = square[g] / n[g] - mean * mean
            sd = n[g] > 1 ? sqrt((var > 0 ? var : 0) * n[g] / (n[g] - 1)) : 0
            printf "%s %s record %.4f ours %.4f sd %.4f seeds %d\n", cell,
              g < 11 ? "line " g : "final training loss", r[g + 1], mean, sd, n[g] } }'
  done
done
