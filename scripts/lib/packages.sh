# Sourced by the scripts: installs Debian packages that are missing.

build_packages=(cmake ninja-build g++ pkg-config git libcli11-dev nlohmann-json3-dev rapidjson-dev libfmt-dev
                libsleef-dev librandom123-dev libeigen3-dev libutf8proc-dev zlib1g-dev
                libpng-dev libgif-dev)
# The test `parallel` also goes over ssh where there is an sshd; openssh-server is not installed for it, as that would
# open the machine to logins.
test_packages=(doctest-dev python3 python3-numpy python3-matplotlib gnuplot-nox
               parallel slurm-wlm munge chromium)

# need_packages NAME...: installs those that are missing. Where it can't (no Debian, no rights), it says
# what is needed and goes on: the libraries may have come from elsewhere.
need_packages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "This is not Debian or Ubuntu. Needed, under Debian's names: $*" >&2
    return 0
  fi
  local missing=() name as_root=()
  for name in "$@"; do
    if [[ $(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null) != installed ]]; then
      missing+=("$name")
    fi
  done
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      echo "Missing packages; as root: apt-get install ${missing[*]}" >&2
      return 0
    fi
    as_root=(sudo)
  fi
  echo "Installing ${missing[*]}" >&2
  "${as_root[@]}" apt-get update >&2 || true
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 \
    install -y --no-install-recommends "${missing[@]}" >&2
}
