/** Checkpoint folders for tests: written, changed on purpose, read. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect } from "effect"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { afterAll } from "vitest"
import type { CheckpointError } from "../../../src/errors.ts"
import {
  type Checkpoint,
  type WriteOptions,
  readCheckpoint,
  writeCheckpoint,
} from "../../../src/model/Checkpoint.ts"
import { type HostTensor, decode, encode } from "../../../src/model/Safetensors.ts"

/** Runs an effect on the real file system. */
export const run = <A, E>(effect: Effect.Effect<A, E, NodeServices.NodeServices>): Promise<A> =>
  Effect.runPromise(effect.pipe(Effect.provide(NodeServices.layer)))

/** How reading a folder fails. */
export const failureOf = (folder: string): Promise<CheckpointError> =>
  run(Effect.flip(readCheckpoint(folder)))

/** A folder that goes when the tests of the file are over. */
export const scratchFolder = (): string => {
  const scratch = mkdtempSync(path.join(tmpdir(), "rapo-checkpoint-"))
  afterAll(() => rmSync(scratch, { recursive: true }))
  return scratch
}

/** A fresh folder with a good checkpoint in it. */
export const written = async (
  scratch: string,
  checkpoint: Checkpoint,
  options: WriteOptions = {},
): Promise<string> => {
  const folder = mkdtempSync(path.join(scratch, "c-"))
  await run(writeCheckpoint(folder, checkpoint, options))
  return folder
}

/** Whether parameters are the same, names, shapes and bits. */
export const hasSameParameters = (a: Checkpoint["parameters"], b: Checkpoint["parameters"]): boolean =>
  [...a.keys()].join() === [...b.keys()].join() && [...a].every(([name, own]) => isSame(own, b.get(name)))

/** Whether two tensors are the same, shape and bits. */
export const isSame = (a: HostTensor, b: HostTensor | undefined): boolean =>
  b !== undefined &&
  a.shape.join() === b.shape.join() &&
  a.values.every((value, i) => Object.is(value, b.values[i]))

/** Replaces fields of a JSON file; undefined removes one. */
export const changeJson = (folder: string, file: string, fields: Readonly<Record<string, unknown>>): void => {
  const at = path.join(folder, file)
  const json = JSON.parse(readFileSync(at, "utf8")) as Record<string, unknown>
  writeFileSync(at, JSON.stringify({ ...json, ...fields }))
}

/** Changes the tensors of a file of weights. */
export const changeTensors = (
  folder: string,
  change: (tensors: Map<string, HostTensor>) => unknown,
  file = "model.safetensors",
): void => {
  const at = path.join(folder, file)
  const read = decode(readFileSync(at))
  if (read._tag === "Left") throw new Error(read.left.problem)
  const tensors = new Map(read.right)
  change(tensors)
  writeFileSync(at, encode(tensors))
}

/** Cuts a file's last byte. */
export const truncate = (file: string): void => {
  const bytes = readFileSync(file)
  writeFileSync(file, bytes.subarray(0, bytes.byteLength - 1))
}
