#!/usr/bin/env bash
# How good are the winners of the default search? 5 score seeds x 4 proposal seeds over one store.
#
#   bench/search_winners.sh MOTE TABLE OUT
#
# MOTE: the program; TABLE: accuracy.csv.gz with columns arch and cifar10_test_acc_200; OUT: a folder,
# kept, so that a second call goes on. Prints a line per search: seeds, winner, its accuracy, and the
# share of the table's cells that are better ("-" if the winner is not in the table); then, of the
# winners in the table, how many lie in its best 10 %, and the median share.
set -euo pipefail
mote=$1 table=$2 out=$3
mkdir -p "$out"
truths=$out/truths.txt
# rank by accuracy, best first, as "arch accuracy share-of-better-cells"
zcat -f "$table" | awk -F, 'NR == 1 { for (i = 1; i <= NF; ++i) column[$i] = i; next }
  { print $column["arch"], $column["cifar10_test_acc_200"] }' | sort -k2,2gr |
  awk '{ arch[NR] = $1; acc[NR] = $2; better[NR] = $2 == acc[NR - 1] ? better[NR - 1] : NR - 1 }
    END { for (i = 1; i <= NR; ++i) print arch[i], acc[i], better[i] / NR }' >"$truths"

for score_seed in 0 1 2 3 4; do
  for seed in 0 1 2 3; do
    run=$out/score$score_seed-seed$seed
    if [ -f "$run/config.toml" ]; then
      "$mote" resume "$run" --quiet --format csv >"$run.csv"
    else
      "$mote" search --quiet --seed $seed --score-seed $score_seed --store "$out/store.sqlite" \
        --out "$run" --format csv >"$run.csv"
    fi
    winner=$(sed -n 2p "$run.csv" | cut -d, -f2)
    awk -v w="$winner" -v s="$score_seed $seed" '$1 == w { print s, w, $2, $3; found = 1 }
      END { if (!found) print s, w, "-", "-" }' "$truths"
  done
done | tee "$out/winners.txt"
awk '$5 != "-" { print $5 }' "$out/winners.txt" | sort -g | awk '
  { share[NR] = $1; if ($1 < .1) ++top }
  END { m = NR % 2 ? share[(NR + 1) / 2] : (share[NR / 2] + share[NR / 2 + 1]) / 2
    printf "%d winners in the table, %d (%.0f %%) in its best 10 %%, median share of better cells %.2f %%, worst %.2f %%\n",
      NR, top, 100 * top / NR, 100 * m, 100 * share[NR] }'
