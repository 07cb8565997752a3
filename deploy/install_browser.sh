#!/usr/bin/env bash
# The journeys need a real Chromium, the signature tests need pdfsig: install them, or say why not.
set -euo pipefail
cd "$(dirname "$0")/.."
missing=()
command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
command -v pdfsig >/dev/null || missing+=(poppler-utils)
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Cài ${missing[*]} …"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
elif [[ " ${missing[*]} " == *" chromium "* ]] && .venv/bin/playwright install chromium; then
  command -v pdfsig >/dev/null || { echo "Thiếu pdfsig: chạy 'sudo apt-get install poppler-utils' rồi thử lại."; exit 1; }
else
  echo "Thiếu ${missing[*]}: chạy 'sudo apt-get install ${missing[*]}' rồi thử lại 'make test'."
  exit 1
fi
