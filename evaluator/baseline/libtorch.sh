#!/usr/bin/env bash
# Downloads libtorch: the CPU libraries of the PyTorch 2.11.0 wheel, which `tch` 0.24.0 needs.
#
#   evaluator/baseline/libtorch.sh [FOLDER]     default: .libtorch in the repository
#
# Idempotent. The folder appears complete or not at all, and wheels are checked against the digests
# below. Does nothing if LIBTORCH is set. CUDA libraries are not included: if a full PyTorch 2.11 is
# installed, the program finds its libtorch_cuda.so at run time (see src/learned/device.rs).
set -euo pipefail
cd "$(dirname "$0")/../.."

version=2.11.0
folder=${1:-.libtorch}

if [ -n "${LIBTORCH:-}" ]; then
    echo "libtorch: using LIBTORCH=$LIBTORCH"
    exit 0
fi
if [ "$(cat "$folder/torch/build-version" 2>/dev/null)" = "$version" ]; then exit 0; fi
if [ "$(uname -sm)" != "Linux x86_64" ]; then
    echo "libtorch: no checked wheel for $(uname -sm); set LIBTORCH to a libtorch $version" >&2
    exit 1
fi
if ! python3 -m pip --version >/dev/null 2>&1; then
    echo "libtorch: python3 with pip is required to download the wheels" >&2
    exit 1
fi

echo "libtorch: downloading $version (540 MB; 500 MB on disk)"
part=$folder.part
rm -rf "$part"
trap 'rm -rf "$part"' EXIT
mkdir -p "$part/wheels" "$part/out"
cat >"$part/wheels.txt" <<TXT
torch==$version --hash=sha256:7aa2f9bbc6d4595ba72138026b2074be1233186150e9292865e04b7a63b8c67a
nvidia-cuda-runtime==13.0.96 --hash=sha256:7f82250d7782aa23b6cfe765ecc7db554bd3c2870c43f3d1821f1d18aebf0548
nvidia-cuda-cupti==13.0.85 --hash=sha256:4eb01c08e859bf924d222250d2e8f8b8ff6d3db4721288cf35d14252a4d933c8
TXT
# The wheel works with any installed Python, because only its C++ libraries are used.
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
    --python-version 3.11 --implementation cp --abi cp311 \
    --platform manylinux_2_28_x86_64 --platform manylinux_2_25_x86_64 --platform manylinux_2_17_x86_64 \
    --require-hashes --requirement "$part/wheels.txt" --dest "$part/wheels"

# Keeps the layout of the wheels, so that libtorch_cpu.so finds libcudart and libcupti.
python3 - "$part" <<'PY'
import re, sys, pathlib, zipfile
part = pathlib.Path(sys.argv[1])
wanted = re.compile(
    r"torch/lib/lib(torch|torch_cpu|c10)\.so|torch/lib/libgomp[^/]*|torch/include/.*"
    r"|nvidia/cu13/lib/lib(cudart|cupti)\.so\.13|[^/]*\.dist-info/(licenses/.*|LICENSE[^/]*|NOTICE[^/]*|METADATA)"
)
for wheel in sorted((part / "wheels").glob("*.whl")):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if wanted.fullmatch(name) and not name.endswith("/"):
                archive.extract(name, part / "out")
PY
echo "$version" >"$part/out/torch/build-version"
rm -rf "$folder"
mv "$part/out" "$folder"
echo "libtorch: $folder/torch"
