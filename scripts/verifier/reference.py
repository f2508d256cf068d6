"""Math-Verify 0.8 on the graded answers beside the repository, row by row, as packages/verifier/ORACLES.md states it.

    pip install 'math-verify[antlr4_13_2]==0.8.0'
    python scripts/verifier/reference.py [suite ...]

Three ways: `default` is parse and verify without options on the strings as they are; `delimited` the same with $...$ around what
has no delimiters; `own` with the options that a row of Math-Verify's own suite states. A row whose expectation is null does not
count; an exception counts as "not correct".
"""

import json
import logging
import pathlib
import re
import sys

from math_verify import parse, verify
from math_verify.parser import ExprExtractionConfig, LatexExtractionConfig

FOLDER = pathlib.Path(__file__).resolve().parents[3] / "shared" / "data" / "verifier"
DELIMITER = re.compile(r"\$|\\\(|\\\[|\\boxed")


def delimited(text):
    return text if DELIMITER.search(text) else f"${text}$"


def own(row):
    options = row.get("opts") or {}
    if options.get("default_config"):
        return {}, {}
    kinds = options.get("match_types", [])
    latex = LatexExtractionConfig(boxed_match_priority=options.get("boxed_match_priority", 50))
    configs = [latex] * ("latex" in kinds) + [ExprExtractionConfig()] * ("expr" in kinds)
    reading = {"extraction_config": tuple(configs)} if configs else {}
    comparing = {
        "float_rounding": options.get("precision", 6),
        "strict": options.get("strict", True),
        "allow_set_relation_comp": options.get("allow_set_relation_comp", False),
    }
    return reading, comparing


def by_default(row):
    return verify(parse(row["gold"]), parse(row["pred"]))


def by_delimiters(row):
    pred = row["pred"] if row.get("pred_form") == "response" else delimited(row["pred"])
    return verify(parse(delimited(row["gold"])), parse(pred))


def by_own_options(row):
    reading, comparing = own(row)
    return verify(parse(row["gold"], **reading), parse(row["pred"], **reading), **comparing)


def agrees(way, row):
    try:
        return bool(way(row)) == row["expected"]
    except Exception:  # noqa: BLE001: whatever it throws, it did not accept
        return row["expected"] is False


def main(suites):
    for suite in suites:
        lines = (FOLDER / f"{suite}.jsonl").read_text(encoding="utf8").splitlines()
        rows = [row for row in map(json.loads, filter(None, lines)) if row["expected"] is not None]
        ways = {"default": by_default, "delimited": by_delimiters}
        if suite == "math-verify":
            ways["own"] = by_own_options
        for name, way in ways.items():
            wrong = [row["id"] for row in rows if not agrees(way, row)]
            print(f"{suite:28} {name:10} {len(rows) - len(wrong)}/{len(rows)}  {' '.join(wrong[:20])}", flush=True)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    names = sorted(path.stem for path in FOLDER.glob("*.jsonl") if not path.stem.startswith("_"))
    main(sys.argv[1:] or names)
