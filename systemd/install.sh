#!/bin/sh
# Installs Sluice from the unpacked archive, or a newer version over an older one. What is in /etc/sluice and
# /var/lib/sluice is never overwritten and never removed. Run as root:
#   ./install.sh                   into /opt/sluice, with user, unit and command
#   ./install.sh --prefix DIR      into DIR instead
#   ./install.sh --root DIR        into an image or a folder that is not the running system
#   ./install.sh --uninstall       takes away what was installed
set -eu

here=$(cd "$(dirname "$0")" && pwd)
prefix=/opt/sluice
root=
uninstall=

fail() {
  printf 'install.sh: %s\n' "$1" >&2
  exit 1
}

usage() {
  sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
}

while [ $# -gt 0 ]; do
  case $1 in
    --prefix) [ $# -gt 1 ] || fail "--prefix needs a folder"; prefix=$2; shift ;;
    --root) [ $# -gt 1 ] || fail "--root needs a folder"; root=${2%/}; shift ;;
    --uninstall) uninstall=yes ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; fail "unknown option $1" ;;
  esac
  shift
done
[ -z "$root" ] || [ -d "$root" ] || fail "there is no folder $root"
[ -z "$root" ] || root=$(cd "$root" && pwd)
case $prefix in
  /?*) ;;
  *) fail "the prefix must be an absolute path: $prefix" ;;
esac
case $prefix in *[!A-Za-z0-9/._-]*) fail "the prefix may have letters, digits and / . _ - only: $prefix" ;; esac

program=$root$prefix
unit=$root/etc/systemd/system/sluice.service
users=$root/etc/sysusers.d/sluice.conf
command=$root/usr/local/bin/sluice
configuration=$root/etc/sluice/gateway.yaml

# Whether this is about the running system, and systemd runs it.
live() {
  [ -z "$root" ] && [ -d /run/systemd/system ]
}

# The folder is replaced as a whole, so nothing else may live in it.
require_ours() {
  [ ! -e "$program" ] || { [ -x "$program/sluice" ] && [ -e "$program/ARCHITECTURE" ]; } ||
    fail "$program is there and is not an installation of Sluice: give a folder of its own with --prefix"
}

require_root() {
  [ -n "$root" ] || [ "$(id -u)" -eq 0 ] || fail "must run as root: sudo ./install.sh"
}

require_architecture() {
  [ -e "$here/ARCHITECTURE" ] || fail "this is not an unpacked archive: tools/package makes one from a checkout"
  built=$(cat "$here/ARCHITECTURE")
  machine=$(uname -m)
  [ "$built" = "$machine" ] ||
    fail "this archive is for $built, this machine is $machine: take sluice-$(cat "$here/VERSION")-linux-$machine.tar.gz"
  "$here/runtime/bin/java" -version >/dev/null 2>&1 ||
    fail "the Java runtime of the archive does not start here: it needs glibc and a 64-bit system ($(uname -srm))"
}

# Beside the old version first, then a rename: whoever starts Sluice meanwhile gets one of the two whole.
copy_program() {
  mkdir -p "$(dirname "$program")"
  rm -rf "$program.new" "$program.old"
  mkdir "$program.new"
  for item in "$here"/*; do
    [ "$(basename "$item")" = sluice.aot ] || cp -R -p "$item" "$program.new/"
  done
  [ -z "$root" ] && [ "$(id -u)" -eq 0 ] && chown -R root:root "$program.new"
  chmod -R u=rwX,go=rX "$program.new"
  if [ -e "$program" ]; then mv "$program" "$program.old"; fi
  mv "$program.new" "$program"
  rm -rf "$program.old"
}

make_user() {
  mkdir -p "$(dirname "$users")"
  cp "$program/systemd/sluice.sysusers" "$users"
  [ -z "$root" ] || return 0
  command -v systemd-sysusers >/dev/null || fail "needs systemd-sysusers, which makes the user sluice: apt-get install systemd"
  systemd-sysusers "$users"
}

copy_configuration() {
  mkdir -p "$root/etc/sluice"
  if [ -e "$configuration" ]; then
    echo "kept       $configuration"
    return 0
  fi
  cp "$program/examples/minimal/gateway.yaml" "$configuration"
  chmod 0640 "$configuration"
  [ -n "$root" ] || chgrp sluice "$configuration"
  echo "sample     $configuration"
}

copy_unit() {
  mkdir -p "$(dirname "$unit")" "$(dirname "$command")"
  sed "s|/opt/sluice/|$prefix/|g" "$program/systemd/sluice.service" >"$unit"
  ln -sfn "$prefix/sluice" "$command"
  if live; then systemctl daemon-reload; fi
}

# The AOT cache is made here, since the service may not write into the program's folder.
first_start() {
  "$program/sluice" --prepare
  "$program/sluice" --help >/dev/null || fail "$program/sluice does not start; the lines above say why"
}

install_all() {
  [ "$here" != "$program" ] || fail "this is the installed Sluice itself: run the installer of an unpacked archive"
  require_architecture
  copy_program
  make_user
  copy_configuration
  copy_unit
  first_start
  echo "installed  $program, version $(cat "$program/VERSION")"
  if live && systemctl is-active --quiet sluice; then
    systemctl restart sluice
    echo "restarted  sluice.service"
  else
    cat <<TEXT
next       edit $configuration, then:
             sluice check $configuration
             systemctl enable --now sluice
             systemctl status sluice
TEXT
  fi
}

uninstall_all() {
  if live && [ -e "$unit" ]; then systemctl disable --now sluice; fi
  rm -rf "$program" "$unit" "$users" "$command"
  if live; then systemctl daemon-reload; fi
  echo "removed    $program; $root/etc/sluice, $root/var/lib/sluice and the user sluice are still there"
}

require_root
require_ours
# The folder one stands in may be replaced.
cd /
if [ -n "$uninstall" ]; then uninstall_all; else install_all; fi
