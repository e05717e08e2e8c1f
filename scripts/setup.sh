# Installs what is missing of groups of packages.txt; sourced by ./run and ./test.
#
# install_packages <group>...: asks dpkg once; talks to apt only if something is missing.

packages_of() {  # <group>...: their packages, one a line
  awk -v groups=" $* " '/^\[/ { group = substr($0, 2, length($0) - 2); next }
    NF && !/^#/ && index(groups, " " group " ") { print $1 }' packages.txt
}

install_packages() {
  local wanted missing
  wanted=$(packages_of "$@")
  # What dpkg does not know at all it reports as an error; what it knows, as a status.
  missing=$(comm -23 <(sort -u <<<"$wanted") \
    <(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' $wanted 2>/dev/null |
      sed -n 's/^ii *//p' | sort -u) | tr '\n' ' ')
  [ -n "${missing// /}" ] || return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "mote needs Debian packages and may not install them; as root, run:" >&2
      echo "  apt-get install --no-install-recommends $missing" >&2
      return 1
    fi
    as_root=(sudo)
  fi
  echo "installing: $missing" >&2
  if ! { "${as_root[@]}" apt-get update -qq &&
         "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
           apt-get install -y -qq --no-install-recommends $missing; } >&2; then
    echo "could not install Debian packages; as root, run:" >&2
    echo "  apt-get install --no-install-recommends $missing" >&2
    return 1
  fi
}

# Where ccache is installed, equal sources in two build folders compile once.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

# build <preset> [<target>...]: configures if needed and builds, quietly unless something happens.
build() {
  local preset=$1 folder=build/$1
  shift
  if [ ! -f "$folder/build.ninja" ]; then
    echo "configuring $folder" >&2
    mkdir -p build
    cmake --preset "$preset" >"$folder.log" 2>&1 || { cat "$folder.log" >&2; return 1; }
  fi
  # Nothing to do is the usual case and must not cost a second.
  if ! ninja -C "$folder" -n "$@" 2>/dev/null | grep -q 'no work to do'; then
    echo "building $folder (once, some minutes on two cores)" >&2
    ninja -C "$folder" "$@" >&2
  fi
}
