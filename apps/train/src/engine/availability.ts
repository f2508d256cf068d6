/**
 * Whether an engine can be had on this machine, found out without loading it into this process.
 */
import type { Availability, EngineName } from "./EngineName.ts"

/** See the module header. */
export const availability = async (name: EngineName): Promise<Availability> => {
  switch (name) {
    case "native":
      return (await import("./native/addon.ts")).nativeAvailability()
    case "webgpu":
      return (await import("./webgpu/availability.ts")).webgpuAvailability()
    case "wasm":
      return {
        _tag: "Present",
        device: "WebAssembly with SIMD, one thread a worker",
        isSoftware: false,
        environment: {},
      }
  }
}
