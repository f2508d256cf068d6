"""The PyTorch side of vocabulary.ts: for each line read, one run of log-softmax and forward KL; prints seconds and the mean."""

import sys
import time

import torch

rows, vocabulary, seed_reference, seed_policy = map(int, sys.argv[1:5])


def logits(seed):
    """The same pseudo-random numbers in (-4, 4) as in vocabulary.ts."""
    i = torch.arange(rows * vocabulary, dtype=torch.int64) + seed
    bits = (i * 2654435761) & 0xFFFFFFFF
    return ((bits.to(torch.float64) / 2**32 - 0.5) * 8).to(torch.float32).reshape(rows, vocabulary)


reference, policy = logits(seed_reference), logits(seed_policy)
print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads", flush=True)
with torch.no_grad():
    for _ in sys.stdin:
        start = time.perf_counter()
        p = torch.log_softmax(reference, -1)
        q = torch.log_softmax(policy, -1)
        kl = torch.nn.functional.kl_div(q, p, reduction="none", log_target=True).sum(-1)
        mean = kl.mean().item()
        print(time.perf_counter() - start, mean, flush=True)
