/**
 * The command as a user starts it, for tests: a process, its exit code and what it writes.
 *
 *     const scratch = scratchFolder("rapo-mine-")
 *     const { code, stdout, stderr } = await rapo(["verify", "--workers", "1"], { cwd: scratch, stdin: text })
 *
 *     const running = startRapo(["train", file], { cwd: scratch })
 *     await reached(running, () => running.written.stderr.includes("training: 1/"))
 *     running.child.kill("SIGINT")
 *     const { code } = await running.finished
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll } from "vitest"

// model

export interface Written {
  stdout: string
  stderr: string
}

export interface Finished extends Readonly<Written> {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Settings {
  /** The folder that the command is started in. */
  readonly cwd: string
  /** Variables of the environment, beside those of the tests. */
  readonly env?: Readonly<Record<string, string>>
}

/** A process that may still be running. Its standard input is open. */
export interface Running {
  readonly child: ChildProcessWithoutNullStreams
  /** What it has written so far. */
  readonly written: Readonly<Written>
  readonly finished: Promise<Finished>
}

// constructors

/** The command's file: what npm links as `rapo`. */
export const executable = fileURLToPath(new URL("../bin/rapo.mjs", import.meta.url))

/** A new empty folder, which is gone after the tests of the file that asks for it. */
export const scratchFolder = (prefix: string): string => {
  const folder = mkdtempSync(path.join(tmpdir(), prefix))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A new empty folder in a folder. */
export const freshFolder = (parent: string): string => mkdtempSync(path.join(parent, "d-"))

/** Starts the command. */
export const startRapo = (args: ReadonlyArray<string>, { cwd, env = {} }: Settings): Running => {
  const child = spawn(process.execPath, [executable, ...args], { cwd, env: { ...process.env, ...env } })
  const written: Written = { stdout: "", stderr: "" }
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => {
      written[name] += text
    })
  // Who ends without reading breaks the pipe.
  child.stdin.on("error", () => undefined)
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on("error", reject)
    // "close" comes when the process has ended and nothing holds its pipes: no worker or child is left.
    child.on("close", (code, signal) => resolve({ code, signal, ...written }))
  })
  return { child, written, finished }
}

// combinators

/** Runs the command to its end, with a text on its standard input. */
export const rapo = (
  args: ReadonlyArray<string>,
  { stdin = "", ...settings }: Settings & { readonly stdin?: string },
): Promise<Finished> => {
  const { child, finished } = startRapo(args, settings)
  child.stdin.end(stdin)
  return finished
}

/** Waits until something holds, or the process has ended; says whether it held. */
export const reached = async (
  { child, finished }: Running,
  holds: () => boolean,
  everyMs = 10,
): Promise<boolean> => {
  while (!holds()) {
    if (child.exitCode !== null || child.signalCode !== null) return holds()
    let timer: NodeJS.Timeout | undefined
    await Promise.race([
      finished,
      new Promise((resolve) => {
        timer = setTimeout(resolve, everyMs)
      }),
    ])
    clearTimeout(timer)
  }
  return true
}
