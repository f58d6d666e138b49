"""Plays all dialogs of a submission. Plain Python 3, nothing to install.

    FASHION_IQ_TOKEN=… python3 agent.py https://fashion-iq.example fashion-iq dialog "my method"

A user sees one garment and says how the wanted one differs. This agent adds the words that the captions
ask for, subtracts those that they reject, and shows no garment twice. Run it again with the same
method to go on where it stopped; another method starts another submission.
"""
import heapq
import json
import math
import os
import re
import sys
import time
import uuid
from collections import defaultdict
from urllib import error, parse, request

AT_ONCE = 50  # dialogs in one request
NOT = {"no", "not", "without", "less"}
words = lambda text: re.findall("[a-z]+", text.lower())


def ask(server, path, body=None, **headers):
    """Asks until the server answers. Repeating a request is safe."""
    headers["Authorization"] = "Bearer " + os.environ["FASHION_IQ_TOKEN"]
    data = None if body is None else json.dumps(body).encode()
    for wait in (1, 2, 4, 8, 16, 32, 0):
        try:
            asked = request.Request(server + path, data, headers)
            with request.urlopen(asked) as answer:
                return json.load(answer)
        except error.HTTPError as failed:
            if failed.code < 500 or not wait:
                sys.exit(f"{path}: {failed.read().decode()}")
        except OSError as failed:
            if not wait:
                sys.exit(f"{path}: {failed}")
        time.sleep(wait)


class Gallery:
    """The garments of a category and their words, of which rare ones weigh more."""

    def __init__(self, items, attributes, captions):
        self.items, self.having = items, defaultdict(list)
        labels = {item: " ".join(sum(attributes.get(item) or [], [])) for item in items}
        for item in items:
            for word in set(words(f"{labels[item]} {captions.get(item, '')}")):
                self.having[word].append(item)
        self.weight = {word: math.log(len(items) / len(having)) for word, having in self.having.items()}

    def rank(self, turns, count):
        scores = defaultdict(float)
        for turn in turns:
            sign = 1
            for word in words(turn["caption"]):
                sign = -1 if word in NOT else 1 if word in ("and", "but") else sign
                for item in self.having.get(word, ()):
                    scores[item] += sign * self.weight[word]
        # A garment is shown once, unless it is the wanted one: then the user says so.
        for turn in turns:
            scores[turn["shown"]] = math.inf if "exactly" in turn["caption"] else -math.inf
        return heapq.nlargest(count, self.items, key=lambda item: scores[item])


def play(server, challenge, phase, method):
    api = f"/api/v1/challenges/{challenge}/phases/{phase}"
    query = parse.urlencode({"method": method})
    key = {"Idempotency-Key": str(uuid.uuid5(uuid.NAMESPACE_OID, method))}
    game = ask(server, f"{api}/dialogs?{query}", {}, **key)
    links = {file["path"]: file["link"] for file in ask(server, f"{api}/files")["files"]}

    def texts(folder, group):
        found = [link for path, link in links.items() if path.startswith(f"{folder}{group}.")]
        return ask(server, found[0]) if found else {}

    galleries = {group: Gallery(items, texts("attributes/asin2attr.", group), texts("item-captions/", group))
                 for group, items in ask(server, f"{api}/gallery").items()}
    dialogs = game["dialogs"]
    turns = {dialog["dialog"]: dialog.get("earlier", []) for dialog in dialogs}
    while dialogs := [dialog for dialog in dialogs if not dialog.get("done")]:
        answers = []
        for dialog in dialogs[:AT_ONCE]:
            name, group = dialog["dialog"], dialog["category"]
            turns[name].append(dialog)
            ranking = galleries[group].rank(turns[name], game["need"][group])
            answers.append({"dialog": name, "turn": dialog["turn"], "ranking": ranking})
        replies = ask(server, game["answers"], {"answers": answers})
        dialogs = dialogs[AT_ONCE:] + replies["dialogs"]
        print(f"{replies['left']} turns left", file=sys.stderr)
    return ask(server, game["link"])


if __name__ == "__main__":
    print(json.dumps(play(*sys.argv[1:]), indent=2))
