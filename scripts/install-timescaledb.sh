#!/bin/sh
# Installs PostgreSQL 17 with TimescaleDB from Debian's own archive. Optional: without it the packaged PostgreSQL of npm is used.
# Debian 13 has the package. Debian 12 has not, so the machine's own apt source is copied with the suite name replaced; its
# priority of 100 keeps everything else on Debian 12. Running it again changes nothing. No cluster is created or started.
set -eu

package=postgresql-17-timescaledb
extra=/etc/apt/sources.list.d/shuangwu-trixie
pin=/etc/apt/preferences.d/shuangwu-trixie
no_cluster=/etc/postgresql-common/createcluster.d/shuangwu.conf

fail() { echo "install-timescaledb: $*" >&2; exit 3; }

[ "$(id -u)" = 0 ] || fail 'must run as root'
. /etc/os-release
[ "${ID:-}" = debian ] || fail "needs Debian 12 or 13, found ${PRETTY_NAME:-an unknown system}"
[ -e /usr/lib/postgresql/17/lib/timescaledb.so ] && { echo 'TimescaleDB is installed already.'; exit 0; }

# deb822: the stanzas of the release's own suite, comments dropped, with trixie as the only suite.
copy_deb822() {
  cat /etc/apt/sources.list.d/*.sources 2>/dev/null | awk -v suite="$VERSION_CODENAME" '
    function flush() { if (ours && enabled) printf "%s\n", stanza; stanza = ""; ours = 0; enabled = 1 }
    BEGIN { enabled = 1 }
    /^[[:space:]]*$/ { flush(); next }
    /^#/ { next }
    tolower($1) == "suites:" { for (i = 2; i <= NF; i++) if ($i == suite) ours = 1; $0 = "Suites: trixie" }
    tolower($1) == "types:" { $0 = "Types: deb" }
    tolower($1) == "enabled:" && $2 == "no" { enabled = 0 }
    { stanza = stanza $0 "\n" }
    END { flush() }'
}

# One-line format: the lines whose suite is the release itself (the field after the address).
copy_one_line() {
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
    sed -nE "s#^(deb[[:space:]]+(\[[^]]*\][[:space:]]+)?[^[:space:]]+)[[:space:]]+$VERSION_CODENAME([[:space:]])#\1 trixie\3#p" | sort -u
}

add_trixie() {
  sources=$(copy_deb822)
  if [ -n "$sources" ]; then
    printf '%s\n' "$sources" > "$extra.sources"
  else
    lines=$(copy_one_line)
    [ -n "$lines" ] || fail "no apt source of $VERSION_CODENAME found to copy"
    printf '%s\n' "$lines" > "$extra.list"
  fi
  printf 'Package: *\nPin: release n=trixie\nPin-Priority: 100\n' > "$pin"
}

mkdir -p "$(dirname "$no_cluster")"
echo 'create_main_cluster = false' > "$no_cluster"
case "$VERSION_CODENAME" in
  bookworm) add_trixie ;;
  trixie) ;;
  *) fail "needs Debian 12 or 13, found ${PRETTY_NAME:-$VERSION_CODENAME}" ;;
esac

export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -q -y --no-install-recommends -t trixie "$package"
[ -e /usr/lib/postgresql/17/lib/timescaledb.so ] || fail 'the package came without timescaledb.so'
echo 'TimescaleDB is installed; the next start of the local database uses it.'
