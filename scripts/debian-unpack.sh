# Sourced by the scripts that take programs of another Debian release: nothing of this machine changes, and no root is
# needed. It needs apt and dpkg of Debian.

# unpack_debian [--with-dependencies] RELEASE PACKAGE...: unpacks packages, checked by Debian's signatures, and sets
# `unpacked` to their folder, which is removed when the script ends.
unpack_debian() {
  local name release keyring=/usr/share/keyrings/debian-archive-keyring.gpg needed scratch package dependencies=
  name=$(basename "$0")
  [ "$1" != --with-dependencies ] || { dependencies=yes && shift; }
  release=$1
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
Dir::Etc::preferencesparts "/dev/null";
Dir::State "$scratch/state";
Dir::State::status "$scratch/status";
Dir::Cache "$scratch/cache";
Acquire::Languages "none";
Acquire::Retries "3";
END
  export APT_CONFIG=$scratch/apt.conf
  apt-get update -qq
  if [ "$dependencies" ]; then
    # shellcheck disable=SC2046
    set -- $(apt-get install --simulate --no-install-recommends "$@" | sed -n 's/^Inst \([^ ]*\) .*/\1/p')
    # A system has one folder for its programs, whatever its packages say.
    mkdir -p "$scratch"/unpacked/usr/{bin,sbin,lib,lib64}
    for needed in bin sbin lib lib64; do ln -s "usr/$needed" "$scratch/unpacked/$needed"; done
  fi
  (cd "$scratch" && apt-get download -qq "$@" 2>"$scratch/warnings") || { cat "$scratch/warnings" >&2 && return 1; }
  unpacked=$scratch/unpacked
  for package in "$scratch"/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -xp --numeric-owner --keep-directory-symlink -C "$unpacked"
  done
}
