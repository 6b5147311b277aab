#!/usr/bin/env bash
# Proves that wheelhouse/ alone installs yibao: a fresh environment, no index, and no network at all where the system
# allows it (unshare). Then that the Windows set is complete. Run `make wheelhouse` first; see docs/offline-install.md.
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PIP_CONFIG_FILE=/dev/null PIP_DISABLE_PIP_VERSION_CHECK=1
unset PIP_FIND_LINKS PIP_INDEX_URL PIP_EXTRA_INDEX_URL PYTHONPATH

if unshare --net true 2>/dev/null; then
    offline=(unshare --net)
elif unshare --map-root-user --net true 2>/dev/null; then
    offline=(unshare --map-root-user --net)
else
    offline=(env)
    echo "unshare is not allowed here: the network stays on, pip is kept off it by --no-index alone" >&2
fi
[ -d wheelhouse ] || { echo "no wheelhouse/: run 'make wheelhouse' first" >&2; exit 2; }

echo "1. Linux: install into a fresh environment (${offline[*]})"
.venv/bin/python -m venv "$work/venv"
"${offline[@]}" "$work/venv/bin/python" -m pip install --quiet --no-index --find-links wheelhouse yibao
"$work/venv/bin/python" -m pip check

echo "2. Linux: proofread the shipped example there"
cp -r examples "$work/examples"
status=0
(cd "$work" && "${offline[@]}" "$work/venv/bin/yibao" check examples/yiyang-2025/published --format html --out findings.html) || status=$?
[ "$status" -eq 1 ] || { echo "yibao check ended with $status, expected 1 (findings)" >&2; exit 1; }
[ -s "$work/findings.html" ] || { echo "no findings page was written" >&2; exit 1; }

echo "   Linux: make the package of the example there, pictures drawn"
(cd "$work" && "${offline[@]}" "$work/venv/bin/yibao" appraise examples/yiyang-2025 --out package >/dev/null 2>&1)
"$work/venv/bin/python" -m zipfile -l "$work/package/2025年度部门整体支出绩效自评报告.docx" | grep word/media/image1.png >/dev/null

echo "3. Windows x64: resolve from the folder alone"
"${offline[@]}" "$work/venv/bin/python" -m pip download --quiet --no-index --find-links wheelhouse \
    --platform win_amd64 --python-version 3.11 --implementation cp --only-binary=:all: --dest "$work/windows" yibao

echo "4. Both: follow every wheel's own metadata, with each system's markers"
"${offline[@]}" "$root/.venv/bin/python" scripts/wheelhouse.py --check
echo "proven"
