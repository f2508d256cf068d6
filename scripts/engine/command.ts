/**
 * Runs a program, with its output kept or shown.
 */
import { spawn } from "node:child_process"

/** How it ended. */
export interface Ended {
  readonly isFine: boolean
  /** Standard output, and both streams together. */
  readonly stdout: string
  readonly all: string
}

/** Runs to the end; a program that is not there is one that failed. `isShown`: what it prints is shown as it comes. */
export const run = (
  program: string,
  args: ReadonlyArray<string>,
  { cwd, isShown = false }: { readonly cwd?: string; readonly isShown?: boolean } = {},
): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"] })
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
    child.on("error", ({ message }) => resolve({ isFine: false, stdout, all: `${all}${message}` }))
    child.on("close", (code) => resolve({ isFine: code === 0, stdout, all }))
  })

/** The last line of a program's complaint that says something. */
export const complaint = ({ all }: Ended): string => {
  const lines = all
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
  return lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? "it said nothing"
}
