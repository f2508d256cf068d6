import { isLeft, isRight } from "fp-ts/lib/Either.js"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { eosId, padId, tokenizerFiles } from "../../src/model/CharacterTokenizer.ts"
import { textCodec } from "../../src/model/TextCodec.ts"
import { tasks } from "../../src/tasks/Registry.ts"
import { babble } from "../arbitraries.ts"
import { codecOf } from "../configs.ts"

describe.each(tasks.map((task) => [task.name, task] as const))("the tokenizer of %s", (_, task) => {
  const codec = codecOf(task)

  it("writes and reads every text of its alphabet, one id a token", () => {
    fc.assert(
      fc.property(babble(task), (text) => {
        const ids = codec.encode(text)
        return isRight(ids) && codec.decode(ids.right) === text
      }),
    )
    task.alphabet.forEach((token, i) => {
      expect(codec.encode(token)).toEqual({ _tag: "Right", right: [i + 2] })
    })
  })

  it("has <pad>, <eos>, then the alphabet", () => {
    expect([codec.padId, codec.eosId, codec.vocabularySize]).toEqual([padId, eosId, task.alphabet.length + 2])
  })

  it("leaves special tokens out when it reads", () => {
    const [first = ""] = task.alphabet
    expect(codec.decode([padId, 2, eosId])).toBe(first)
    expect(codec.decode([])).toBe("")
  })

  it("refuses what it cannot write", () => {
    for (const text of ["z", "é", "∑", "1\n2", `1<eos>`, "<pad>1", "<eos>"]) {
      expect(codec.encode(text)).toEqual({ _tag: "Left", left: { _tag: "UnencodableText", text } })
    }
  })

  it("never shortens a text silently", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 12 }), (text) => {
        const ids = codec.encode(text)
        return isLeft(ids) ? ids.left.text === text : codec.decode(ids.right) === text
      }),
    )
  })
})

describe("damaged tokenizer files are refused", () => {
  const { tokenizer, tokenizerConfig } = tokenizerFiles(["1", "2"], 8)

  it.each([
    ["no model", {}, tokenizerConfig],
    ["no <eos> named", tokenizer, { ...tokenizerConfig, eos_token: undefined }],
    ["<pad> that the vocabulary lacks", tokenizer, { ...tokenizerConfig, pad_token: "<none>" }],
  ] as const)("%s", (_, json, config) => {
    expect(textCodec(json, config)).toMatchObject({ _tag: "Left", left: { _tag: "InvalidTokenizer" } })
  })
})
