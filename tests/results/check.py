"""Validates records against the published schema of Every Eval Ever, and reads YAML.

    check.py schema RECORDS.json    prints one line per error, and fails if there are any
    check.py yaml RESULTS.yaml      prints the same as JSON
"""

import importlib.metadata
import json
import sys

import jsonschema
import yaml


def errors(path):
    # The package's own modules need a later Python, so only its file is looked up.
    package = importlib.metadata.distribution("every_eval_ever")
    schema = json.loads(package.locate_file("every_eval_ever/schemas/eval.schema.json").read_text())
    validator = jsonschema.Draft7Validator(schema)
    records = json.load(open(path, encoding="utf-8"))
    for number, record in enumerate(records):
        for error in validator.iter_errors(record):
            yield f"record {number}: {error.json_path}: {error.message}"


command, path = sys.argv[1:]
if command == "schema":
    found = list(errors(path))
    print("\n".join(found))
    sys.exit(bool(found))
print(json.dumps(yaml.safe_load(open(path, encoding="utf-8"))))
