"""One network of `composed` in PyTorch: what the bench `training` compares with.

    training.py FOLDER THREADS STEPS

Reads the weights and the data that the bench wrote, checks that it finds the same scores, then makes
STEPS steps for each line on standard input and prints the seconds they took.
"""

import json
import math
import pathlib
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

BATCH, NEGATIVES, CROWD, DROPOUT, RATE, DECAY = 128, 768, 512, 0.3, 1e-3, 0.1


def read(path):
    """The tensors of a safetensors file."""
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    whole = torch.frombuffer(bytearray(data[8 + length :]), dtype=torch.uint8)
    part = lambda about: whole[slice(*about["data_offsets"])].view(torch.float32)
    return {name: part(about).view(about["shape"]).clone() for name, about in header.items()}


def unit(rows):
    return rows / rows.norm(dim=1, keepdim=True).clamp_min(1e-12)


def linear(weights, name):
    layer = nn.Linear(*reversed(weights[name + ".weight"].shape))
    layer.load_state_dict({part: weights[f"{name}.{part}"] for part in ("weight", "bias")})
    return layer


class Composed(nn.Module):
    def __init__(self, weights, vectors):
        super().__init__()
        own = lambda name: nn.Parameter(weights[name])
        self.vectors = vectors
        self.log_weight = own("log_weight")
        self.table = nn.ParameterDict(
            {part: own("gated.table." + part) for part in ("words", "shared", "group", "unknown")}
        )
        self.text = linear(weights, "gated.text")
        two = lambda name: nn.Sequential(
            linear(weights, f"gated.{name}.first"), nn.ReLU(), linear(weights, f"gated.{name}.second")
        )
        self.gate, self.residual = two("gate"), two("residual")
        self.kept, self.added, self.factor = (own("gated." + n) for n in ("kept", "added", "factor"))
        self.same, self.near, self.share = (own(n) for n in ("same", "near", "share"))
        self.said, self.told = own("said"), own("told")
        self.known = own("known")
        self.hidden = linear(weights, "hidden")
        self.words, self.described = linear(weights, "words"), linear(weights, "described")

    def weighted(self, words):
        return unit(words * self.log_weight[0].exp())

    def place(self, weighted, known):
        table = self.table["words"] + self.vectors @ self.table["shared"] * 0.3
        return unit(weighted @ table + self.table["group"][0] + (1 - known) * self.table["unknown"][0])

    def of_known(self, known):
        return (1 - known) * self.known[0][0] + known * self.known[0][1]

    def items(self, words, crowd, itself):
        weighted, known = self.weighted(words), (words.sum(1, keepdim=True) > 0).float()
        place = torch.cat([self.place(weighted, known), weighted, known], 1)
        weighted, known = self.weighted(crowd), (crowd.sum(1, keepdim=True) > 0).float()
        near = self.place(weighted, known) * self.near.exp()
        sides = torch.cat([near, weighted * self.same.exp(), self.of_known(known)], 1)
        likeness = (place @ sides.T).masked_fill(itself, -1e4)
        return torch.cat([place, -likeness.logsumexp(1, keepdim=True) * self.share], 1)

    def queries(self, words, texts, said, told):
        weighted, known = self.weighted(words), (words.sum(1, keepdim=True) > 0).float()
        reference = self.place(weighted, known)
        drop = lambda x: F.dropout(x, DROPOUT, self.training)
        both = drop(torch.cat([reference, self.text(drop(texts * 10))], 1).relu())
        kept = torch.sigmoid(self.gate(both)) * reference * self.kept.exp()
        near = unit(kept + self.residual(both) * self.added.exp()) * self.factor.exp()
        hidden = drop(self.hidden(both).relu())
        asked = weighted * self.same.exp() + self.words(hidden) + self.said * said + self.told * told
        known = self.of_known(known) + self.described(both)
        return torch.cat([near, asked, known, torch.ones(len(words), 1)], 1)


def main(folder, threads, steps):
    torch.set_num_threads(threads)
    weights, data = read(folder / "model.safetensors"), read(folder / "batch.safetensors")
    prefix = "model.member0."
    own = {name.removeprefix(prefix): w for name, w in weights.items() if name.startswith(prefix)}
    model = Composed(own, weights["words.vectors"])
    items, *asked = (data[n] for n in ("items", "references", "texts", "said", "told"))
    targets, reference_index = data["targets"].long(), data["reference_index"].long()

    with torch.no_grad():
        model.eval()
        some = slice(0, len(data["scores"]))
        itself = torch.eye(len(data["scores"]), dtype=torch.bool)
        placed = model.items(items[some], items[some], itself)
        scores = model.queries(*(rows[some] for rows in asked)) @ placed.T
        apart = (scores - data["scores"]).abs().max().item()
        assert apart < 1e-3, f"the same weights give other scores, by up to {apart}"
        assert sum(p.numel() for p in model.parameters()) == sum(w.numel() for w in own.values())

    model.train()
    matrices = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() <= 1]
    groups = [{"params": matrices, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}]
    adam = torch.optim.AdamW(groups, lr=RATE)
    right, order, step = torch.arange(BATCH), torch.randperm(len(targets)), 0
    for _ in sys.stdin:
        begun = time.perf_counter()
        for _ in range(steps):
            start = step * BATCH % (len(order) - BATCH)
            rows = order[start : start + BATCH]
            drawn = torch.cat([targets[rows], torch.randint(len(items), (NEGATIVES,))])
            crowd = torch.randint(len(items), (CROWD,))
            hidden = drawn[None] == targets[rows][:, None]
            hidden[right, right] = False
            hidden |= drawn[None] == reference_index[rows][:, None]
            placed = model.items(items[drawn], items[crowd], drawn[:, None] == crowd[None])
            scores = model.queries(*(of[rows] for of in asked)) @ placed.T
            loss = F.cross_entropy(scores.masked_fill(hidden, -1e9), right)
            adam.zero_grad()
            loss.backward()
            rate = RATE * min((step + 1) / 50, 1) * 0.5 * (1 + math.cos(math.pi * step / 1e6))
            for group in adam.param_groups:
                group["lr"] = rate
            adam.step()
            loss.item()
            step += 1
        print(time.perf_counter() - begun, flush=True)


main(pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
