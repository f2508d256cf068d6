/**
 * From a line to the line that is printed for it. Pure, so that the threads that do it cannot matter.
 */
import { Verdict, Verify } from "@rapo/verifier"
import * as E from "fp-ts/lib/Either.js"
import type { Line } from "../jsonl/cut.ts"
import { parsePair } from "./Pair.ts"

/** A verdict as the output names it. */
export type VerdictName = "correct" | "wrong" | "unparseable" | "timeout"

/** What the output says of a pair, in this order. */
export interface Row {
  readonly id: string | number
  readonly verdict: VerdictName
  /** The reference answer, and the answer of the response, as they were written; null where none was found. */
  readonly gold: string
  readonly answer: string | null
  /** The rule that decided; null where none did. */
  readonly rule: string | null
  /** Why none did. */
  readonly reason?: string
}

/** What becomes of a line. */
export type Judged =
  | {
      readonly _tag: "Judged"
      readonly number: number
      readonly row: Row
      readonly expected: boolean | undefined
    }
  | { readonly _tag: "Broken"; readonly number: number; readonly problem: string }

/** See the module header. */
export const judgeLine = ({ number, text }: Line, preset: Verify.Preset): Judged => {
  const pair = parsePair(text, number)
  if (E.isLeft(pair)) return { _tag: "Broken", number, problem: pair.left }
  const { id, gold, pred, expected } = pair.right
  const verdict = Verify.verify(gold, pred, Verify.presets[preset])
  return { _tag: "Judged", number, row: { id, ...rowOf(gold, verdict) }, expected }
}

const rowOf = (gold: string, verdict: Verdict.Verdict): Omit<Row, "id"> => ({
  verdict: names[verdict._tag],
  gold: verdict._tag === "Correct" || verdict._tag === "Wrong" ? verdict.gold.text : gold,
  answer: Verdict.foundText(verdict) ?? null,
  rule: Verdict.ruleOf(verdict) ?? null,
  ...(verdict._tag === "Unparseable" ? { reason: Verdict.showReason(verdict.reason) } : {}),
  ...(verdict._tag === "TimedOut" ? { reason: Verdict.showLimit(verdict.limit) } : {}),
})

const names: Readonly<Record<Verdict.Verdict["_tag"], VerdictName>> = {
  Correct: "correct",
  Wrong: "wrong",
  Unparseable: "unparseable",
  TimedOut: "timeout",
}
