#!/usr/bin/env python3
"""Turns a PyTorch file of before 2020 into safetensors: libtorch reads only the later form, a zip.

    evaluator/baseline/legacy.py IN.pth OUT.safetensors

The old form is five pickles (magic number, version, machine, tensors by name, keys of storages) and
then each storage: its length as a 64-bit integer, and its values. Nothing but what such a file needs
can be named in it, so that none can run code. Counters (64-bit integers) are left out.
"""

import array
import collections
import json
import pickle
import struct
import sys

MAGIC = 0x1950A86A20F9469CFC6C
VERSION = 1001


def rebuild(storage, offset, shape, strides, *_):
    """A tensor: which storage, and where in it."""
    return storage, offset, shape, strides


class Tensors(pickle.Unpickler):
    """Reads tensors as places in storages."""

    KNOWN = {
        ("collections", "OrderedDict"): collections.OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2"): rebuild,
        ("torch", "FloatStorage"): "f",
        ("torch", "LongStorage"): "q",
    }

    def find_class(self, module, name):
        try:
            return self.KNOWN[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} has no place in such a file") from None

    def persistent_load(self, saved):
        _, code, key, *_ = saved
        return code, key


def values(storage, offset, shape, strides):
    """The values of a tensor, the last index running fastest."""
    if not shape:
        return storage[offset : offset + 1]
    if len(shape) == 1:
        return storage[offset : offset + shape[0] * strides[0] : strides[0]]
    all_values = array.array(storage.typecode)
    for i in range(shape[0]):
        all_values.extend(values(storage, offset + i * strides[0], shape[1:], strides[1:]))
    return all_values


def read(path):
    """The tensors of a file by name: shape and values."""
    with open(path, "rb") as file:
        if Tensors(file).load() != MAGIC or Tensors(file).load() != VERSION:
            sys.exit(f"{path}: is no PyTorch file of the old form")
        if not Tensors(file).load()["little_endian"]:
            sys.exit(f"{path}: is of a big-endian machine")
        tensors = Tensors(file).load()
        codes = {storage[1]: storage[0] for storage, *_ in tensors.values()}
        storages = {}
        for key in Tensors(file).load():
            (length,) = struct.unpack("<q", file.read(8))
            storages[key] = array.array(codes[key])
            storages[key].fromfile(file, length)
            if sys.byteorder == "big":
                storages[key].byteswap()
    return {
        name: (list(shape), values(storages[storage[1]], offset, shape, strides))
        for name, (storage, offset, shape, strides) in tensors.items()
        if storage[0] == "f"
    }


def write(path, tensors):
    """Writes 32-bit floats: the header's length, the header as JSON, the values."""
    header, end = {}, 0
    for name, (shape, floats) in tensors.items():
        begin, end = end, end + 4 * len(floats)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, end]}
    header = json.dumps(header).encode()
    header += b" " * (-len(header) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header)
        for _, floats in tensors.values():
            if sys.byteorder == "big":
                floats.byteswap()
            floats.tofile(file)


if __name__ == "__main__":
    write(sys.argv[2], read(sys.argv[1]))
