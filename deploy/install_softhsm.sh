#!/usr/bin/env bash
# The tests of keys in a token need SoftHSM2: install it, or say why not.
set -euo pipefail
command -v softhsm2-util >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Cài softhsm2 …"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends softhsm2 >/dev/null
else
  echo "Thiếu softhsm2: chạy 'sudo apt-get install softhsm2' rồi thử lại 'make test'."
  exit 1
fi
