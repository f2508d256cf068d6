/** What the reference file of NeMo-RL holds. */

export type Numbers = ReadonlyArray<number>

export interface Clipped {
  readonly advantages: Numbers
  readonly prev_logprobs: Numbers
  readonly curr_logprobs: Numbers
  readonly clip_min: number
  readonly clip_max: number
  readonly ratio_clip_c?: number
  readonly ratios: Numbers
  readonly per_token: Numbers
  readonly loss_token_mean: number
}

export interface Nemo {
  readonly ppo_clip: Clipped
  readonly dual_clip: Clipped & { readonly loss1: Numbers; readonly loss2: Numbers }
  readonly reinforce: {
    readonly advantages: Numbers
    readonly curr_logprobs: Numbers
    readonly per_token: Numbers
    readonly loss_token_mean: number
  }
  readonly kl: {
    readonly logprobs: Numbers
    readonly reference: Numbers
    readonly k1: Numbers
    readonly k2: Numbers
    readonly k3: Numbers
    readonly clamped: {
      readonly input_clamp: number
      readonly output_clamp: number
      readonly k1: Numbers
      readonly k2: Numbers
      readonly k3: Numbers
    }
  }
  readonly kl_k3_input_clamp_gradient: {
    readonly logprobs: Numbers
    readonly reference: Numbers
    readonly input_clamp: number
    readonly value: Numbers
    readonly grad: Numbers
  }
  readonly kl_penalty_loss: {
    readonly curr: Numbers
    readonly reference: Numbers
    readonly beta: number
    readonly k3: Numbers
    readonly mean_kl: number
    readonly loss: number
  }
  readonly ppo_clip_with_sampler_correction: {
    readonly advantages: Numbers
    readonly prev: Numbers
    readonly curr: Numbers
    readonly generation: Numbers
    readonly actor_importance: Numbers
    readonly per_token: Numbers
    readonly actor_loss: number
    readonly kl_reference: Numbers
    readonly kl_importance: Numbers
    readonly k3: Numbers
    readonly weighted_k3: Numbers
  }
  readonly gspo: {
    readonly advantages: Numbers
    readonly prev: Numbers
    readonly curr: Numbers
    readonly seq_ratio: number
    readonly per_token: Numbers
    readonly loss: number
  }
  readonly approx_entropy: { readonly curr: Numbers; readonly generation: Numbers; readonly value: number }
  readonly grpo_advantage: ReadonlyArray<{
    readonly group: Numbers
    readonly rewards: Numbers
    readonly advantages: Numbers
  }>
}
