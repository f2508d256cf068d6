/**
 * Dawn, Chromium's WebGPU, in this thread: `navigator.gpu` as a browser has it.
 */
import { keepLoaded } from "../keepLoaded.ts"
import { watchTicks } from "./ticks.ts"

/** What is asked of an adapter; the rest is tfjs's business. */
export interface AdapterInfo {
  readonly vendor: string
  readonly architecture: string
  readonly device: string
  readonly description: string
  readonly isFallbackAdapter?: boolean
}

/** The part of `navigator.gpu` that is used here. */
export interface Gpu {
  readonly requestAdapter: (options?: {
    readonly powerPreference?: "high-performance" | "low-power"
  }) => Promise<{ readonly info: AdapterInfo } | null>
}

/** The environment variable that names a Vulkan loader outside the system's library path. */
export const loaderVariable = "RAPO_VULKAN_LOADER"

/** Loads Dawn and puts it where tfjs looks for it. */
export const openDawn = async (): Promise<Gpu> => {
  const loader = process.env[loaderVariable]
  if (loader !== undefined) keepLoaded(loader)
  watchTicks()
  // By a variable: the package's types would declare the browser's globals for the whole program.
  const name: string = "webgpu"
  const { create, globals } = (await import(name)) as {
    readonly create: (options: ReadonlyArray<string>) => Gpu
    readonly globals: object
  }
  Object.assign(globalThis, globals)
  const gpu = create([])
  const holder = (globalThis as { readonly navigator?: object }).navigator ?? {}
  Object.defineProperty(holder, "gpu", { value: gpu, configurable: true })
  Object.defineProperty(globalThis, "navigator", { value: holder, configurable: true })
  return gpu
}
