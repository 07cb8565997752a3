#!/usr/bin/env bash
# The journeys need a real Chromium, the signature tests need pdfsig: install them, or say why not.
set -euo pipefail
cd "$(dirname "$0")/.."
has() { command -v "$1" >/dev/null; }
offers() { apt-cache show "$1" >/dev/null 2>&1; }
can_install=false
if [ "$(id -u)" = 0 ] && has apt-get; then can_install=true; fi
has_browser=false
if has chromium-headless-shell || has chromium || has google-chrome; then has_browser=true; fi

missing=()
has pdfsig || missing+=(poppler-utils)
if $can_install && { ! $has_browser || [ ${#missing[@]} -gt 0 ]; }; then apt-get update -qq; fi
# The shell is the same engine at half the weight: taken wherever it is offered, even beside a whole browser.
if ! has chromium-headless-shell && $can_install && offers chromium-headless-shell; then
  missing+=(chromium-headless-shell)
elif ! $has_browser; then
  missing+=(chromium)
fi
[ ${#missing[@]} -eq 0 ] && exit 0
if $can_install; then
  echo "Cài ${missing[*]} …"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null && exit 0
  $has_browser && has pdfsig && exit 0 # the lighter one would not come; the tests run with what is here
fi
if ! $has_browser; then .venv/bin/playwright install chromium && has_browser=true; fi
if ! $has_browser || ! has pdfsig; then
  echo "Thiếu ${missing[*]}: chạy 'sudo apt-get install ${missing[*]}' rồi thử lại 'make test'."
  exit 1
fi
