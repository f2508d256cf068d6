/**
 * Which Vulkan drivers Linux offers. (macOS and Windows bring Metal and Direct3D, and need no look.)
 */
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { loaderVariable } from "./dawn.ts"

/** Where distributions and vendors put a driver's manifest, in the order of Vulkan's loader. */
const manifestFolders = [
  path.join(os.homedir(), ".local/share/vulkan/icd.d"),
  "/usr/local/etc/vulkan/icd.d",
  "/etc/vulkan/icd.d",
  "/usr/local/share/vulkan/icd.d",
  "/usr/share/vulkan/icd.d",
]

/** The manifests of installed drivers; undefined where drivers are not found by manifests. */
export const vulkanDrivers = (): ReadonlyArray<string> | undefined => {
  if (process.platform !== "linux") return undefined
  const named = process.env["VK_DRIVER_FILES"] ?? process.env["VK_ICD_FILENAMES"]
  if (named !== undefined) return named.split(":").filter((file) => fs.existsSync(file))
  return manifestFolders
    .filter((folder) => fs.existsSync(folder))
    .flatMap((folder) => fs.readdirSync(folder).map((name) => path.join(folder, name)))
    .filter((file) => file.endsWith(".json"))
}

/** Where Chromium brings SwiftShader, Vulkan in software, and a loader beside it. */
const chromiumFolders = ["/usr/lib/chromium", "/usr/lib/chromium-browser", "/opt/google/chrome"]

/** The environment in which Vulkan is SwiftShader; undefined where Chromium is not installed. */
export const softwareVulkan = (): Readonly<Record<string, string>> | undefined => {
  const folder = chromiumFolders.find((each) => fs.existsSync(path.join(each, "vk_swiftshader_icd.json")))
  return folder === undefined
    ? undefined
    : {
        VK_ICD_FILENAMES: path.join(folder, "vk_swiftshader_icd.json"),
        [loaderVariable]: path.join(folder, "libvulkan.so.1"),
        XDG_RUNTIME_DIR: process.env["XDG_RUNTIME_DIR"] ?? os.tmpdir(),
      }
}
