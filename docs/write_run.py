"""Writes run.zip from a ranking for every query. Plain Python 3, nothing to install.

python3 write_run.py queries.json gallery.json writes a random run, which is valid:
put your own rankings in its place, {"dress.test.0": ["B00…", …], …}, best item first.
"""
import json
import random
import sys
import zipfile
from pathlib import Path


def read(file):
    return json.loads(Path(file).read_text("utf-8"))


def write_run(queries_file, rankings, run_file="run.zip"):
    with zipfile.ZipFile(run_file, "w", zipfile.ZIP_DEFLATED) as run:
        for group, rows in read(queries_file).items():
            answers = [{**row, "ranking": rankings[row["query"]]} for row in rows]
            run.writestr(f"{group}.predict.json", json.dumps(answers))


if __name__ == "__main__":
    queries_file, gallery_file = sys.argv[1:]
    gallery = read(gallery_file)
    rankings = {}
    for group, rows in read(queries_file).items():
        for row in rows:
            others = [item for item in gallery[group] if item != row["candidate"]]
            best = random.sample(others, min(50, len(others)))
            rankings[row["query"]] = (best + [row["candidate"]])[:50]
    write_run(queries_file, rankings)
