"""The last part of learning to choose sentences: the decoder alone learns to write the sentences of which the encoder tells most.

After `summaries` the encoder tells well which sentences belong into a summary, but thinks so little of each one (a tenth,
say) that passing over all of them is likely, and a search with few beams takes early ones. So the decoder learns again, with
what the encoder tells, sharpened, as its target: the best sentences that fit have nearly 1, all others nearly 0. The
encoder and the embeddings stay as they are, which makes a step a third of the work, and no document is needed twice.
"""
from dataclasses import replace

import numpy as np
import torch

import corpora
import summaries
from extracts import SHARPER, correlation, padded, standard
from network import mean_measures, on_device

STEEP = 6.0  # logits of a standard deviation of what the encoder tells


class Task(summaries.Task):
    name = "sharpen"
    learning_rate = 5e-4
    batch = 4
    varied = 0.3

    @staticmethod
    def network():
        network = summaries.Task.network()
        for name, weight in network.named_parameters():
            weight.requires_grad = name.startswith("decoder.")
        return network

    def begin(self, network, starter):
        """The best weights of `summaries`."""
        network.load_state_dict(torch.load(corpora.HOME / "summaries" / "best.pt", weights_only=False)["average"])

    def prepare(self, items, random):
        """The documents, and where chance goes on: what is learned from them depends on what the encoder tells."""
        return items, random

    def loss(self, network, batch):
        items, random = batch
        ids, tokens = (on_device(x) for x in padded([e.ids for e in items]))
        with torch.no_grad():
            states = network.encode(ids, tokens)
            beginnings = np.array([(n, start) for n, e in enumerate(items) for start in e.starts])
            told = summaries.tells(network, states, on_device(beginnings)).mean(1).cpu().numpy()
        parts = np.split(told, np.cumsum([len(e.starts) for e in items])[:-1])
        sharp = [replace(e, opinion=STEEP / SHARPER * standard(part), alone=np.zeros(0), oracle=[]) for e, part in zip(items, parts)]
        loss, measures = self.compare(network, self.arrays(sharp, random), states)
        return loss, measures | {"told": torch.from_numpy(told)}

    def validate(self, network):
        chosen = self.validated()
        found = [self.loss(network, ([e], np.random.default_rng(0)))[1] for e in chosen]
        return mean_measures([{k: v for k, v in one.items() if v.dim() == 0} | {"agrees": correlation(one["told"].numpy(), e.wanted())} for one, e in zip(found, chosen)])
