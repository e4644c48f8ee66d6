# shellcheck shell=bash
# Shared by the scripts in this folder. To be sourced, with the project as working directory.

# Whatever the locale says, Chinese file names and output are UTF-8.
export PYTHONUTF8=1
# Another project's Python path must not leak into this one.
unset PYTHONHOME PYTHONPATH

say() { printf '%s\n' "$*"; }
step() { printf '\n== %s\n' "$*"; }
stop() {
  printf '\n%s\n' "$*" >&2
  exit 1
}

is_root() { [ "$(id -u)" = 0 ]; }
has_apt() { command -v apt-get >/dev/null 2>&1; }

# apt_install PACKAGE…: as root on Debian and its children; otherwise returns non-zero.
apt_install() {
  is_root && has_apt || return 1
  say "Installing $* with apt-get ..."
  local log
  log=$(mktemp)
  if {
    DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 update &&
      DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 \
        install --no-install-recommends "$@"
  } </dev/null >"$log" 2>&1; then
    rm -f "$log"
  else
    tail -n 15 "$log" >&2
    rm -f "$log"
    return 1
  fi
}

random_key() { # 60 characters or more
  .venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(48))'
}

templates() { # COMMAND…: runs it on the project's own templates
  find . \( -name '.?*' -o -name node_modules \) -prune -o \
    -path '*/templates/*' -name '*.html' -type f -print0 | xargs -0 -r "$@"
}
