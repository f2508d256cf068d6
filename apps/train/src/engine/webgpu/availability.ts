/**
 * Whether WebGPU finds a graphics card here, asked in a process of its own: a driver that crashes is then a reason and not
 * the end of the program, and what drivers print is kept from the screen.
 */
import { probe } from "../probe/ask.ts"
import type { Availability } from "../EngineName.ts"
import { softwareVulkan, vulkanDrivers } from "./vulkan.ts"

/** A card if there is one; else a software driver that is installed; else why there is neither. */
export const webgpuAvailability = async (): Promise<Availability> => {
  const own = await ownDrivers()
  if (own._tag === "Present" && !own.isSoftware) return own
  const software = softwareVulkan()
  if (own._tag === "Present" || software === undefined) return own
  const found = await adapterIn(software)
  return found._tag === "Present" ? found : own
}

const ownDrivers = async (): Promise<Availability> => {
  const drivers = vulkanDrivers()
  return drivers?.length === 0
    ? { _tag: "Absent", problem: "no Vulkan driver is installed", remedy }
    : adapterIn({})
}

const adapterIn = async (environment: Readonly<Record<string, string>>): Promise<Availability> => {
  const answer = await probe({ _tag: "Adapter" }, environment)
  return answer._tag === "Adapter"
    ? { _tag: "Present", device: answer.device, isSoftware: answer.isSoftware, environment }
    : {
        _tag: "Absent",
        problem: answer._tag === "Failed" ? answer.problem : "no graphics card answers",
        remedy,
      }
}

const remedy =
  "Install the graphics card's driver, with Vulkan (Linux: `vulkaninfo` shows it), or use --engine native or wasm."
