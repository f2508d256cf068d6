"""Does Python's transformers load a checkpoint of ours and compute the same?

    python -m venv venv && venv/bin/pip install torch transformers
    node --conditions=@rapo/source --import tsx apps/train/test/transformers/dump-logits.ts CHECKPOINT > ours.json
    venv/bin/python apps/train/test/transformers/check.py CHECKPOINT ours.json > apps/train/test/transformers/result.json

The same for CHECKPOINT written again by `rewrite.ts` in bfloat16 and in shards: result-bf16-sharded.json.

Compares, on a few texts: token ids (AutoTokenizer), decoded texts, and logits (Qwen2ForCausalLM, float32). Exits with 1
when a logit differs by more than 1e-4 or a token differs. The last result stands beside this file.
"""

import json
import sys
from pathlib import Path

import torch
import transformers
from transformers import AutoTokenizer, Qwen2ForCausalLM

TOLERANCE = 1e-4


def main(folder: str, ours: str) -> int:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model, loading = Qwen2ForCausalLM.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
    model.eval()
    worst = 0.0
    largest = 0.0
    same_ids = True
    same_text = True
    tokens = 0
    with open(ours) as file:
        rows = json.load(file)["rows"]
    for row in rows:
        ids = tokenizer.encode(row["text"], add_special_tokens=False)
        same_ids &= ids == row["ids"]
        same_text &= tokenizer.decode(ids) == row["decoded"] == row["text"]
        with torch.no_grad():
            theirs = model(torch.tensor([row["ids"]])).logits[0]
        difference = (theirs - torch.tensor(row["logits"])).abs().max().item()
        worst = max(worst, difference)
        largest = max(largest, theirs.abs().max().item())
        tokens += len(row["ids"])
    generation = model.generation_config
    shards = sorted(path.name for path in Path(folder).glob("model*.safetensors"))
    passed = (
        worst <= TOLERANCE
        and same_ids
        and same_text
        and not any(loading[key] for key in ("missing_keys", "unexpected_keys", "mismatched_keys"))
        and generation.eos_token_id == tokenizer.eos_token_id
        and generation.pad_token_id == tokenizer.pad_token_id
    )
    print(
        json.dumps(
            {
                "passed": passed,
                "files of weights": len(shards),
                "stored as": json.loads(Path(folder, "config.json").read_text())["torch_dtype"],
                "texts": len(rows),
                "tokens": tokens,
                "largest logit": largest,
                "largest difference of a logit": worst,
                "tolerance": TOLERANCE,
                "same token ids": same_ids,
                "same decoded text": same_text,
                "keys missing, unexpected, mismatched": [
                    len(loading[key]) for key in ("missing_keys", "unexpected_keys", "mismatched_keys")
                ],
                "special tokens": {"pad": tokenizer.pad_token_id, "eos": tokenizer.eos_token_id},
                "tokenizer class": type(tokenizer).__name__,
                "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
            },
            indent=2,
        )
    )
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
