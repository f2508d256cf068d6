/**
 * The files that make an adapter's folder, as PEFT names them.
 */
export const adapterFiles = ["adapter_config.json", "adapter_model.safetensors"] as const
