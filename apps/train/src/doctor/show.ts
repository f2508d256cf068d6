/**
 * A diagnosis for people: a line an engine, what is wrong below it, then the machine and the versions.
 */
import type { Diagnosis, EngineStatus } from "./Diagnosis.ts"

/** Several lines of text. */
export const show = ({ auto, engines, machine, versions }: Diagnosis): string =>
  [
    ...engines.flatMap((engine) => engineLines(engine, engine.name === auto)),
    "",
    `machine   ${machine.processor}, ${machine.cores} cores, ${gigabytes(machine.memoryBytes)} of memory ` +
      `(${gigabytes(machine.freeMemoryBytes)} free), ${machine.platform}`,
    ...machine.nvidia.map((card) => `card      ${card}`),
    `versions  ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version ?? "not here"}`)
      .join(", ")}`,
  ].join("\n")

const engineLines = (
  { name, status, device, problem, remedy, speed }: EngineStatus,
  isAuto: boolean,
): ReadonlyArray<string> => [
  `${name.padEnd(8)}  ${[
    status,
    device,
    ...(speed === null ? [] : [figures(speed)]),
    ...(isAuto ? ["--engine auto takes it"] : []),
  ]
    .filter((part) => part !== "")
    .join("; ")}`,
  ...(problem === "" ? [] : [`${" ".repeat(10)}${problem}. ${remedy}`]),
]

const figures = ({ matmulGflops, trainingStepsPerSecond }: NonNullable<EngineStatus["speed"]>): string =>
  `${significant(matmulGflops)} GFLOP/s` +
  (trainingStepsPerSecond === null ? "" : `, ${significant(trainingStepsPerSecond)} small training steps/s`)

const significant = (value: number): string =>
  value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(2)))

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`
