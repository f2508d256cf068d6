/**
 * From problems to rewards: prompts, groups of responses, verdicts.
 *
 *     problem → prompt tokens → G responses → verdicts → rewards
 *
 * The reward is the verifier's: 1 for a correct answer, 0 otherwise (an answer that cannot be read earns nothing).
 */
import { Seed } from "@rapo/distributions"
import { isRight } from "fp-ts/lib/Either.js"
import type { Parameters } from "../model/Parameters.ts"
import type { PromptBatch } from "../model/promptBatch.ts"
import type { Qwen2Config } from "../model/Qwen2Config.ts"
import type { TextCodec } from "../model/TextCodec.ts"
import type { Problem, Task } from "../tasks/Task.ts"
import { type Responses, sampleResponses } from "./sample.ts"

/** What a model needs to speak: its shape, its tokenizer, the task. All constant over a run. */
export interface Setting {
  readonly config: Qwen2Config
  readonly codec: TextCodec
  readonly task: Task
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
  { config, codec, task }: Setting,
  parameters: Parameters,
  problems: ReadonlyArray<Problem>,
  groupSize: number,
  temperature: number,
  seed: Seed.Seed,
): Rollouts => {
  const batch: PromptBatch = {
    prompts: problems.map(({ prompt }) => promptTokens(codec, prompt)),
    groupSize,
    padId: codec.padId,
  }
  const seeds = problems.flatMap(({ id }) => {
    const own = Seed.child(seed, id)
    return Array.from({ length: groupSize }, (_, g) => Seed.child(own, g))
  })
  const responses = sampleResponses(config, parameters, batch, seeds, {
    eosId: codec.eosId,
    maxTokens: task.maxResponseTokens,
    temperature,
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
  task: Task,
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

/** The token ids of a prompt. The task's own tokenizer can encode every prompt of the task. */
const promptTokens = (codec: TextCodec, prompt: string): ReadonlyArray<number> => {
  const ids = codec.encode(prompt)
  if (isRight(ids)) return ids.right
  throw new Error(`bug: the tokenizer cannot encode the task's prompt ${JSON.stringify(prompt)}`)
}
