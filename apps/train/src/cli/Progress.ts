/**
 * What a person sees while a long stage runs: a bar that redraws itself on a terminal; otherwise a line now and then.
 *
 * Everything goes to stderr, so that stdout holds results only.
 */
import { Context, Effect, Layer } from "effect"

/** Counts finished units; those of an earlier sitting, which a resumed run finds done, say nothing of the pace. */
export type Advance = (units: number, when?: "now" | "before") => void

/** See the module header. */
export class Progress extends Context.Service<
  Progress,
  {
    /** One line, above any bar. */
    readonly say: (line: string) => Effect.Effect<void>
    /**
     * Shows a bar while `use` runs; `advance(units)` moves it. `unit` names what is counted, in the plural. What `detail` says
     * each time that the bar is drawn stands behind it.
     */
    readonly stage: <A, E, R>(
      label: string,
      unit: string,
      total: number,
      use: (advance: Advance) => Effect.Effect<A, E, R>,
      detail?: () => string,
    ) => Effect.Effect<A, E, R>
  }
>()("train/Progress") {
  /** The process's stderr. */
  static readonly layer: Layer.Layer<Progress> = Layer.sync(Progress, () =>
    make(
      (text) => void process.stderr.write(text),
      process.stderr.isTTY,
      () => performance.now() / 1000,
    ),
  )
  /** Nothing is shown. */
  static readonly layerSilent: Layer.Layer<Progress> = Layer.sync(Progress, () =>
    make(
      () => undefined,
      false,
      () => 0,
    ),
  )
}

/** How often a bar is redrawn, and how often a line is written where there is no terminal; in seconds. */
const redrawSeconds = 0.2
const lineSeconds = 15

/** A progress display that writes with `write`; `now` is a clock in seconds. Exported for tests. */
export const make = (
  write: (text: string) => void,
  isTerminal: boolean,
  now: () => number,
): Progress["Service"] => ({
  say: (line) => Effect.sync(() => write(isTerminal ? `\r\u001b[K${line}\n` : `${line}\n`)),
  stage: (label, unit, total, use, detail = () => "") => {
    const started = now()
    let [done, before] = [0, 0]
    let lastWrite = isTerminal ? -Infinity : started
    const show = (): void => {
      const seconds = now() - started
      const more = detail() === "" ? "" : `, ${detail()}`
      write(
        isTerminal
          ? `\r\u001b[K${bar(label, unit, done, total, seconds, before)}${more}`
          : `${line(label, unit, done, total, seconds, before)}${more}\n`,
      )
      lastWrite = now()
    }
    const advance: Advance = (units, when = "now") => {
      done += units
      if (when === "before") before += units
      if (now() - lastWrite >= (isTerminal ? redrawSeconds : lineSeconds)) show()
    }
    return Effect.sync(show).pipe(
      Effect.andThen(use(advance)),
      Effect.ensuring(
        Effect.sync(() => {
          show()
          if (isTerminal) write("\n")
        }),
      ),
    )
  },
})

const width = 24

/** `training  ██████░░░░  312/840 steps  3.1/s  2:50 left`. Exported for tests. */
export const bar = (
  label: string,
  unit: string,
  done: number,
  total: number,
  seconds: number,
  before: number = 0,
): string => {
  const filled = Math.round((width * Math.min(done, total)) / Math.max(1, total))
  return `${label}  ${"█".repeat(filled)}${"░".repeat(width - filled)}  ${line("", unit, done, total, seconds, before)}`
}

/**
 * `training: 312/840 steps, 3.1/s, 2:50 left`, the times left out while nothing is done yet; `before` of them were done in an
 * earlier sitting. Exported for tests.
 */
export const line = (
  label: string,
  unit: string,
  done: number,
  total: number,
  seconds: number,
  before: number = 0,
): string => {
  const rate = (done - before) / Math.max(seconds, 1e-9)
  const time = done >= total ? `${clock(seconds)} in all` : `${clock((total - done) / rate)} left`
  const pace =
    done === before || seconds === 0 ? "" : `, ${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s, ${time}`
  return `${label === "" ? "" : `${label}: `}${done}/${total} ${unit}${pace}`
}

const clock = (seconds: number): string => {
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`
}
