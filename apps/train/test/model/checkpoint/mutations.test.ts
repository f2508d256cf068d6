/**
 * Checkpoints changed at random: each is refused with a `CheckpointError`, or gives the numbers that its files hold; never
 * an exception, never a hang, never a number from another place.
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Seed } from "@rapo/distributions"
import { Effect } from "effect"
import * as fc from "fast-check"
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import { beforeAll, describe, it } from "vitest"
import type { CheckpointError } from "../../../src/errors.ts"
import { type Checkpoint, readCheckpoint } from "../../../src/model/Checkpoint.ts"
import { Countdown } from "../../../src/tasks/Countdown.ts"
import { settingOf } from "../../configs.ts"
import "../../engine.ts"
import { checkpointOf } from "../../models.ts"
import { hasSameParameters, isSame, run, scratchFolder, written } from "./folders.ts"

const scratch = scratchFolder()
const original = checkpointOf(settingOf(Countdown, { tie_word_embeddings: false }), Seed.fromInteger(1))

type Files = ReadonlyMap<string, Uint8Array>

const filesOf = (folder: string): Files =>
  new Map(readdirSync(folder).map((name) => [name, new Uint8Array(readFileSync(path.join(folder, name)))]))

let good: Checkpoint
let files: Files

beforeAll(async () => {
  const folder = await written(scratch, original, { dtype: "BF16", maxShardBytes: 3000 })
  good = await run(readCheckpoint(folder))
  files = filesOf(folder)
})

/** A change of a file's bytes; places are fractions, since sizes are not known beforehand. */
type Mutation = (bytes: Uint8Array) => Uint8Array

const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const place = (bytes: Uint8Array, at: number): number => Math.floor(at * bytes.byteLength)

const setByte: fc.Arbitrary<Mutation> = fc.tuple(fraction, fc.nat(255)).map(
  ([at, byte]) =>
    (bytes) =>
      bytes.with(place(bytes, at), byte),
)

const cut: fc.Arbitrary<Mutation> = fraction.map((at) => (bytes) => bytes.slice(0, place(bytes, at)))

const insert: fc.Arbitrary<Mutation> = fc
  .tuple(fraction, fc.uint8Array({ minLength: 1, maxLength: 9 }))
  .map(([at, more]) => (bytes) => {
    const [before, after] = [bytes.slice(0, place(bytes, at)), bytes.slice(place(bytes, at))]
    return Uint8Array.of(...before, ...more, ...after)
  })

const drop: fc.Arbitrary<Mutation> = fc
  .tuple(fraction, fc.integer({ min: 1, max: 9 }))
  .map(([at, count]) => (bytes) => {
    const from = place(bytes, at)
    return Uint8Array.of(...bytes.slice(0, from), ...bytes.slice(from + count))
  })

/** Within the header of a file of weights: a digit, letter or quote becomes another. */
const inHeader: fc.Arbitrary<Mutation> = fc
  .tuple(fraction, fc.constantFrom(...'0123456789"{}[],:BF16 \\e-'))
  .map(([at, character]) => (bytes) => {
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
    return bytes.with(8 + Math.floor(at * length), character.charCodeAt(0))
  })

let folders = 0

/** Reads a folder with the given files. */
const readFiles = async (
  changed: Files,
): Promise<
  | { readonly _tag: "Success"; readonly value: Checkpoint }
  | { readonly _tag: "Failure"; readonly failure: CheckpointError }
> => {
  const folder = path.join(scratch, `m-${folders++}`)
  mkdirSync(folder)
  for (const [name, bytes] of changed) writeFileSync(path.join(folder, name), bytes)
  try {
    // A defect, such as an exception, rejects the promise and so fails the property.
    const result = await Effect.runPromise(
      Effect.result(readCheckpoint(folder)).pipe(Effect.provide(NodeServices.layer)),
    )
    return result._tag === "Success"
      ? { _tag: "Success", value: result.success }
      : { _tag: "Failure", failure: result.failure }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const isHelpful = ({ _tag, problem, remedy, path: at }: CheckpointError): boolean =>
  _tag === "CheckpointError" && problem !== "" && remedy !== "" && at.startsWith(scratch)

/** The property over one file of those that `isMeant`, changed by one mutation. */
const forChanges = (
  isMeant: (name: string) => boolean,
  mutation: fc.Arbitrary<Mutation>,
  isAllowed: (read: Checkpoint, before: Uint8Array, after: Uint8Array) => boolean,
  numRuns: number,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fraction, mutation, async (which, mutate) => {
      const names = [...files.keys()].filter(isMeant)
      const name = names[Math.floor(which * names.length)] ?? ""
      const before = files.get(name) ?? new Uint8Array(0)
      const after = mutate(before)
      const read = await readFiles(new Map([...files, [name, after]]))
      return read._tag === "Failure" ? isHelpful(read.failure) : isAllowed(read.value, before, after)
    }),
    { numRuns },
  )

const isWeights = (name: string): boolean => name.endsWith(".safetensors")

const isUnchanged = (before: Uint8Array, after: Uint8Array): boolean => Buffer.compare(before, after) === 0

const hasGoodNumbers = ({ parameters }: Checkpoint): boolean => hasSameParameters(parameters, good.parameters)

describe("a checkpoint with a change", () => {
  it("in the header of its weights is refused or means the same", () =>
    forChanges(isWeights, inHeader, hasGoodNumbers, 200))

  it("in the length of its weights is refused", () =>
    forChanges(
      isWeights,
      fc.oneof(cut, insert, drop),
      (read, before, after) => isUnchanged(before, after) && hasGoodNumbers(read),
      100,
    ))

  it("in one byte of its weights is refused, or is that number changed and no other", () =>
    forChanges(
      isWeights,
      setByte,
      ({ parameters }) => {
        const changed = [...parameters].filter(([name, own]) => !isSame(own, good.parameters.get(name)))
        return changed.every(
          ([name, { values }]) =>
            changed.length === 1 &&
            values.filter((value, i) => !Object.is(value, good.parameters.get(name)?.values[i])).length === 1,
        )
      },
      100,
    ))

  it("in its index is refused or means the same", () =>
    forChanges(
      (name) => name.endsWith("index.json"),
      fc.oneof(setByte, cut, insert, drop),
      hasGoodNumbers,
      100,
    ))

  it("in its configuration is refused or leaves the numbers alone", () =>
    forChanges((name) => name === "config.json", fc.oneof(setByte, cut, insert, drop), hasGoodNumbers, 200))

  it("of arbitrary files is refused", () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fraction, async (bytes, which) => {
        const names = [...files.keys()].filter((name) => isWeights(name) || name.endsWith("index.json"))
        const name = names[Math.floor(which * names.length)] ?? ""
        const read = await readFiles(new Map([...files, [name, bytes]]))
        return read._tag === "Failure" && isHelpful(read.failure)
      }),
      { numRuns: 60 },
    ))
})
