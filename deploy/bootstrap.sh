#!/usr/bin/env bash
# Set-up from nothing but Python 3.11+: uv in .tools, the locked packages in .venv.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
export UV_SYSTEM_CERTS=1 # trust what the machine trusts: an agency's network may have a certificate authority of its own
export PIP_DISABLE_PIP_VERSION_CHECK=1
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Cần Python 3.11 trở lên (Python 3.11+ is needed)."; exit 1; }
if [ ! -x .tools/bin/uv ]; then
  rm -rf .tools
  if "$python" -m venv .tools 2>/dev/null; then
    .tools/bin/pip install -q uv
  elif "$python" -m pip --version >/dev/null 2>&1; then
    rm -rf .tools
    "$python" -m pip install -q --target .tools uv
  elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    rm -rf .tools
    apt-get update -qq && apt-get install -y -qq python3-venv
    "$python" -m venv .tools && .tools/bin/pip install -q uv
  else
    echo "Cần gói python3-venv: chạy 'sudo apt-get install python3-venv' rồi thử lại."; exit 1
  fi
fi
[ -x .venv/bin/python ] || .tools/bin/uv venv -q --python "$python" .venv
.tools/bin/uv pip sync -q --python .venv/bin/python requirements.lock
.tools/bin/uv pip install -q --python .venv/bin/python --no-deps -e .
