/**
 * Lines in from a file or the standard input, in bounded memory: numbered, without blank ones.
 */
import * as NodeStream from "@effect/platform-node/NodeStream"
import { Effect, Option, Stream } from "effect"
import { createReadStream } from "node:fs"
import { ConfigError, inWords } from "../errors.ts"
import { type Line, cut, rest, start } from "./cut.ts"

export type { Line } from "./cut.ts"

/** How the input is called in messages. */
export const nameOf = (input: string): string => (input === "-" ? "standard input" : input)

/** The lines of a file, or of the standard input where `input` is -, in batches: those that a piece of the input ends. */
export const batchesOf = (input: string): Stream.Stream<ReadonlyArray<Line>, ConfigError> =>
  NodeStream.fromReadable<Uint8Array, ConfigError>({
    evaluate: () => (input === "-" ? process.stdin : createReadStream(input)),
    onError: (cause) => unreadable(nameOf(input), cause),
  }).pipe(
    Stream.decodeText(),
    Stream.map(Option.some),
    // The end of the input ends its last line.
    Stream.concat(Stream.succeed(Option.none<string>())),
    Stream.mapAccum(
      () => start,
      (before, piece) => {
        if (Option.isNone(piece)) return [start, [rest(before)]] as const
        const [after, lines] = cut(before, piece.value)
        return [after, [lines]] as const
      },
    ),
    Stream.filter((batch) => batch.length > 0),
  )

/** The same lines, one by one. */
export const linesOf = (input: string): Stream.Stream<Line, ConfigError> =>
  batchesOf(input).pipe(Stream.flatMap((batch) => Stream.fromIterable(batch)))

const unreadable = (path: string, cause: unknown): ConfigError => {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause)
  const tags: Readonly<Record<string, string>> = {
    ENOENT: "NotFound",
    EACCES: "PermissionDenied",
    EISDIR: "BadResource",
  }
  return new ConfigError({
    path,
    field: "",
    problem: code === "ENOENT" ? "there is no such file" : `cannot be read (${inWords(tags[code] ?? code)})`,
    remedy: "Give the path of a file with a JSON object a line, or - for the standard input.",
  })
}

/** The whole input's lines. */
export const allLines = (input: string): Effect.Effect<ReadonlyArray<Line>, ConfigError> =>
  Stream.runCollect(linesOf(input))
