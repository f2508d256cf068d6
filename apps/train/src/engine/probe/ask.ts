/**
 * Asks an engine in a process of its own. Whatever happens to that process, the asker gets an answer.
 */
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { probeEntry } from "../../paths.ts"
import type { Answer, Question } from "./Probe.ts"

/** Ours: the slowest answer seen, the native engine's first start from a cold disk, took 15 s. */
const patienceMilliseconds = 60_000

/** The answer; `environment` is added to this process's, where the user has not set it. */
export const probe = (question: Question, environment: Readonly<Record<string, string>>): Promise<Answer> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [fileURLToPath(probeEntry), JSON.stringify(question)], {
      env: { ...environment, ...process.env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: patienceMilliseconds,
    })
    const heard = { stdout: "", stderr: "" }
    child.stdout.on("data", (chunk: Buffer) => void (heard.stdout += chunk.toString()))
    child.stderr.on("data", (chunk: Buffer) => void (heard.stderr += chunk.toString()))
    child.on("error", ({ message }) => resolve({ _tag: "Failed", problem: message }))
    child.on("close", (code, signal) =>
      resolve(answerIn(heard.stdout) ?? failure(heard.stderr, code, signal)),
    )
  })

/** The last line that is an answer; libraries may print lines of their own. */
const answerIn = (stdout: string): Answer | undefined => {
  for (const line of stdout.split("\n").toReversed()) {
    try {
      const parsed: unknown = JSON.parse(line)
      if (typeof parsed === "object" && parsed !== null && "_tag" in parsed) return parsed as Answer
    } catch {
      // Not JSON: not ours.
    }
  }
  return undefined
}

const failure = (stderr: string, code: number | null, signal: NodeJS.Signals | null): Answer => {
  const said = stderr
    .split("\n")
    .map((line) => line.trim())
    .find((line) => /error|warning|cannot|fail/i.test(line))
  const end = signal === null ? `exit code ${code}` : `signal ${signal}`
  return { _tag: "Failed", problem: said ?? `the process that tried it ended with ${end}` }
}
