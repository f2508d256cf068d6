/**
 * `npm run engine` where things go wrong. The network and pip are played: no test fetches or installs anything; that a build
 * succeeds is seen by CI, which makes one.
 */
import { spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import * as fs from "node:fs"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import { afterAll, describe, expect, test } from "vitest"

const root = path.resolve(import.meta.dirname, "../..")
/** Below the repository's `node_modules`, as `RAPO_ENGINE_FOLDER` asks for. */
const scratch = fs.mkdtempSync(path.join(root, ".rapo-engine-"))
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }))

// the program

const noNetwork = `data:text/javascript,globalThis.fetch=()=>Promise.reject(new Error("no network"))`

/** The program, in a folder of its own, with a `python3` that runs these lines. */
const engine = (name: string, python: string, args: ReadonlyArray<string> = []) => {
  const [folder, bin] = [path.join(scratch, name), path.join(scratch, `${name.replace("/", "-")}-bin`)]
  fs.mkdirSync(bin, { recursive: true })
  fs.writeFileSync(path.join(bin, "python3"), `#!/bin/sh\n${python}\n`, { mode: 0o755 })
  const child = spawn(
    process.execPath,
    ["--import", noNetwork, "--import", "./apps/train/bin/source.mjs", "scripts/engine/build.ts", ...args],
    {
      cwd: root,
      env: { ...process.env, PATH: `${bin}:${process.env["PATH"]}`, RAPO_ENGINE_FOLDER: folder },
    },
  )
  let said = ""
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()))
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()))
  const ended = new Promise<{ readonly code: number | null; readonly said: string }>((resolve) =>
    child.on("close", (code) => resolve({ code, said })),
  )
  const below = (): ReadonlyArray<string> =>
    fs.existsSync(folder) ? fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted() : []
  return { child, ended, folder, below }
}

const stackTrace = /^\s+at .*:\d+:\d+/m

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20))
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Installs, slowly: it writes its number beside itself, and half of the library where it was told to. */
const slowPip = [
  'for last in "$@"; do case "$before" in --target) target=$last;; esac; before=$last; done',
  'mkdir -p "$target/tensorflow" && echo half > "$target/tensorflow/libtensorflow_cc.so.2"',
  'echo $$ > "$0.pid.part" && mv "$0.pid.part" "$0.pid"',
  "exec sleep 60",
].join("\n")

const numberOf = (folder: string): string => `${folder}-bin/python3.pid`

/** Without an installer for Linux there is nothing to interrupt. */
describe.runIf(process.platform === "linux")("npm run engine", () => {
  test("no network, no wheel: each source's reason, the remedy, exit code 3, nothing left", async () => {
    const { ended, below } = engine("none", 'echo "ERROR: No matching distribution found" >&2; exit 1')
    const { code, said } = await ended
    expect(said).toContain("no network")
    expect(said).toContain("No matching distribution found")
    expect(said).toContain("PIP_INDEX_URL")
    expect(said).not.toMatch(stackTrace)
    expect(code).toBe(3)
    expect(below()).toEqual([])
  })

  test.each([
    ["SIGTERM", 143],
    ["SIGINT", 130],
    ["SIGHUP", 129],
  ] as const)(
    "%s: pip is ended, what it had written is gone, the exit code says so",
    async (signal, code) => {
      const { child, ended, folder, below } = engine(signal, slowPip)
      await until(() => fs.existsSync(numberOf(folder)))
      const pip = Number(fs.readFileSync(numberOf(folder), "utf8"))
      expect(below().some((name) => name.endsWith("libtensorflow_cc.so.2"))).toBe(true)
      child.kill(signal)
      expect(await ended).toMatchObject({ code, said: expect.stringContaining("interrupted") as string })
      expect(isAlive(pip)).toBe(false)
      expect(below()).toEqual([])
    },
  )

  test("SIGKILL: the next run takes nothing of the half library for a library, and removes it", async () => {
    const { child, ended, folder } = engine("killed", slowPip)
    await until(() => fs.existsSync(numberOf(folder)))
    process.kill(Number(fs.readFileSync(numberOf(folder), "utf8")), "SIGKILL")
    child.kill("SIGKILL")
    await ended
    // The first run may have seen its pip's end before its own; what it leaves is made sure of.
    fs.mkdirSync(path.join(folder, "pip-tensorflow-cpu.partial-999999999/tensorflow"), { recursive: true })
    const again = engine("killed", "exit 1")
    expect((await again.ended).code).toBe(3)
    expect(again.below()).toEqual([])
  })

  test("what another run is making is left alone", async () => {
    const { ended, folder, below } = engine("beside", "exit 1")
    const others = `pip-tensorflow-cpu.partial-${process.pid}`
    fs.mkdirSync(path.join(folder, others), { recursive: true })
    await ended
    expect(below()).toEqual([others])
  })

  test("what does not compile: the reason and its log, exit code 1, the library stays and no add-on", async () => {
    const { ended, folder, below } = engine("headers", "exit 1")
    const library = path.join(folder, "pip-tensorflow-cpu/tensorflow")
    fs.mkdirSync(path.join(library, "include"), { recursive: true })
    const { code, said } = await ended
    expect(said).toMatch(/the add-on was not made: .+ \(all of it: .*compilation\.log\)/)
    expect(said).toContain("apt-get install build-essential")
    expect(said).not.toMatch(stackTrace)
    expect(code).toBe(1)
    expect(fs.existsSync(library)).toBe(true)
    expect(below().filter((name) => name.includes("tfjs-node-gpu"))).toEqual([])
  })

  test("a folder that cannot be made is a sentence", async () => {
    fs.writeFileSync(path.join(scratch, "file"), "")
    const { ended } = engine("file/below", "exit 1")
    const { code, said } = await ended
    expect(said).toMatch(/native engine: not built: ENOTDIR/)
    expect(said).not.toMatch(stackTrace)
    expect(code).toBe(1)
  })

  test("--remove removes; once more says that there is nothing; another word is refused", async () => {
    fs.mkdirSync(path.join(scratch, "removed/some/thing"), { recursive: true })
    const first = engine("removed", "exit 1", ["--remove"])
    expect(await first.ended).toEqual({ code: 0, said: "native engine: removed\n" })
    expect(fs.existsSync(first.folder)).toBe(false)
    expect(await engine("removed", "exit 1", ["--remove"]).ended).toEqual({
      code: 0,
      said: "native engine: there is none to remove\n",
    })
    expect(await engine("removed", "exit 1", ["--delete"]).ended).toEqual({
      code: 1,
      said: "usage: npm run engine [-- --remove]\n",
    })
  })
})

// the download

process.env["RAPO_ENGINE_FOLDER"] = path.join(scratch, "download")
const { download } = await import("../engine/official.ts")
const { reasonOf } = await import("../engine/addon.ts")

/** A server that answers as it is told, and what was asked of it. */
const serving = async <A>(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  use: (address: string, ranges: ReadonlyArray<string | undefined>) => Promise<A>,
): Promise<A> => {
  const ranges: Array<string | undefined> = []
  const server = createServer((request, response) => {
    ranges.push(request.headers.range)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/library.tar.gz`, ranges)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** Bytes of the library in the archive. */
const size = 2 ** 20

/** A folder with one file, as tar.gz. */
const archive = async (): Promise<Buffer> => {
  const from = fs.mkdtempSync(path.join(os.tmpdir(), "rapo-archive-"))
  // Noise, which gzip cannot shrink: long enough to be cut.
  fs.writeFileSync(path.join(from, "library.so"), randomBytes(size))
  const made = path.join(from, "made.tar.gz")
  await new Promise((resolve) => spawn("tar", ["-czf", made, "-C", from, "library.so"]).on("close", resolve))
  const bytes = fs.readFileSync(made)
  fs.rmSync(from, { recursive: true })
  return bytes
}

const quiet = (): void => {}

describe("the download", () => {
  const folder = path.join(scratch, "download")
  const partial = path.join(folder, "library.tar.gz.partial")
  const fresh = (name: string): string => {
    fs.rmSync(folder, { recursive: true, force: true })
    fs.mkdirSync(folder)
    return path.join(folder, name)
  }
  const sendFrom = (bytes: Buffer) => (request: IncomingMessage, response: ServerResponse) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0)
    if (from >= bytes.length) response.writeHead(416).end()
    else
      response
        .writeHead(from > 0 ? 206 : 200, { "content-length": bytes.length - from })
        .end(bytes.subarray(from))
  }

  test("a connection that breaks is a sentence; the next run asks for the rest only", async () => {
    const [target, bytes] = [fresh("cut"), await archive()]
    const half = Math.floor(bytes.length / 2)
    const broken = await serving(
      (_, response) => {
        response.writeHead(200, { "content-length": bytes.length })
        response.write(bytes.subarray(0, half), () => setTimeout(() => response.destroy(), 200))
      },
      (address) => download(address, target, quiet),
    )
    expect(broken).toEqual(expect.any(String))
    // Of what had come, the last pieces may not have been written.
    const held = fs.statSync(partial).size
    expect(held).toBeGreaterThan(0)
    expect(held).toBeLessThanOrEqual(half)
    expect(fs.existsSync(target)).toBe(false)
    await serving(sendFrom(bytes), async (address, ranges) => {
      expect(await download(address, target, quiet)).toBeUndefined()
      expect(ranges).toEqual([`bytes=${held}-`])
    })
    expect(fs.statSync(path.join(target, "library.so")).size).toBe(size)
    expect(fs.existsSync(partial)).toBe(false)
  })

  test("where nothing is left to fetch, it begins again", async () => {
    const [target, bytes] = [fresh("past"), await archive()]
    fs.writeFileSync(partial, Buffer.alloc(bytes.length))
    await serving(sendFrom(bytes), async (address, ranges) => {
      expect(await download(address, target, quiet)).toBeUndefined()
      expect(ranges).toEqual([`bytes=${bytes.length}-`, undefined])
    })
    expect(fs.statSync(path.join(target, "library.so")).size).toBe(size)
  })

  test("an answer that is no archive is a sentence, and is fetched anew by the next run", async () => {
    const target = fresh("page")
    const problem = await serving(
      (_, response) => response.end("<html>sign in</html>"),
      (address) => download(address, target, quiet),
    )
    expect(problem).toMatch(/gzip|tar/)
    expect(fs.existsSync(target)).toBe(false)
    expect(fs.readdirSync(folder).filter((name) => !/\.partial-\d+$/.test(name))).toEqual([])
  })

  test("a refusal names its status", async () => {
    const target = fresh("refused")
    const problem = await serving(
      (_, response) => response.writeHead(404).end(),
      (address) => download(address, target, quiet),
    )
    expect(problem).toMatch(/library\.tar\.gz: HTTP 404/)
  })
})

test.each([
  ["the compiler's", "gyp info\nx.cc:3: error: no ;\nmake: *** [x.o] Error 1\n", "x.cc:3: error: no ;"],
  ["make's", "make: Entering directory 'x'\nmake: g++: No such file\n", "make: g++: No such file"],
  ["node-gyp's", "gyp ERR! build error\ngyp ERR! stack Error: not found: make\n", "not found: make"],
])("of a compilation's output, the reason is %s first line that names a cause", (_, all, reason) => {
  expect(reasonOf({ isFine: false, stdout: "", all })).toBe(reason)
})
