/**
 * The order of test files: the longest first, so that the workers end together, also on a clean clone, where vitest knows no times.
 */
import { BaseSequencer, type TestSpecification } from "vitest/node"

/** The files that take more than ten seconds, the longest first. A name here changes nothing but the order. */
const longest = [
  "experiment/resume",
  "training/save/resume",
  "evaluate/process",
  "lora/process",
  "plan/native",
  "jsonl/commands",
  "team/process",
  "plan/wasm",
  "verify/verify",
  "engine/command",
  "team/threads",
  "model/checkpoint/memory",
  "engine/graph",
  "cli/process",
  "plan/process",
  "test/browser",
  "test/engine",
  "team/reinforceTogether",
  "experiment/dataExperiment",
  "rollout/columnBlock",
  "training/microBatches",
  "endpoint/Endpoint",
  "distributions/test/large",
]

const place = ({ moduleId }: TestSpecification): number => {
  const found = longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`))
  return found === -1 ? longest.length : found
}

/** Projects one after the other, as vitest has them, since files that share a process must follow each other. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: Array<TestSpecification>): Promise<Array<TestSpecification>> {
    // oxlint-disable-next-line no-array-sort -- a sequencer's method, no array's
    const sorted = await super.sort(files)
    const projects = [...new Set(sorted.map(({ project }) => project))]
    return projects.flatMap((project) =>
      sorted.filter((file) => file.project === project).toSorted((a, b) => place(a) - place(b)),
    )
  }
}
