import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect } from "effect"
import { createHash } from "node:crypto"
import * as fs from "node:fs"
import * as path from "node:path"
import { expect, test } from "vitest"
import { weightsFingerprint } from "../../src/model/checkpoint/fingerprint.ts"
import { freshFolder, scratchFolder } from "../rapo.ts"

const scratch = scratchFolder("fingerprint")

const fingerprint = (files: Readonly<Record<string, string>>): Promise<string> => {
  const folder = freshFolder(scratch)
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text)
  return Effect.runPromise(weightsFingerprint(folder).pipe(Effect.provide(NodeServices.layer)))
}

const [one, two, index] = [
  "model-00001-of-00002.safetensors",
  "model-00002-of-00002.safetensors",
  "model.safetensors.index.json",
]

test("one file's fingerprint is its sha256, whatever stands beside it", async () => {
  const sha256 = createHash("sha256").update("weights").digest("hex")
  expect(await fingerprint({ "model.safetensors": "weights" })).toBe(sha256)
  expect(await fingerprint({ "model.safetensors": "weights", [one]: "stale", "config.json": "{}" })).toBe(
    sha256,
  )
})

test("a change in any shard or in the index changes the fingerprint, another file does not", async () => {
  const whole = { [one]: "a", [two]: "b", [index]: "{}" }
  const at = await fingerprint(whole)
  expect(await fingerprint({ ...whole, "tokenizer.json": "{}" })).toBe(at)
  for (const name of Object.keys(whole)) expect(await fingerprint({ ...whole, [name]: "c" })).not.toBe(at)
})

test("a folder without weights is refused by the file's name", async () => {
  await expect(fingerprint({ "config.json": "{}" })).rejects.toMatchObject({
    path: expect.stringContaining("model.safetensors") as string,
  })
})
