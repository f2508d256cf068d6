/** Qwen2.5's tokenizer and chat template: every row of the reference encodings. */
import { isRight } from "fp-ts/lib/Either.js"
import { readFileSync } from "node:fs"
import * as path from "node:path"
import { expect, it } from "vitest"
import { referenceChat } from "../../../src/model/tokenizer/ChatTemplate.ts"
import type { Json } from "../../../src/model/tokenizer/masking.ts"
import { folderTokenizer } from "../../../src/model/tokenizer/readTokenizer.ts"
import { describeWith, readJson } from "../../sharedData.ts"

interface Encoding {
  readonly id: string
  readonly text: string
  readonly ids: ReadonlyArray<number>
  readonly decoded?: string
}

interface Rendering {
  readonly id: string
  readonly messages: ReadonlyArray<Json>
  readonly tools: ReadonlyArray<Json> | null
  readonly add_generation_prompt: boolean
  readonly expected: string
  readonly ids: ReadonlyArray<number>
}

describeWith("tokenizer", "golden encodings of Qwen2.5", (folder) => {
  const made = folderTokenizer({
    tokenizerJson: readJson(folder, "tokenizer.json") as object,
    tokenizerConfig: readJson(folder, "tokenizer_config.json") as Readonly<Record<string, unknown>>,
    chatTemplate: undefined,
  })
  if (!isRight(made)) throw new Error(made.left)
  const { encodings, template } = made.right
  if (!isRight(template)) throw new Error(template.left.problem)

  const rows = (file: string): ReadonlyArray<unknown> =>
    readFileSync(path.join(folder, file), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line): unknown => JSON.parse(line))

  it.each([
    ["golden-encodings-published.jsonl", 32],
    ["golden-encodings-reference.jsonl", 545],
  ])("%s: all %i rows, ids and texts", (file, count) => {
    const all = rows(file) as ReadonlyArray<Encoding>
    const differing = all.filter(({ text, ids, decoded }) => {
      const own = encodings.reference(text)
      return !(
        isRight(own) &&
        own.right.join() === ids.join() &&
        (decoded === undefined || encodings.read(ids) === decoded)
      )
    })
    expect(differing.map(({ id }) => id)).toEqual([])
    expect(all.length).toBe(count)
    console.info(`${file}: ${count} of ${count} equal`)
  })

  it("golden-chat-template.jsonl: all 14 rows, renderings and ids", () => {
    const all = rows("golden-chat-template.jsonl") as ReadonlyArray<Rendering>
    const differing = all.filter(({ messages, tools, add_generation_prompt, expected, ids }) => {
      const conversation = { messages, tools: tools ?? undefined, generationPrompt: add_generation_prompt }
      const text = template.right.render(conversation)
      const own = referenceChat(encodings, template.right, conversation)
      return !(isRight(text) && text.right === expected && isRight(own) && own.right.join() === ids.join())
    })
    expect(differing.map(({ id }) => id)).toEqual([])
    expect(all.length).toBe(14)
    console.info("golden-chat-template.jsonl: 14 of 14 equal")
  })

  it("knows its end token and the ids that have one", () => {
    expect([made.right.eosId, encodings.size, encodings.controls.length]).toEqual([151645, 151665, 22])
  })
})
