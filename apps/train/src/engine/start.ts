/**
 * Starts an engine in this thread.
 *
 * tfjs has one global engine a thread: from here on every tensor of the thread lives on the backend that was started.
 */
import type { EngineName } from "./EngineName.ts"

/** Resolves when tensors can be made. The backend is loaded here and not before: that takes a second. */
export const startEngine = async (name: EngineName): Promise<void> => {
  switch (name) {
    case "native":
      return (await import("./native/start.ts")).startNative()
    case "webgpu":
      return (await import("./webgpu/start.ts")).startWebgpu()
    case "wasm":
      await (await import("./wasm/start.ts")).startWasm()
  }
}
