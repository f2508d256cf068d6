"""Does the client of servers agree with a real one, `transformers serve`, and that one with our own sampling?

    python -m venv venv && venv/bin/pip install "transformers[serving]" torch accelerate requests
    venv/bin/python apps/train/test/transformers/serve/check.py > apps/train/test/transformers/serve/result.json

Makes a tiny random Qwen2 with a tokenizer and chat template of Qwen2.5's layout, starts the server on a free port of the
loopback address, and compares what `rapo eval --endpoint` gets from it with what our own engine computes from the same folder:

1. greedy texts of the random model, through chat (the server renders the messages) and completions (we do, and ask for an end at
   <|im_end|>), with our template and with the model's own. In chat the
   server strips white space from a response's ends, so texts are compared without it. It says "length" of a response that
   ends by itself with the last token allowed, so the end is compared below that length;
2. greedy texts and verdicts of the shipped Countdown base, which ends its answers with <eos>;
3. sampling of that base at temperature 1: all that was asked, the same again for the same seed, and as often right as
   our own sampling of the same problems (|z| < 3.5 for the difference of two proportions).

Exits with 1 when one of these fails. The server ignores `n` and gives no log-probabilities, so that is exercised too. The
last result stands beside this file. No network beyond the loopback address; a few minutes.
"""

import json
import math
import os
import pathlib
import platform
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import tokenizers
import torch
import transformers
from tokenizers import Regex, decoders, normalizers, pre_tokenizers, trainers
from transformers import GenerationConfig, PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

ROOT = pathlib.Path(__file__).resolve().parents[5]
RAPO = ROOT / "apps/train/bin/rapo.mjs"
BASE = ROOT / "apps/train/checkpoints/countdown-base"

TEXT = """Please reason step by step, and put your final answer within \\boxed{}. You are a helpful assistant. system user
What is the sum of the first ten positive integers? Find the value of x when 3x + 5 = 20 and the area of the circle is 9."""

PROBLEMS = [
    "What is 1 + 1?",
    "Find x when $3x + 5 = 20$.",
    "A circle has area $9\\pi$. What is its radius?",
    "Compute $\\frac{1}{2} + \\frac{1}{3}$.",
    "Wie groß ist die Summe der Winkel eines Dreiecks, in Grad?",
    "求 7 × 8 的值。",
    "Solve for n:\n\n  n^2 = 144, n > 0",
    'The word "banana" has how many distinct letters? {think}',
    "Is 2^10 - 1 prime? 🙂 Answer 0 or 1.",
    "  Leading and trailing spaces: 2 - 1 =  ",
]

CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def make_model(folder: pathlib.Path) -> None:
    """A random Qwen2 of two layers. Weights are large, so that the most probable token is never a close call."""
    split = (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    )
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(split), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    tokenizer.train_from_iterator(
        TEXT.splitlines(),
        trainers.BpeTrainer(
            vocab_size=400,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            special_tokens=special,
            show_progress=False,
        ),
    )
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=special[0],
        eos_token=special[2],
        chat_template=CHAT_TEMPLATE,
        clean_up_tokenization_spaces=False,
    )
    fast.save_pretrained(folder)
    torch.manual_seed(0)
    model = Qwen2ForCausalLM(
        Qwen2Config(
            vocab_size=len(fast),
            hidden_size=64,
            intermediate_size=128,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=512,
            initializer_range=0.3,
            tie_word_embeddings=False,
            pad_token_id=fast.pad_token_id,
            eos_token_id=fast.eos_token_id,
            dtype="float32",
        )
    )
    # As Qwen2.5-Instruct has it: the end of a turn and the end of a text both end a response.
    model.generation_config = GenerationConfig(
        do_sample=True,
        pad_token_id=fast.pad_token_id,
        eos_token_id=[fast.eos_token_id, fast.pad_token_id],
    )
    model.save_pretrained(folder)
    # transformers 5 writes the rotary base into "rope_parameters"; published Qwen2.5 have it at the top, and both read that.
    config = json.loads((folder / "config.json").read_text())
    config["rope_theta"] = config.pop("rope_parameters")["rope_theta"]
    (folder / "config.json").write_text(json.dumps(config))


def rapo(*arguments: object) -> str:
    """What the command prints; its failure is ours."""
    done = subprocess.run(
        ["node", str(RAPO), *map(str, arguments)], capture_output=True, text=True, timeout=600, check=False
    )
    if done.returncode != 0:
        sys.exit(f"rapo {' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}")
    return done.stdout


def lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def samples(folder: pathlib.Path) -> dict[tuple[str, int], dict]:
    """The samples of an evaluation, by problem and index; none may stand there twice."""
    rows = lines((folder / "samples.ndjson").read_text())
    by_index = {(row["problem"], row["sample"]): row for row in rows}
    if len(by_index) != len(rows):
        sys.exit(f"{folder} holds a sample twice")
    return by_index


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def start_server(port: int, log: pathlib.Path) -> subprocess.Popen:
    with log.open("w") as file:
        server = subprocess.Popen(
            [sys.executable, "-m", "transformers.cli.transformers", "serve", "--host", "127.0.0.1", "--port", str(port)]
            + ["--device", "cpu", "--dtype", "float32"],
            stdout=file,
            stderr=subprocess.STDOUT,
            env={**os.environ, "HF_HUB_OFFLINE": "1"},
        )
    for _ in range(240):
        time.sleep(0.5)
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
                if answer.status == 200:
                    return server
        except OSError:
            pass
    server.kill()
    sys.exit(f"the server did not start:\n{log.read_text()}")


def same(theirs: dict, ours: dict, fields: tuple[str, ...], longest: int = 0, strip: bool = False) -> dict:
    """How many samples agree in all fields; the first that does not, if any."""

    def value(row: dict, field: str) -> object:
        if field == "finish" and row["tokens"] == longest:
            return "at the longest"
        return row[field].strip() if strip and field == "text" else row[field]

    differing = [
        key for key in ours if key not in theirs or any(value(theirs[key], f) != value(ours[key], f) for f in fields)
    ]
    first = {"theirs": theirs.get(differing[0]), "ours": ours[differing[0]]} if differing else None
    return {
        "passed": not differing and len(theirs) == len(ours) > 0,
        "compared": len(ours),
        "equal": len(ours) - len(differing),
        "ended by themselves": sum(row["finish"] == "stop" for row in ours.values()),
        "fields": list(fields),
        **({"first difference": first} if first else {}),
    }


def main() -> int:
    with tempfile.TemporaryDirectory() as temporary:
        work = pathlib.Path(temporary)
        model, dataset = work / "tiny", work / "problems.jsonl"
        make_model(model)
        dataset.write_text(
            "".join(
                json.dumps({"id": f"q{i}", "problem": problem, "answer": "1"}) + "\n"
                for i, problem in enumerate(PROBLEMS)
            )
        )
        port = free_port()
        server = start_server(port, work / "server.log")
        endpoint = ("--endpoint", f"http://127.0.0.1:{port}", "--concurrency", 4)
        greedy = ("--temperature", 0, "--n", 1)
        countdown = ("--task", "countdown", "--level", "n4", "--problems", 10)
        checks: dict[str, dict] = {}
        try:
            longest = 48
            for template, apis in (("qwen-boxed", ("chat", "completions")), ("chat", ("chat",))):
                asked = ("--dataset", dataset, *greedy, "--template", template, "--max-tokens", longest)
                rapo("eval", "--model", model, *asked, "--out", work / f"own-{template}")
                for api in apis:
                    out = work / f"{template}-{api}"
                    rapo("eval", *endpoint, "--served-model", model, "--api", api, *asked, "--out", out)
                    checks[f"greedy texts of a random model, {template}, {api}"] = same(
                        samples(out),
                        samples(work / f"own-{template}"),
                        ("text", "finish", "promptTokens", "tokens"),
                        longest,
                        strip=api == "chat",
                    )

            served = (*endpoint, "--served-model", BASE, "--api", "completions")
            rapo("eval", *served, *countdown, *greedy, "--out", work / "theirs")
            rapo("eval", "--model", BASE, *countdown, *greedy, "--out", work / "ours")
            checks["greedy answers of the shipped base"] = same(
                samples(work / "theirs"), samples(work / "ours"), ("text", "finish", "verdict", "tokens")
            )

            # One request at a time: the server's generator is shared by all.
            one = ("--concurrency", 1, "--n", 16)
            served = (*endpoint[:2], "--served-model", BASE, "--api", "completions", *one)
            rapo("eval", *served, *countdown, "--seeds", 1, "--out", work / "drawn")
            rapo("eval", *served, *countdown, "--seeds", 1, "--out", work / "again")
            rapo("eval", *served, *countdown, "--seeds", 2, "--out", work / "other")
            rapo("eval", "--model", BASE, *countdown, "--n", 64, "--out", work / "local")
            drawn, other = samples(work / "drawn"), samples(work / "other")
            checks["the same seed draws the same"] = same(samples(work / "again"), drawn, ("text", "finish"))
            differing = sum(drawn[key]["text"] != other[key]["text"] for key in drawn)
            distinct = len({(problem, row["text"]) for (problem, _), row in drawn.items()})
            checks["other seeds and indices draw others"] = {
                "passed": differing > len(drawn) // 4 and distinct > len({problem for problem, _ in drawn}),
                "samples": len(drawn),
                "differing between seeds": differing,
                "distinct within a seed": distinct,
            }

            def proportion(rows: dict) -> tuple[float, int]:
                return sum(row["verdict"] == "Correct" for row in rows.values()) / len(rows), len(rows)

            (p, n), (q, m) = proportion(drawn | {(k[0], k[1] + 16): v for k, v in other.items()}), proportion(
                samples(work / "local")
            )
            pooled = (p * n + q * m) / (n + m)
            # The problems are the same on both sides, so the binomial deviation is an upper bound of the true one.
            z = (p - q) / math.sqrt(max(pooled * (1 - pooled), 1 / n) * (1 / n + 1 / m))
            checks["as often right as our own sampling"] = {
                "passed": abs(z) < 3.5 and 0 < pooled < 1,
                "server": {"right": round(p, 4), "samples": n},
                "ours": {"right": round(q, 4), "samples": m},
                "z": round(z, 3),
            }
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
            log = (work / "server.log").read_text()
    passed = all(check["passed"] for check in checks.values())
    print(
        json.dumps(
            {
                "passed": passed,
                "checks": checks,
                "requests answered": log.count('completions HTTP/1.1" 200'),
                "fields that the server ignores": sorted({f for f in ("'n'", "'logprobs'") if f in log}),
                "versions": {
                    "transformers": transformers.__version__,
                    "torch": torch.__version__,
                    "python": platform.python_version(),
                },
            },
            indent=2,
            ensure_ascii=False,
        )
    )
    if not passed:
        print(log[-3000:], file=sys.stderr)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
