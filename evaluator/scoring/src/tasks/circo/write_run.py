"""Writes run.json from a ranking for every query. Plain Python 3, nothing to install.

python3 write_run.py queries.json gallery.json writes a random run, which is valid:
put your own rankings in its place, {"0": [85932, …], …}, best item first.
"""
import json
import random
import sys
from pathlib import Path


def read(file):
    return json.loads(Path(file).read_text("utf-8"))


def write_run(rankings, run_file="run.json"):
    Path(run_file).write_text(json.dumps(rankings), "utf-8")


if __name__ == "__main__":
    queries_file, gallery_file = sys.argv[1:]
    gallery = read(gallery_file)
    rankings = {}
    for group, rows in read(queries_file).items():
        for row in rows:
            best = random.sample(gallery[group], min(51, len(gallery[group])))
            others = [int(item) for item in best if item != row["candidate"]]
            rankings[row["query"]] = (others + [int(row["candidate"])])[:50]
    write_run(rankings)
