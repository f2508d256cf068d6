/**
 * From problems to rewards: prompts, groups of responses, verdicts.
 *
 *     problem → prompt tokens → G responses → verdicts → rewards
 *
 * The reward is the verifier's: 1 for a correct answer, 0 otherwise (an answer that cannot be read earns nothing).
 */
import { Seed } from "@rapo/distributions"
import type { Parameters } from "../model/Parameters.ts"
import type { PromptBatch } from "../model/promptBatch.ts"
import type { Qwen2Config } from "../model/Qwen2Config.ts"
import type { TextCodec } from "../model/TextCodec.ts"
import type { Exercise, Problem } from "../tasks/Task.ts"
import { type Responses, sampleResponses } from "./sample.ts"

/** What a model needs to speak: its shape, its tokenizer, how it is asked and what about. All constant over a run. */
export interface Setting {
  readonly config: Qwen2Config
  readonly codec: TextCodec
  readonly task: Exercise
  /** The prompt of a problem, at least 2 tokens. Total: problems that cannot be put so are left out before. */
  readonly encode: (problem: Problem) => ReadonlyArray<number>
  readonly endIds: ReadonlyArray<number>
  /** Most responses under way at once; missing, all are. */
  readonly places?: number | undefined
}

/** B = P·G responses with their judgement, group by group. */
export interface Rollouts {
  readonly batch: PromptBatch
  readonly responses: Responses
  /** [B]: 1 or 0. */
  readonly rewards: ReadonlyArray<number>
  /** [B]: whether the response is a well-formed answer, right or wrong. */
  readonly isLegal: ReadonlyArray<boolean>
}

/**
 * G responses to each problem, judged. The g-th response to a problem depends on `seed`, the problem's id and g alone.
 */
export const collectRollouts = (
  { config, codec, task, encode, endIds, places }: Setting,
  parameters: Parameters,
  problems: ReadonlyArray<Problem>,
  groupSize: number,
  temperature: number,
  seed: Seed.Seed,
): Rollouts => {
  const batch: PromptBatch = {
    prompts: problems.map(encode),
    groupSize,
    padId: codec.padId,
  }
  const seeds = problems.flatMap(({ id }) => {
    const own = Seed.child(seed, id)
    return Array.from({ length: groupSize }, (_, g) => Seed.child(own, g))
  })
  const responses = sampleResponses(config, parameters, batch, seeds, {
    endIds,
    maxTokens: task.maxResponseTokens,
    temperature,
    ...(places === undefined ? {} : { places }),
  })
  const judge = judgeOnce(codec, task)
  const judged = responses.map((response, b) =>
    judge(problems[Math.floor(b / groupSize)] as Problem, response),
  )
  return {
    batch,
    responses,
    rewards: judged.map(({ reward }) => reward),
    isLegal: judged.map(({ isLegal }) => isLegal),
  }
}

interface Judgement {
  readonly reward: number
  readonly isLegal: boolean
}

/** Judges responses; equal responses to a problem, of which there are many, are judged once. */
const judgeOnce = (
  codec: TextCodec,
  task: Exercise,
): ((problem: Problem, response: ReadonlyArray<number>) => Judgement) => {
  const known = new Map<string, Judgement>()
  return (problem, response) => {
    const key = `${problem.id} ${response.join()}`
    const before = known.get(key)
    if (before !== undefined) return before
    const text = codec.decode(response)
    const judgement: Judgement = {
      reward: task.verify(problem, text)._tag === "Correct" ? 1 : 0,
      isLegal: task.isLegal(problem, text),
    }
    known.set(key, judgement)
    return judgement
  }
}
