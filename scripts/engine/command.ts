/**
 * Runs a program, with its output kept or shown.
 *
 * Every program leads a process group of its own, so that `endAll` ends what it has started too (a compilation is six processes).
 * Ctrl-C in a terminal does not reach such groups by itself: `build.ts` passes it on.
 */
import { type ChildProcess, spawn } from "node:child_process"

// model

/** How it ended. */
export interface Ended {
  readonly isFine: boolean
  /** Standard output, and both streams together. */
  readonly stdout: string
  readonly all: string
}

// combinators

/** Runs to the end; a program that is not there is one that failed. `isShown`: what it prints is shown as it comes. */
export const run = (
  program: string,
  args: ReadonlyArray<string>,
  { cwd, isShown = false }: { readonly cwd?: string; readonly isShown?: boolean } = {},
): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"], detached: true })
    running.add(child)
    let [stdout, all] = ["", ""]
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString()
      all += chunk.toString()
      if (isShown) process.stdout.write(chunk)
    })
    child.stderr.on("data", (chunk: Buffer) => {
      all += chunk.toString()
      if (isShown) process.stderr.write(chunk)
    })
    const end = (ended: Ended): void => {
      running.delete(child)
      // What was interrupted has no result: nothing may follow from it.
      if (!isEnding) resolve(ended)
    }
    child.on("error", ({ message }) => end({ isFine: false, stdout, all: `${all}${message}` }))
    child.on("close", (code) => end({ isFine: code === 0, stdout, all }))
  })

const running = new Set<ChildProcess>()
let isEnding = false

/** How long a program may take to put its things away, pip its gigabyte in the temporary folder. */
const graceMilliseconds = 5_000

/** Interrupts what runs, and resolves when all of it has ended. Whoever waits for one of them, waits for good. */
export const endAll = async (): Promise<void> => {
  isEnding = true
  const ends = [...running].map((child) => new Promise((resolve) => child.once("close", resolve)))
  signalAll("SIGINT")
  const timer = setTimeout(() => signalAll("SIGKILL"), graceMilliseconds)
  await Promise.all(ends)
  clearTimeout(timer)
}

const signalAll = (signal: NodeJS.Signals): void => {
  for (const { pid } of running)
    try {
      if (pid !== undefined) process.kill(-pid, signal)
    } catch {
      // It has ended in the meantime.
    }
}

// destructors

/** The last line of a program's complaint that says something. */
export const complaint = ({ all }: Ended): string => {
  const lines = all
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
  return lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? "it said nothing"
}
