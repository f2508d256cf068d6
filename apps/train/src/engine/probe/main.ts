/**
 * The process that is asked about an engine (`ask.ts`): prints its answer as a line of JSON and ends.
 */
import { startEngine } from "../start.ts"
import { type AdapterInfo, openDawn } from "../webgpu/dawn.ts"
import type { Answer, Question } from "./Probe.ts"

const adapter = async (): Promise<Answer> => {
  const found = await (await openDawn()).requestAdapter({ powerPreference: "high-performance" })
  return found === null
    ? { _tag: "Failed", problem: "no graphics card answers through WebGPU" }
    : { _tag: "Adapter", device: nameOf(found.info), isSoftware: isSoftware(found.info) }
}

const nameOf = ({ description, device, architecture, vendor }: AdapterInfo): string =>
  [device, description].find((name) => name !== "") ?? `${vendor} ${architecture}`.trim()

/** Processors that play a card call themselves so, also where Dawn does not. */
const isSoftware = (info: AdapterInfo): boolean =>
  info.isFallbackAdapter === true ||
  /swiftshader|llvmpipe|lavapipe|basic render/i.test(
    `${info.architecture} ${info.device} ${info.description}`,
  )

const measured = async (question: Extract<Question, { _tag: "Measure" }>): Promise<Answer> => {
  await startEngine(question.engine)
  // After the engine: tfjs must be whole before kernels are imported.
  const { measure } = await import("./measure.ts")
  return { _tag: "Measured", speed: measure(question.isSoftware) }
}

const answer = (question: Question): Promise<Answer> =>
  question._tag === "Adapter" ? adapter() : measured(question)

const said = await answer(JSON.parse(process.argv[2] ?? "") as Question).catch((cause: unknown): Answer => ({
  _tag: "Failed",
  problem: cause instanceof Error ? cause.message : String(cause),
}))
process.stdout.write(`${JSON.stringify(said)}\n`, () => {
  // Dawn's threads would keep the process alive.
  process.exit(0)
})
