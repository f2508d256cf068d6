"""Makes a small random model with Python's transformers, and what it computes, for this project to equal.

    venv/bin/python apps/train/test/transformers/reference.py FOLDER [qwen2|llama]
    node --conditions=@rapo/source --import tsx apps/train/test/transformers/parity.ts FOLDER ... > parity.json

The checkpoint is stored in bfloat16, with a head of its own, in several shards; every parameter is random, norms and
biases too. The reference is computed in float64 from the stored numbers, and stored in float32, in the layout of
../parity.ts: logits, log-probabilities of the next tokens, entropies, the gradient of the mean negative log-likelihood
in every parameter, a greedy continuation. The last result stands beside this file.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

SHAPE = {
    "vocab_size": 211,
    "hidden_size": 48,
    "intermediate_size": 80,
    "num_hidden_layers": 3,
    "num_attention_heads": 6,
    "num_key_value_heads": 2,
    "max_position_embeddings": 256,
    "rms_norm_eps": 1e-6,
    "tie_word_embeddings": False,
    "bos_token_id": 0,
    "eos_token_id": [1, 2],
}
MODELS = {
    "qwen2": lambda: Qwen2ForCausalLM(Qwen2Config(**SHAPE, rope_theta=1e6)),
    # A head that is not hidden_size / heads wide, and a bias on every projection of the attention.
    "llama": lambda: LlamaForCausalLM(LlamaConfig(**SHAPE, rope_theta=1e4, head_dim=10, attention_bias=True)),
}


def main(folder: str, architecture: str) -> None:
    torch.manual_seed(20251003)
    made = MODELS[architecture]()
    with torch.no_grad():
        for name, parameter in made.named_parameters():
            parameter.normal_(1.0 if name.endswith("norm.weight") else 0.0, 0.2)
    made.to(torch.bfloat16).save_pretrained(folder, max_shard_size="40KB")

    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float64, attn_implementation="eager").eval()
    ids = torch.randint(3, SHAPE["vocab_size"], (3, 17))
    logits = model(ids).logits
    log_probs = logits[:, :-1].log_softmax(-1)
    nll = -log_probs.gather(-1, ids[:, 1:, None]).squeeze(-1)
    nll.mean().backward()
    prompt = ids[0, :5].tolist()
    greedy = model.generate(
        torch.tensor([prompt]), max_new_tokens=24, do_sample=False, eos_token_id=None, pad_token_id=0
    )
    tensors = {
        "logits": logits,
        "logprobs_next": -nll,
        "entropy": -(log_probs.exp() * log_probs).sum(-1),
        **{f"grad.{name}": parameter.grad for name, parameter in model.named_parameters()},
    }
    save_file(
        {name: tensor.detach().to(torch.float32).contiguous() for name, tensor in tensors.items()},
        Path(folder, "reference.safetensors"),
    )
    Path(folder, "reference.json").write_text(
        json.dumps(
            {
                "input_ids": ids.tolist(),
                "mean_nll": nll.mean().item(),
                "greedy": {"prompt": prompt, "max_new_tokens": 24, "output": greedy[0].tolist()},
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "qwen2")
