#!/bin/sh
# Gets programs that come as Debian packages: `tools/debian.sh PROGRAM=PACKAGE ...`
# As root, or with a sudo that asks nothing, apt installs them. Otherwise the packages are unpacked, with the
# libraries that are missing, into the user's cache, and .venv/bin gets a starter for each program.
set -eu

cache="${XDG_CACHE_HOME:-$HOME/.cache}/packline/debian"
starters="$(dirname "$0")/../.venv/bin"
PATH="$PATH:/usr/sbin:/sbin"

missing=""
for wanted in "$@"; do
    program="${wanted%%=*}"
    [ -x "$starters/$program" ] || command -v "$program" >/dev/null || missing="$missing $wanted"
done
[ -n "$missing" ] || exit 0
packages=$(printf '%s\n' $missing | sed 's/.*=//' | sort -u | tr '\n' ' ')

give_up() {
    echo "setup: $1. Ask whoever runs this machine for: apt-get install $packages" >&2
    exit 1
}

command -v apt-get >/dev/null || give_up "this is not Debian or Raspberry Pi OS: there is no apt-get"
if [ "$(id -u)" = 0 ]; then as_root=""; elif sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root="none"; fi

if [ "$as_root" != none ]; then
    echo "setup: installing $packages"
    $as_root apt-get update -qq >/dev/null || give_up "apt-get update failed"
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $packages >/dev/null ||
        give_up "apt-get install failed"
    exit 0
fi

echo "setup: unpacking $packages into $cache (no root here)"
mkdir -p "$cache/packages" "$cache/root" "$cache/lists/partial" "$cache/archives/partial"
download() {
    wanted=$("$@" install --simulate --no-install-recommends $packages 2>/dev/null | awk '/^Inst/ {print $2}')
    [ -n "$wanted" ] && (cd "$cache/packages" && "$@" download -qq $wanted 2>/dev/null)
}
# The system's lists may be empty or old, and only root may renew them: then lists of our own.
own="apt-get -o Dir::State::Lists=$cache/lists -o Dir::Cache=$cache"
download apt-get || { $own update -qq 2>/dev/null && download $own; } || give_up "the packages could not be downloaded"
for package in "$cache/packages"/*.deb; do
    dpkg-deb --extract "$package" "$cache/root"
    rm "$package"
done

libraries="$cache/root/usr/lib:$cache/root/lib"
for folder in "$cache/root/usr/lib"/*-linux-gnu* "$cache/root/lib"/*-linux-gnu*; do
    [ -d "$folder" ] && libraries="$libraries:$folder"
done
mkdir -p "$starters"
for pair in $missing; do
    program="${pair%%=*}"
    for place in "usr/lib/$program/$program" "usr/sbin/$program" "usr/bin/$program" "bin/$program"; do
        [ -x "$cache/root/$place" ] || continue
        printf '#!/bin/sh\nLD_LIBRARY_PATH="%s" NODE_PATH="%s" exec "%s" "$@"\n' "$libraries" "$cache/root/usr/share/nodejs" "$cache/root/$place" >"$starters/$program"
        chmod +x "$starters/$program"
        break
    done
    [ -x "$starters/$program" ] || give_up "$program is not in its package"
done
