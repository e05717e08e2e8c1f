#!/usr/bin/env bash
# Writes docs/estimators.md to standard output: the estimators of the program with their options, how
# well they rank as measured, and what was published. A test compares it with the file.
#
#   bench/estimators_doc.sh MOTE > docs/estimators.md
#
# MOTE: the program. What was measured comes from docs/estimators/measured.csv, which is what
# `mote correlate` printed (bench/estimators_measure.sh); what was published from
# docs/estimators/published.csv; the words around from docs/estimators/*.md.
set -euo pipefail
mote=$1
docs=$(cd "$(dirname "${BASH_SOURCE[0]}")/../docs/estimators" && pwd)

# CSV to lines of fields parted by tabs; quoted fields may hold commas and "" for a quote.
fields() {
  awk '{
    out = ""; field = ""; quoted = 0
    for (i = 1; i <= length($0); ++i) {
      c = substr($0, i, 1)
      if (quoted) {
        if (c != "\"") field = field c
        else if (substr($0, i + 1, 1) == "\"") { field = field c; ++i }
        else quoted = 0
      } else if (c == "\"") quoted = 1
      else if (c == ",") { out = out field "\t"; field = "" }
      else field = field c
    }
    print out field
  }' "$@"
}

cat "$docs/head.md"
echo
"$mote" list estimators --format csv | fields | awk -F'\t' '
  NR > 1 && $3 == "" { printf "| `%s` | %s |\n", $2, $5 }' |
  { printf '| name | what it is |\n|---|---|\n'; cat; }
echo
echo "Rankings join estimators by the sum of the logarithms of their ranks:"
echo
"$mote" list rankings --format csv | fields | awk -F'\t' '
  NR > 1 { printf "| `%s` | %s |\n", $2, $5 }' |
  { printf '| name | what it joins |\n|---|---|\n'; cat; }
echo
cat "$docs/measured.md"
for population in all no-dangling; do
  [ "$population" = all ] && echo && echo "**All cells**" || { echo; echo "**Cells without dangling operations**"; }
  echo
  echo "| estimator | cells | core s | CIFAR-10 | CIFAR-100 | ImageNet16-120 | in the true top 10 % | published tau or rho |"
  echo "|---|---|---|---|---|---|---|---|"
  { fields "$docs/published.csv" | sed 's/^/P\t/'; fields "$docs/measured.csv" | sed 's/^/M\t/'; } |
    awk -F'\t' -v population="$population" '
      $1 == "P" && $3 == population {
        text = ""
        if ($4 != "") text = "tau " $4 ($6 != "" ? "/" $6 "/" $8 : "")
        else if ($5 != "") text = "rho " $5 ($7 != "" ? "/" $7 "/" $9 : "")
        published[$2] = published[$2] (published[$2] == "" ? "" : "; ") text
        next
      }
      $1 != "M" { next }
      $2 == "estimator" { for (i = 2; i <= NF; ++i) at[$i] = i; next }
      $at["population"] != population { next }
      {
        name = $at["estimator"]
        if (!(name in cells)) { order[++n] = name; cells[name] = $at["cells"]; cost[name] = $at["core_s"] }
        t = $at["target"]
        tau[name, t] = sprintf("%.3f [%.3f, %.3f]", $at["tau"], $at["tau_low"], $at["tau_high"])
        if ($at["tau"] == "") tau[name, t] = "-"
        mean[name] += $at["tau"] / 3
        top[name, t] = $at["tau_top10"] == "" ? "-" : sprintf("%.2f", $at["tau_top10"])
      }
      END {
        c10 = "cifar10_test_acc_200"; c100 = "cifar100_test_acc_200"; in16 = "imagenet16-120_test_acc_200"
        for (i = 1; i <= n; ++i) for (j = i + 1; j <= n; ++j)
          if (mean[order[j]] > mean[order[i]]) { s = order[i]; order[i] = order[j]; order[j] = s }
        for (i = 1; i <= n; ++i) {
          e = order[i]
          printf "| `%s` | %d | %s | %s | %s | %s | %s/%s/%s | %s |\n", e, cells[e],
            cost[e] == 0 ? "0" : sprintf("%.3f", cost[e]), tau[e, c10], tau[e, c100], tau[e, in16],
            top[e, c10], top[e, c100], top[e, in16], published[e]
        }
      }'
done
echo
cat "$docs/choices.md"
