/** How a command refuses what it cannot use, and what the commands that ask a server refuse alike. */
import { expect } from "vitest"
import type { Finished } from "./rapo.ts"

/** One message at most, and no stack trace. */
export const isCivil = ({ stdout, stderr }: Finished): boolean =>
  (stderr.match(/^error: /gm)?.length ?? 0) <= 1 && !/^ {4}at |bug in rapo/m.test(`${stdout}${stderr}`)

/** Exit code 1, and a message with these parts. */
export const expectRefused = (finished: Finished, parts: ReadonlyArray<string>): void => {
  expect([finished.code, isCivil(finished)]).toEqual([1, true])
  for (const part of parts) expect(finished.stderr).toContain(part)
}

/** A chat template for a server that is asked for completions, which it would not put in a chat. */
export const chatOfCompletions: ReadonlyArray<string> =
  "--endpoint http://127.0.0.1:1 --served-model m --api completions --template chat".split(" ")
