#!/usr/bin/env bash
# Gather the Vietnamese sentences (the source language) into the English catalogue; keeps what is translated.
set -euo pipefail
cd "$(dirname "$0")/../motcua"
pot=$(mktemp)
../.venv/bin/pybabel -q extract -F locale/babel.cfg -k N_ -k N_count:1,1 -k gettext_lazy -k ngettext_lazy:1,2 -k pgettext_lazy:1c,2 \
  --ignore-dirs "tests static node_modules .*" --no-location --omit-header --sort-output -w 120 -o "$pot" .
if [ -f locale/en/LC_MESSAGES/django.po ]; then
  ../.venv/bin/pybabel -q update -D django -i "$pot" -d locale -l en --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 120
else
  ../.venv/bin/pybabel -q init -D django -i "$pot" -d locale -l en -w 120
fi
rm -f "$pot"
