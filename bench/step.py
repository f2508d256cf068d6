"""The PyTorch side of step.ts: a process for each of its measurements; a line read is one run, a line printed its seconds.

    python step.py train | generate | grpo  FOLDER  PROMPTS  GROUP  TOKENS

FOLDER is a Qwen2 checkpoint, PROMPTS a file of token ids, one prompt a line, all of one length.
"""

import os
import sys
import time

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

mode, folder, prompt_file = sys.argv[1:4]
group, tokens = map(int, sys.argv[4:6])
torch.set_num_threads(int(os.environ.get("THREADS", "2")))
torch.manual_seed(1)
model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
with open(prompt_file) as lines:
    prompts = torch.tensor([[int(x) for x in line.split()] for line in lines])
print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads", flush=True)


def timed(run):
    for _ in sys.stdin:
        start = time.perf_counter()
        run()
        print(time.perf_counter() - start, flush=True)


if mode == "train":
    # One next-token loss over all completions, backward, AdamW.
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-4)
    batch = torch.randint(0, model.config.vocab_size, (len(prompts) * group, tokens + 1))

    def run():
        logits = model(batch[:, :-1]).logits
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten())
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        loss.item()

    timed(run)

if mode == "generate":
    repeated = prompts.repeat_interleave(group, 0)
    sampling = dict(do_sample=True, top_k=0, top_p=1.0, temperature=1.0, pad_token_id=0)

    def run():
        with torch.no_grad():
            model.generate(
                repeated,
                attention_mask=torch.ones_like(repeated),
                min_new_tokens=tokens,
                max_new_tokens=tokens,
                **sampling,
            )

    timed(run)

if mode == "grpo":
    from datasets import Dataset
    from transformers import TrainerCallback
    from trl import GRPOConfig, GRPOTrainer

    tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left")
    texts = [tokenizer.decode(row) for row in prompts]
    steps = 1000

    class Paced(TrainerCallback):
        """A step begins when a line is read; what it took is printed at its end."""

        def on_step_begin(self, args, state, control, **_):
            if not sys.stdin.readline():
                os._exit(0)
            self.start = time.perf_counter()

        def on_step_end(self, args, state, control, **_):
            print(time.perf_counter() - self.start, flush=True)

    GRPOTrainer(
        model=model,
        processing_class=tokenizer,
        train_dataset=Dataset.from_dict({"prompt": texts * steps}),
        # Any reward that differs within groups.
        reward_funcs=lambda completions, **_: [float(len(set(text))) for text in completions],
        callbacks=[Paced()],
        args=GRPOConfig(
            output_dir="trl-bench-output",
            per_device_train_batch_size=len(prompts) * group,
            num_generations=group,
            max_completion_length=tokens,
            generation_kwargs={"min_new_tokens": tokens},
            temperature=1.0,
            beta=0.0,
            learning_rate=1e-4,
            max_steps=steps,
            logging_steps=steps,
            save_strategy="no",
            report_to=[],
            disable_tqdm=True,
            use_cpu=True,
            bf16=False,
            shuffle_dataset=False,
        ),
    ).train()
