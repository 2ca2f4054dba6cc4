"""Random blocks as numpy and transformers draw them. usage: make_random_blocks.py > random_blocks.json"""
import json

import numpy as np
from transformers import BigBirdPegasusConfig
from transformers.models.bigbird_pegasus.modeling_bigbird_pegasus import BigBirdPegasusBlockSparseAttention

permutations = []
for seed in (0, 1, 15, 2147483647):
    random = np.random.RandomState(seed)
    for n in (1, 2, 3, 11, 62, 700):
        permutations.append(dict(seed=seed, size=n, permutation=random.permutation(np.arange(n)).tolist()))

blocks = []
for heads, block, r, positions, lengths in (
    (2, 64, 3, 4096, (768, 1024, 1472, 2048, 3072, 4032, 4096)),
    (3, 16, 3, 512, (192, 208, 512)),
    (4, 8, 2, 256, (80, 256)),
    (1, 16, 1, 1024, (128, 1024)),
    (2, 64, 3, 1024, (1024,)),
    (2, 32, 2, 3072, (320, 1024, 3072)),
    (2, 512, 1, 4096, (4096,)),
):
    config = BigBirdPegasusConfig(
        d_model=heads, encoder_attention_heads=heads, block_size=block, num_random_blocks=r,
        max_position_embeddings=positions)
    for layer in (0, 1, 7):
        for length in lengths:
            attention = BigBirdPegasusBlockSparseAttention(config, seed=layer).train()
            np.random.seed(layer)
            if length in (1024, 3072, 4096):
                drawn = [
                    attention._bigbird_block_rand_mask(positions, positions, block, block, r, last_idx=1024)
                    [: length // block - 2] for _ in range(heads)]
            else:
                plan = attention._get_rand_attn_plan(length, block, r)
                drawn = attention._bigbird_block_rand_mask_with_head(
                    from_seq_length=length, to_seq_length=length, from_block_size=block, to_block_size=block,
                    num_heads=heads, plan_from_length=plan[0], plan_num_rand_blocks=plan[1])
            blocks.append(dict(
                heads=heads, block_size=block, random_blocks=r, positions=positions, layer=layer, length=length,
                drawn=[np.asarray(d).astype(int).tolist() for d in drawn]))
print(json.dumps(dict(permutations=permutations, blocks=blocks)))
