/** Which tokens end a response: where they are named, in which order, and what a form adds. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Exit } from "effect"
import { describe, expect, it } from "vitest"
import { endTokens } from "../../src/evaluate/local/endTokens.ts"
import type { PromptForm } from "../../src/evaluate/PromptForm.ts"
import { type Template, templateOf, templates } from "../../src/evaluate/templates.ts"
import type { FolderTokenizer } from "../../src/model/tokenizer/readTokenizer.ts"
import { readJson, describeWith } from "../sharedData.ts"
import { chatMl, tokenizerWith } from "./byteTokenizer.ts"

type Files = Parameters<typeof endTokens>[1]

const ends = (files: Files, tokenizer: FolderTokenizer | undefined, form?: PromptForm) =>
  Effect.runPromiseExit(
    endTokens("folder", files, tokenizer).pipe(
      Effect.map((endIds) => endIds(form)),
      Effect.provide(NodeServices.layer),
    ),
  )

const files = (generation: unknown, config: unknown): Files => ({
  generationConfig: generation === undefined ? undefined : { eos_token_id: generation },
  rawConfig: config === undefined ? undefined : { eos_token_id: config },
})

const none = files(undefined, undefined)

const plain = tokenizerWith(undefined)
const ending = (eosId: number | undefined): FolderTokenizer => ({ ...plain, eosId })

describe("the tokens that end a response", () => {
  it.each([
    ["generation_config.json's list before config.json's", files([7, 8], 9), undefined, [7, 8]],
    ["generation_config.json's number", files(7, undefined), undefined, [7]],
    ["config.json's, where the other says null", files(null, [9, 9]), undefined, [9]],
    ["config.json's, where the other is missing", files(undefined, 9), undefined, [9]],
    ["the tokenizer's beside them", files([7], 9), ending(5), [5, 7]],
    ["the tokenizer's alone", none, ending(5), [5]],
    ["each once", files([5, 7], undefined), ending(5), [5, 7]],
    ["none", none, ending(undefined), []],
  ] as const)("are %s", async (_, given, tokenizer, wanted) => {
    expect(await ends(given, tokenizer)).toEqual(Exit.succeed(wanted))
  })

  it.each([
    ["generation_config.json", files("<eos>", 1)],
    ["config.json", files(undefined, [1.5])],
  ] as const)("are refused where %s says no id", async (file, given) => {
    const exit = await ends(given, ending(1))
    const told = Exit.isFailure(exit) ? String(exit.cause) : ""
    for (const part of [`folder/${file}`, "eos_token_id"]) expect(told).toContain(part)
  })
})

describe("a form adds the token that ends its turns", () => {
  // A base model's files: the end of a text, 256, and nothing of turns.
  const base = files(256, 256)
  const named = (name: string): PromptForm => ({
    _tag: "Template",
    template: templates.find((each) => each.name === name) as Template,
  })
  const file = (text: string): PromptForm => ({
    _tag: "Template",
    template: templateOf("mine", text) as Template,
  })
  const withChat = (source: string | undefined): FolderTokenizer => ({ ...tokenizerWith(source), eosId: 256 })
  it.each([
    ["qwen-boxed: <|im_end|>", named("qwen-boxed"), undefined, [256, 258]],
    ["plain: none", named("plain"), undefined, [256]],
    ["r1: none", named("r1"), undefined, [256]],
    ["a file that writes <|im_end|>: that", file("<|im_start|>{problem}<|im_end|>"), undefined, [256, 258]],
    ["a file that does not: none", file("{problem}"), undefined, [256]],
    ["chat, in ChatML: <|im_end|>", { _tag: "Chat" }, chatMl, [256, 258]],
    [
      "chat, where a turn ends with another token: that one",
      { _tag: "Chat" },
      "{% for m in messages %}<|im_start|>{{ m.content | trim }} <|endoftext|>{% endfor %}",
      [256],
    ],
    [
      "chat, where nothing stands behind the words: none",
      { _tag: "Chat" },
      "{% for m in messages %}<|im_start|>{{ m.role }}: {{ m.content }}{% endfor %}",
      [256],
    ],
    [
      "chat, where the template leaves the assistant's words out: none",
      { _tag: "Chat" },
      "{{ messages[0].content }}<|im_end|>",
      [256],
    ],
    ["chat, where the template refuses: none", { _tag: "Chat" }, "{{ raise_exception('no') }}", [256]],
    ["chat, without a template: none", { _tag: "Chat" }, undefined, [256]],
  ] as const)("%s", async (_, form, source, wanted) => {
    expect(await ends(base, withChat(source), form)).toEqual(Exit.succeed(wanted))
  })
})

describeWith("tokenizer", "Qwen2.5's own files", (folder) => {
  it("chat ends a turn with <|im_end|>, also where only the end of the text is named", async () => {
    const { folderTokenizer } = await import("../../src/model/tokenizer/readTokenizer.ts")
    const made = folderTokenizer({
      tokenizerJson: readJson(folder, "tokenizer.json") as object,
      tokenizerConfig: readJson(folder, "tokenizer_config.json") as Record<string, unknown>,
      chatTemplate: undefined,
    })
    if (made._tag === "Left") throw new Error(made.left)
    const exit = await ends(files(151643, 151643), { ...made.right, eosId: 151643 }, { _tag: "Chat" })
    expect(exit).toEqual(Exit.succeed([151643, 151645]))
  })
})
