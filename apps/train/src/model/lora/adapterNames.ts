/**
 * Names of an adapter's parts among a model's parameters; `module` is a linear layer, such as
 * "model.layers.0.self_attn.q_proj".
 */

/** A [in, r] and B [r, out], which are trained, and the scale s, a constant. */
export const adapterNames = (
  module: string,
): { readonly a: string; readonly b: string; readonly scale: string } => ({
  a: `${module}.lora_A`,
  b: `${module}.lora_B`,
  scale: `${module}.lora_scale`,
})
