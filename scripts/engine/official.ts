/**
 * The library that Google publishes for `@tensorflow/tfjs-node-gpu` 4.22.
 */
import { createWriteStream } from "node:fs"
import * as fs from "node:fs"
import * as path from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { complaint, run } from "./command.ts"
import { folder, partialOf, settle } from "./folders.ts"

const host = "https://storage.googleapis.com"

/** The addresses that the package's own installer uses; undefined where there is no library. */
export const officialAddress = (kind: "cpu" | "gpu"): string | undefined => {
  const { platform, arch } = process
  if (platform === "linux" && arch === "x64")
    return `${host}/tensorflow/libtensorflow/libtensorflow-${kind}-linux-x86_64-2.9.1.tar.gz`
  if (platform === "darwin" && arch === "x64")
    return `${host}/tensorflow/libtensorflow/libtensorflow-cpu-darwin-x86_64-2.9.1.tar.gz`
  if (platform === "darwin" && arch === "arm64")
    return `${host}/tf-builds/libtensorflow_r2_7_darwin_arm64_cpu.tar.gz`
  if (platform === "linux" && arch === "arm64")
    return `${host}/tf-builds/libtensorflow_r2_7_linux_arm64.tar.gz`
  return undefined
}

/** How long the server may take to begin its answer. */
const patienceMilliseconds = 10_000

/**
 * Fetches an archive and unpacks it into `target`, which appears only when all of it is there; undefined, or why not. A part that
 * an earlier run fetched is not fetched again.
 */
export const download = async (
  address: string,
  target: string,
  say: (line: string) => void,
): Promise<string | undefined> => {
  const archive = path.join(folder, path.basename(address))
  try {
    if (!fs.existsSync(archive)) await fetchInto(address, archive, say)
  } catch (cause) {
    const { cause: below, message } = cause as Error
    return below instanceof Error ? below.message : message
  }
  const unfinished = partialOf(target)
  fs.mkdirSync(unfinished, { recursive: true })
  const ended = await run("tar", ["-xzf", archive, "-C", unfinished])
  fs.rmSync(archive)
  if (!ended.isFine) return complaint(ended)
  settle(target)
  return undefined
}

const rangeNotSatisfiable = 416

const fetchInto = async (address: string, file: string, say: (line: string) => void): Promise<void> => {
  const unfinished = `${file}.partial`
  const held = fs.existsSync(unfinished) ? fs.statSync(unfinished).size : 0
  const waiting = new AbortController()
  const timer = setTimeout(() => waiting.abort(new Error("the server does not answer")), patienceMilliseconds)
  const response = await fetch(address, {
    signal: waiting.signal,
    headers: held > 0 ? { Range: `bytes=${held}-` } : {},
  }).finally(() => clearTimeout(timer))
  if (response.status === rangeNotSatisfiable && held > 0) {
    // There is nothing behind what is held: the archive is another one now, or the last run ended just before the renaming.
    fs.rmSync(unfinished)
    return fetchInto(address, file, say)
  }
  if (!response.ok || response.body === null) throw new Error(`${address}: HTTP ${response.status}`)
  const isContinued = response.status === 206
  const total = Number(response.headers.get("content-length") ?? 0) + (isContinued ? held : 0)
  let got = isContinued ? held : 0
  let told = 0
  const body = Readable.fromWeb(response.body)
  body.on("data", (chunk: Buffer) => {
    got += chunk.length
    if (got - told < 20e6 && got < total) return
    told = got
    say(`  ${(got / 1e6).toFixed(0)} of ${(total / 1e6).toFixed(0)} MB`)
  })
  await pipeline(body, createWriteStream(unfinished, { flags: isContinued ? "a" : "w" }))
  fs.renameSync(unfinished, file)
}
