#!/usr/bin/env python3
"""Writes the SBOM of the program fashion-iq: CycloneDX 1.5 from what cargo says is linked into it.

usage: sbom.py TARGET VERSION FILE
"""

import json
import re
import subprocess
import sys
import tomllib
import uuid


def linked(target):
    """The crates that are linked into the program, each as (name, version, licence)."""
    tree = ["cargo", "tree", "--locked", "--package", "server", "--target", target, "--edges", "normal"]
    tree += ["--prefix", "none", "--no-dedupe", "--format", "{p}\t{l}"]
    lines = subprocess.run(tree, check=True, capture_output=True, text=True).stdout.splitlines()
    found = {}
    for line in filter(None, lines):
        package, licence = line.split("\t")
        name, version = re.match(r"(\S+) v(\S+)", package).groups()
        found[name, version] = licence
    return found


def checksums():
    """The SHA-256 of each crate's archive, from Cargo.lock."""
    with open("Cargo.lock", "rb") as file:
        packages = tomllib.load(file)["package"]
    return {(it["name"], it["version"]): it["checksum"] for it in packages if "checksum" in it}


def component(name, version, licence, checksum):
    """A component of the document."""
    purl = f"pkg:cargo/{name}@{version}"
    it = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    if licence:
        # Older crates write a slash for OR.
        it["licenses"] = [{"expression": re.sub(r"\s*/\s*", " OR ", licence)}]
    if checksum:
        it["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    return it


def main():
    target, version, file = sys.argv[1:]
    sums = checksums()
    crates = sorted(linked(target).items())
    components = [component(*key, licence, sums.get(key)) for key, licence in crates]
    body = json.dumps(components, sort_keys=True)
    program = {"type": "application", "bom-ref": "fashion-iq", "name": "fashion-iq", "version": version}
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        # The same crates have the same number.
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, body)}",
        "version": 1,
        "metadata": {"component": program},
        "components": components,
        "dependencies": [{"ref": "fashion-iq", "dependsOn": [it["bom-ref"] for it in components]}],
    }
    with open(file, "w") as out:
        json.dump(document, out, indent=1)
        out.write("\n")
    print(f"dist: {len(components)} crates in {file}")


main()
