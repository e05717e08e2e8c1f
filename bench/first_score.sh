#!/usr/bin/env bash
# How long a bare machine takes from the clone to its first score: a minimal Debian 12 in a folder of
# its own, without a compiler, installs, builds and scores one cell.
#
#   bench/first_score.sh ROOT
#
# ROOT: a new folder for that system, some 2 GB; remove it afterwards. Needs root and debootstrap.
# Prints seconds of installing and building, of the score, and of both, and what was downloaded.
set -euo pipefail
root=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
debootstrap --variant=minbase --include=ca-certificates,git bookworm "$root" >/dev/null
cp /etc/resolv.conf "$root/etc/"
git clone --quiet "$here" "$root/root/mote"
mount -t proc proc "$root/proc"
trap 'umount "$root/proc"' EXIT
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb chroot "$root" bash -euc '
  cd /root/mote
  start=$EPOCHREALTIME
  ./run --version >/root/build.log 2>&1
  built=$EPOCHREALTIME
  ./run score --quiet --arch "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|"
  scored=$EPOCHREALTIME
  awk -v s=$start -v b=$built -v e=$scored "BEGIN {
    printf \"installed and built in %.0f s, scored in %.1f s, together %.0f s\n\", b - s, e - b, e - s }"
  du -csh /var/cache/apt/archives/*.deb | tail -1 | sed "s/total/of packages/"'
