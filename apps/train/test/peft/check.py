"""Do Python's peft and this project read each other's adapters and compute the same with them?

    python -m venv venv && venv/bin/pip install torch transformers peft
    venv/bin/python apps/train/test/peft/check.py make BASE FOLDER
    node --conditions=@rapo/source --import tsx apps/train/test/peft/dump.ts BASE FOLDER
    npx rapo merge --model BASE --adapter FOLDER/ours --out FOLDER/merged
    venv/bin/python apps/train/test/peft/check.py compare BASE FOLDER > apps/train/test/peft/result.json

BASE is a checkpoint folder, such as apps/train/checkpoints/countdown-base. `make` writes an adapter of peft's with random A
and B; `compare` loads that and ours in peft and compares logits, the loss and all gradients with what dump.ts computed, in
float32. It exits with 1 when a logit differs by more than 1e-4, or a gradient by more than 1e-4 of the largest of its tensor.
The merged folder is compared with peft's `merge_and_unload`, weight by weight. The last result stands beside this file.
"""

import json
import os
import sys

import peft
import torch
import transformers
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM

TOLERANCE = 1e-4


def load(base: str):
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    return model.eval()


def make(base: str, folder: str) -> int:
    torch.manual_seed(7)
    config = LoraConfig(
        r=4,
        lora_alpha=12,
        use_rslora=True,
        lora_dropout=0.05,
        target_modules=["q_proj", "v_proj", "down_proj"],
        init_lora_weights=False,
        task_type="CAUSAL_LM",
    )
    model = get_peft_model(load(base), config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lora_" in name:
                parameter.uniform_(-0.2, 0.2)
    model.save_pretrained(os.path.join(folder, "theirs"))
    return 0


def compare(base: str, folder: str) -> int:
    result = {}
    passed = True
    for name in ("ours", "theirs"):
        model = PeftModel.from_pretrained(load(base), os.path.join(folder, name), is_trainable=True).eval()
        with open(os.path.join(folder, f"{name}.json")) as file:
            ours = json.load(file)
        logit = largest = change = 0.0
        loss = 0.0
        plain = load(base)
        for row in ours["rows"]:
            ids = torch.tensor([row["ids"]])
            logits = model(ids).logits[0]
            logit = max(logit, (logits - torch.tensor(row["logits"])).abs().max().item())
            largest = max(largest, logits.abs().max().item())
            with torch.no_grad():
                change = max(change, (logits - plain(ids).logits[0]).abs().max().item())
            loss = loss + torch.nn.functional.cross_entropy(logits[:-1], ids[0][1:])
        loss.backward()
        theirs = {
            key.replace(".default.", "."): parameter.grad
            for key, parameter in model.named_parameters()
            if parameter.requires_grad
        }
        same = set(theirs) == set(ours["gradients"])
        gradient = 0.0
        for key, grad in theirs.items():
            mine = torch.tensor(ours["gradients"][key]).reshape(grad.shape)
            gradient = max(gradient, ((mine - grad).abs().max() / grad.abs().max()).item())
        fine = same and logit <= TOLERANCE and gradient <= TOLERANCE and change > 0.1
        passed = passed and fine
        result[f"adapter of {'rapo' if name == 'ours' else 'peft'}"] = {
            "rank": model.peft_config["default"].r,
            "rslora": model.peft_config["default"].use_rslora,
            "tensors": len(theirs),
            "same names of tensors": same,
            "largest logit": largest,
            "largest change of a logit by the adapter": change,
            "largest difference of a logit": logit,
            "difference of the loss": abs(loss.item() - ours["loss"]),
            "largest relative difference of a gradient": gradient,
        }
        merged = os.path.join(folder, "merged")
        if name == "ours" and os.path.isdir(merged):
            mine = load(merged).state_dict()
            other = model.merge_and_unload().state_dict()
            weight = max((mine[key] - other[key]).abs().max().item() for key in other)
            passed = passed and set(mine) == set(other) and weight <= 1e-6
            result["largest difference of a merged weight"] = weight
    print(
        json.dumps(
            {
                "passed": passed,
                **result,
                "tolerance": TOLERANCE,
                "versions": {
                    "peft": peft.__version__,
                    "torch": torch.__version__,
                    "transformers": transformers.__version__,
                },
            },
            indent=2,
        )
    )
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit({"make": make, "compare": compare}[sys.argv[1]](*sys.argv[2:4]))
