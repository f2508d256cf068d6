/**
 * The order of test files: the longest first, so that the workers end together, also on a clean clone, where vitest knows no times.
 */
import { BaseSequencer, type TestSpecification } from "vitest/node"

/** The files that take more than ten seconds, project by project, the longest first. A name here changes nothing but the order. */
const longest = [
  "experiment/resume",
  "engine/webgpu",
  "team/process",
  "lora/process",
  "evaluate/process",
  "plan/native",
  "plan/wasm",
  "cli/process",
  "engine/graph",
  "verify/verify",
  "engine/command",
  "plan/process",
  "test/examples",
  "test/browser",
  "test/engine",
  "training/save/resume",
  "team/reinforceTogether",
  "jsonl/commands",
  "experiment/dataExperiment",
  "team/threads",
  "model/checkpoint/memory",
  "rollout/columnBlock",
  "training/microBatches",
  "endpoint/Endpoint",
  "experiment/runExperiment",
  "experiment/resumeRefusals",
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
