# Sourced by the scripts that take a program of another Debian release: nothing of this machine changes, and no root is
# needed. It needs apt and dpkg of Debian.

# unpack_debian RELEASE PACKAGE...: unpacks packages, checked by Debian's signatures, and sets `unpacked` to their folder,
# which is removed when the script ends.
unpack_debian() {
  local name release=$1 keyring=/usr/share/keyrings/debian-archive-keyring.gpg needed scratch package
  name=$(basename "$0")
  shift
  for needed in /usr/bin/apt-get /usr/bin/dpkg-deb "$keyring"; do
    [ -e "$needed" ] || { echo "$name: there is no $needed here" >&2 && return 1; }
  done
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/$name.XXXXXX")
  # shellcheck disable=SC2064
  trap "rm -rf '$scratch'" EXIT
  chmod 755 "$scratch" # for apt's own user
  mkdir -p "$scratch/state/lists/partial" "$scratch/cache/archives/partial" "$scratch/unpacked"
  : >"$scratch/status"
  echo "deb [signed-by=$keyring] http://deb.debian.org/debian $release main" >"$scratch/sources.list"
  cat >"$scratch/apt.conf" <<END
Dir::Etc::sourcelist "$scratch/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::preferences "-";
Dir::Etc::preferencesparts "-";
Dir::State "$scratch/state";
Dir::State::status "$scratch/status";
Dir::Cache "$scratch/cache";
Acquire::Languages "none";
Acquire::Retries "3";
END
  export APT_CONFIG=$scratch/apt.conf
  apt-get update -qq
  (cd "$scratch" && apt-get download -qq "$@" 2>"$scratch/warnings") || { cat "$scratch/warnings" >&2 && return 1; }
  for package in "$scratch"/*.deb; do dpkg-deb -x "$package" "$scratch/unpacked"; done
  unpacked=$scratch/unpacked
}
