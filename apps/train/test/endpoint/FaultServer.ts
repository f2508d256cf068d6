/**
 * A server of OpenAI's API that misbehaves as a script says, and keeps a log of what it gave.
 *
 * Every choice that it gives has a serial number in its text, with the problem and the request's seed. Requests take the next fault
 * of the script; when the script has ended, all are answered.
 */
import { type IncomingMessage, type ServerResponse, createServer } from "node:http"
import type { AddressInfo } from "node:net"

/** One way to fail. `fewer` is half of what was asked for, and counts as given; of the others nothing is usable. */
export const faults = [
  "429 seconds",
  "429 date",
  "429 bare",
  "500",
  "503 html",
  "dropped",
  "dropped midway",
  "slow",
  "broken JSON",
  "error as 200",
  "empty choices",
  "fewer",
  "no content",
  "unknown finish",
] as const

export type ScriptedFault = (typeof faults)[number]

/** What was asked, and what was given: the serial numbers of the choices of a complete answer. */
export interface Entry {
  readonly problem: string
  readonly seed: number
  readonly n: number
  readonly fault: ScriptedFault | "n rejected" | "answered"
  readonly given: ReadonlyArray<number>
}

export interface FaultServer {
  readonly url: string
  readonly log: ReadonlyArray<Entry>
  /** The most requests that were under way at once. */
  readonly mostAtOnce: () => number
  /** The authorisation headers that came. */
  readonly keys: ReadonlySet<string | undefined>
  readonly close: () => Promise<void>
}

export interface Options {
  readonly script: ReadonlyArray<ScriptedFault>
  /** What the server makes of `n` > 1. */
  readonly several?: "given" | "rejected" | "ignored"
  /** Every request is refused with this status; the message repeats the key. */
  readonly always?: number
  /** Milliseconds that an answer takes. */
  readonly delay?: number
}

interface Asked {
  readonly prompt?: string
  readonly messages?: ReadonlyArray<{ readonly content: string }>
  readonly seed: number
  readonly n?: number
}

/** Starts on a free port of the loopback address. */
export const startFaultServer = async (options: Options): Promise<FaultServer> => {
  const log: Array<Entry> = []
  const keys = new Set<string | undefined>()
  const state = { next: 0, serial: 0, open: 0, most: 0 }
  const answer = (request: IncomingMessage, asked: Asked, response: ServerResponse): void => {
    const isChat = request.url === "/v1/chat/completions"
    const problem = (isChat ? asked.messages?.[0]?.content : asked.prompt) ?? ""
    const n = asked.n ?? 1
    const send = (status: number, body: string, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(body)
    }
    const enter = (fault: Entry["fault"], given: ReadonlyArray<number> = []): void => {
      log.push({ problem, seed: asked.seed, n, fault, given })
    }
    const choice = (serial: number, index: number): object => {
      const text = JSON.stringify({ problem, seed: asked.seed, serial })
      return isChat
        ? { index, message: { role: "assistant", content: text }, finish_reason: "stop" }
        : { index, text, finish_reason: "length" }
    }
    const envelope = (choices: ReadonlyArray<object>): string =>
      JSON.stringify({ object: "completion", choices, usage: { prompt_tokens: 3, completion_tokens: 5 } })
    const give = (fault: Entry["fault"], count: number): void => {
      const given = Array.from({ length: count }, () => state.serial++)
      enter(fault, given)
      send(200, envelope(given.map(choice)))
    }
    if (options.always !== undefined) {
      enter("500")
      return send(
        options.always,
        JSON.stringify({ error: { message: `no, with ${request.headers.authorization}` } }),
      )
    }
    if (n > 1 && options.several === "rejected") {
      enter("n rejected")
      return send(400, JSON.stringify({ detail: "n must be 1" }))
    }
    const fault = options.script[state.next++]
    if (fault === undefined) return give("answered", options.several === "ignored" ? 1 : n)
    if (fault === "fewer") return give(fault, options.several === "ignored" ? 1 : Math.ceil(n / 2))
    enter(fault)
    switch (fault) {
      case "429 seconds":
        return send(429, `{"error": "too many requests"}`, { "retry-after": "0.02" })
      case "429 date":
        return send(429, `{"message": "too many requests"}`, { "retry-after": new Date().toUTCString() })
      case "429 bare":
        return send(429, "")
      case "500":
        return send(500, `{"error": {"message": "internal"}}`)
      case "503 html":
        return send(503, "<html>Bad gateway</html>", { "content-type": "text/html" })
      case "dropped":
        return void request.socket.destroy()
      case "dropped midway":
        response.writeHead(200, { "content-length": "1000" }).write(`{"choices": [`)
        return void setTimeout(() => request.socket.destroy(), 5)
      case "slow":
        // Begins, and never ends.
        return void response.writeHead(200).write(`{"choices": [`)
      case "broken JSON":
        return send(200, envelope([choice(-1, 0)]).slice(0, -5))
      case "error as 200":
        return send(200, `{"error": {"message": "out of memory"}}`)
      case "empty choices":
        return send(200, envelope([]))
      case "no content":
        return send(200, `{"choices": [{"message": {"content": null}, "finish_reason": "stop"}]}`)
      case "unknown finish":
        return send(
          200,
          `{"choices": [{"text": "cut", "message": {"content": "cut"}, "finish_reason": "abort"}]}`,
        )
    }
  }
  const server = createServer((request, response) => {
    state.open++
    state.most = Math.max(state.most, state.open)
    response.once("close", () => state.open--)
    keys.add(request.headers.authorization)
    const parts: Array<Buffer> = []
    request.on("data", (part: Buffer) => parts.push(part))
    request.on("end", () => {
      const asked = JSON.parse(Buffer.concat(parts).toString()) as Asked
      setTimeout(() => answer(request, asked, response), options.delay ?? 0)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    mostAtOnce: () => state.most,
    keys,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
