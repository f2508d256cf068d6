/**
 * `rapo plan`: what memory a training run needs, before it starts.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { countOr, json, optionalCount } from "./options.ts"

/** See the module header. */
export const plan = Command.make(
  "plan",
  {
    model: Flag.String("model").pipe(
      Flag.withDescription(
        "A folder with a config.json, or qwen2.5-0.5b, qwen2.5-1.5b, qwen2.5-3b, qwen2.5-7b",
      ),
    ),
    deviceMemory: Flag.String("device-memory").pipe(
      Flag.withDescription("What the device has, such as 80GB or 24GiB"),
    ),
    lora: optionalCount("lora", "Rank of an adapter on all linear layers (default: all weights are trained)"),
    context: countOr("context", "Tokens of a prompt and its response together", 4096),
    prompt: optionalCount("prompt", "How many of them are the prompt's (default: a quarter)"),
    group: countOr("group", "Responses to a prompt", 8),
    prompts: countOr("prompts", "Prompts of a step", 128),
    microBatch: optionalCount(
      "micro-batch",
      "Responses whose gradient is taken at once (default: the most that fit)",
    ),
    places: optionalCount("places", "Responses sampled at once (default: the most that fit)"),
    logitRows: optionalCount("logit-rows", "Rows of logits held at once (default: 64 MiB of them)"),
    checkpointLayers: Flag.Boolean("checkpoint-layers").pipe(
      Flag.withDescription("Recompute layers for the gradient (default: where nothing else fits)"),
      Flag.optional,
      Flag.map(Option.getOrUndefined),
    ),
    workers: countOr(
      "workers",
      "Workers on the device, each with a copy of everything; a run takes 1 on native and webgpu, one a core on wasm",
      1,
    ),
    engine: Flag.Literals("engine", ["native", "webgpu", "wasm"]).pipe(
      Flag.withDescription("What computes"),
      Flag.withDefault("native" as const),
    ),
    json: json(),
  },
  Effect.fn(function* (flags) {
    const { planText } = yield* Effect.promise(() => import("../plan/planText.ts"))
    yield* Console.log(yield* planText(flags))
  }),
).pipe(
  Command.withDescription(
    "The memory of a training run by part, whether it fits, and the settings that make it fit.\n\n" +
      "A dry run: the code of a step on shapes without numbers, and the bytes that are live at the peak of each phase. On wasm they are " +
      "those of a real step, on native within 3%. What fits is judged by them; what an allocator loses to fragments comes on top " +
      "(native: a line of its own).",
  ),
  Command.withShortDescription("What memory a run needs, and settings that fit"),
  Command.withExamples([
    {
      command: "rapo plan --model qwen2.5-7b --device-memory 80GB --lora 16 --context 4096",
      description: "An adapter for 7B on one card",
    },
  ]),
)
