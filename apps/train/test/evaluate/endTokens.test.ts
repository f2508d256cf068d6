/** Which tokens end a response: where they are named, and in which order. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Exit } from "effect"
import { describe, expect, it } from "vitest"
import { endTokens } from "../../src/evaluate/local/endTokens.ts"

type Files = Parameters<typeof endTokens>[1]

const ends = (files: Files, eosId: number | undefined) =>
  Effect.runPromiseExit(endTokens("folder", files, eosId).pipe(Effect.provide(NodeServices.layer)))

const files = (generation: unknown, config: unknown): Files => ({
  generationConfig: generation === undefined ? undefined : { eos_token_id: generation },
  rawConfig: config === undefined ? undefined : { eos_token_id: config },
})

describe("the tokens that end a response", () => {
  it.each([
    ["generation_config.json's list before config.json's", files([7, 8], 9), undefined, [7, 8]],
    ["generation_config.json's number", files(7, undefined), undefined, [7]],
    ["config.json's, where the other says null", files(null, [9, 9]), undefined, [9]],
    ["config.json's, where the other is missing", files(undefined, 9), undefined, [9]],
    ["the tokenizer's beside them", files([7], 9), 5, [5, 7]],
    ["the tokenizer's alone", files(undefined, undefined), 5, [5]],
    ["each once", files([5, 7], undefined), 5, [5, 7]],
    ["none", files(undefined, undefined), undefined, []],
  ] as const)("are %s", async (_, given, eosId, wanted) => {
    expect(await ends(given, eosId)).toEqual(Exit.succeed(wanted))
  })

  it.each([
    ["generation_config.json", files("<eos>", 1)],
    ["config.json", files(undefined, [1.5])],
  ] as const)("are refused where %s says no id", async (file, given) => {
    const exit = await ends(given, 1)
    const told = Exit.isFailure(exit) ? String(exit.cause) : ""
    for (const part of [`folder/${file}`, "eos_token_id"]) expect(told).toContain(part)
  })
})
