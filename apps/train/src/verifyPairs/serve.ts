/**
 * The side of a thread that judges lines: a batch in, its verdicts out. It needs no engine.
 */
import type { Verify } from "@rapo/verifier"
import type { MessagePort } from "node:worker_threads"
import type { Line } from "../jsonl/cut.ts"
import { type Judged, judgeLine } from "./judgeLine.ts"

/** What the thread is sent. */
export interface Batch {
  readonly lines: ReadonlyArray<Line>
  readonly preset: Verify.Preset
}

/** What it answers: one entry a line, in order. */
export type Answer = ReadonlyArray<Judged>

/** Listens until the thread is terminated. */
export const serve = (port: MessagePort): void => {
  port.on("message", ({ lines, preset }: Batch) => {
    const answer: Answer = lines.map((line) => judgeLine(line, preset))
    port.postMessage(answer)
  })
}
