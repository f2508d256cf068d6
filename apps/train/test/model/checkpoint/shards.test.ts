/** Checkpoints in several files, whose index comes from elsewhere. */
import { Seed } from "@rapo/distributions"
import {
  copyFileSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import * as path from "node:path"
import { describe, expect, it } from "vitest"
import { readCheckpoint } from "../../../src/model/Checkpoint.ts"
import { Countdown } from "../../../src/tasks/Countdown.ts"
import { settingOf } from "../../configs.ts"
import "../../engine.ts"
import { checkpointOf } from "../../models.ts"
import {
  changeTensors,
  failureOf,
  hasSameParameters,
  run,
  scratchFolder,
  truncate,
  written,
} from "./folders.ts"

const scratch = scratchFolder()
const checkpoint = checkpointOf(settingOf(Countdown), Seed.fromInteger(1))
const index = "model.safetensors.index.json"
const norm = "model.norm.weight"
const embedding = "model.embed_tokens.weight"

const sharded = (): Promise<string> => written(scratch, checkpoint, { maxShardBytes: 4000 })

const shardsIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".safetensors"))
    .toSorted()

const first = (folder: string): string => shardsIn(folder)[0] ?? ""
const last = (folder: string): string => shardsIn(folder).at(-1) ?? ""

/** Sends tensors to other files; undefined forgets one. */
const changeMap = (folder: string, changes: Readonly<Record<string, unknown>>): void => {
  const at = path.join(folder, index)
  const json = JSON.parse(readFileSync(at, "utf8")) as { readonly weight_map: object }
  writeFileSync(at, JSON.stringify({ ...json, weight_map: { ...json.weight_map, ...changes } }))
}

describe("shards", () => {
  it("come with an index that tells the total size, as transformers writes it", async () => {
    const folder = await sharded()
    const { metadata, weight_map } = JSON.parse(readFileSync(path.join(folder, index), "utf8")) as {
      readonly metadata: { readonly total_size: number }
      readonly weight_map: Readonly<Record<string, string>>
    }
    const numbers = [...checkpoint.parameters.values()].reduce((sum, { values }) => sum + values.length, 0)
    expect(metadata.total_size).toBe(4 * numbers)
    expect(Object.keys(weight_map).toSorted()).toEqual([...checkpoint.parameters.keys()].toSorted())
    expect([...new Set(Object.values(weight_map))].toSorted()).toEqual(shardsIn(folder))
    expect(first(folder)).toMatch(/^model-00001-of-0000\d\.safetensors$/)
  })

  it("may have any names, and be links, as in the Hub's cache", async () => {
    const folder = await sharded()
    const name = first(folder)
    renameSync(path.join(folder, name), path.join(scratch, "blob"))
    symlinkSync(path.join(scratch, "blob"), path.join(folder, "weights one.bin"))
    const map = (
      JSON.parse(readFileSync(path.join(folder, index), "utf8")) as { weight_map: Record<string, string> }
    ).weight_map
    for (const [tensor, file] of Object.entries(map))
      if (file === name) changeMap(folder, { [tensor]: "weights one.bin" })
    expect(hasSameParameters((await run(readCheckpoint(folder))).parameters, checkpoint.parameters)).toBe(
      true,
    )
  })

  it("do not count beside a single file, as in transformers", async () => {
    const folder = await sharded()
    const other = checkpointOf(settingOf(Countdown), Seed.fromInteger(2))
    copyFileSync(
      path.join(await written(scratch, other), "model.safetensors"),
      path.join(folder, "model.safetensors"),
    )
    expect(hasSameParameters((await run(readCheckpoint(folder))).parameters, other.parameters)).toBe(true)
  })
})

describe("an index that cannot be used is refused, with the tensor", () => {
  type File = (folder: string) => string
  const outside = [
    "../model.safetensors",
    "/etc/passwd",
    "sub/model.safetensors",
    "..\\w",
    "C:w",
    "..",
    ".",
    "",
    "a\0b",
  ]
  const cases: ReadonlyArray<readonly [string, (folder: string) => void, File, string, RegExp]> = [
    ...outside.map(
      (file) =>
        [
          `file ${JSON.stringify(file)}`,
          (folder: string) => changeMap(folder, { [norm]: file }),
          () => index,
          norm,
          /not the name of a file in the folder/,
        ] as const,
    ),
    ["file a number", (f) => changeMap(f, { [norm]: 7 }), () => index, norm, /7 is not the name/],
    ["no map", (f) => writeFileSync(path.join(f, index), "{}"), () => index, "", /no weight_map/],
    [
      "a map without tensors",
      (f) => writeFileSync(path.join(f, index), '{"weight_map":{}}'),
      () => index,
      "",
      /no weight_map/,
    ],
    ["not JSON", (f) => writeFileSync(path.join(f, index), "{"), () => index, "", /not JSON/],
    [
      "a tensor twice",
      (f) => writeFileSync(path.join(f, index), '{"weight_map":{"a":"x","b":"y","a":"z"}}'),
      () => index,
      "a",
      /twice/,
    ],
    [
      "a tensor that its file lacks",
      (f) => changeMap(f, { [norm]: first(f) }),
      first,
      norm,
      /the index names this file for it, which lacks it/,
    ],
    [
      "a tensor that is nowhere",
      (f) => changeMap(f, { "model.more.weight": first(f) }),
      first,
      "model.more.weight",
      /lacks it/,
    ],
    [
      "a tensor that the index forgets",
      (f) => changeMap(f, { [norm]: undefined }),
      last,
      norm,
      /does not name/,
    ],
    [
      "a tensor in two files",
      (f) => changeTensors(f, (t) => t.set(embedding, { shape: [1], values: Float32Array.of(1) }), last(f)),
      last,
      embedding,
      /another file too/,
    ],
    [
      "a missing file",
      (f) => rmSync(path.join(f, last(f))),
      (f) => `model-0000${1 + shardsIn(f).length}-of-0000${1 + shardsIn(f).length}.safetensors`,
      "",
      /no such path/,
    ],
    ["a cut file", (f) => truncate(path.join(f, last(f))), last, norm, /not inside the file/],
    [
      "an infinite number in a later file",
      (f) =>
        changeTensors(
          f,
          (t) => t.set(norm, { shape: [16], values: new Float32Array(16).fill(Infinity) }),
          last(f),
        ),
      last,
      norm,
      /infinity/,
    ],
  ]

  it.each(cases)("%s", async (_, damage, file, field, problem) => {
    const folder = await sharded()
    damage(folder)
    const error = await failureOf(folder)
    expect(error).toMatchObject({ _tag: "CheckpointError", path: path.join(folder, file(folder)), field })
    expect(error.problem).toMatch(problem)
    expect(error.remedy).not.toBe("")
  })
})
