/**
 * `rapo merge`: a LoRA adapter made part of its model's weights.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"

/** See the module header. */
export const merge = Command.make(
  "merge",
  {
    model: Flag.String("model").pipe(
      Flag.withDescription("The base model: a checkpoint folder in Hugging Face's layout"),
    ),
    adapter: Flag.String("adapter").pipe(
      Flag.withDescription(
        "The adapter's folder, in PEFT's layout: of `rapo train` with [lora], or of Python's peft",
      ),
    ),
    out: Flag.String("out").pipe(Flag.withDescription("Where the merged checkpoint is written")),
    dtype: Flag.Literals("dtype", ["f32", "bf16"]).pipe(
      Flag.withDescription("How weights are stored: bf16 halves the files and rounds to 8 bits of precision"),
      Flag.withDefault("f32" as const),
    ),
  },
  Effect.fn(function* ({ model, adapter, out, dtype }) {
    const { mergeFolders } = yield* Effect.promise(() => import("../model/lora/mergeFolders.ts"))
    yield* mergeFolders(model, adapter, out, dtype === "bf16" ? "BF16" : "F32")
    yield* Console.log(out)
  }),
).pipe(
  Command.withDescription(
    "Add a LoRA adapter to the weights of its base model, W + s·A B, and write a plain checkpoint, which computes the same.\n\n" +
      "`rapo eval`, `sample` and `score` take an adapter as it is, with --adapter; a merged model costs nothing extra a token, " +
      "and every program that loads the base model loads it.",
  ),
  Command.withShortDescription("Make an adapter part of its model's weights"),
  Command.withExamples([
    {
      command:
        "rapo merge --model apps/train/checkpoints/countdown-base --adapter runs/x/checkpoints/rapo-0.1-phi-0.8 --out merged",
      description: "A policy that was trained with [lora], as a plain model",
    },
  ]),
)
