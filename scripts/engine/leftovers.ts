/**
 * What runs of `npm run engine` that were ended have left half made (`partialOf`).
 */
import * as fs from "node:fs"
import * as path from "node:path"
import { builtPackage, folder } from "./folders.ts"

/** Removes what this process has half made, and what processes have that are no more. */
export const removeLeftovers = (): void => {
  for (const parent of [folder, path.dirname(builtPackage)].filter((place) => fs.existsSync(place)))
    for (const name of fs.readdirSync(parent)) {
      const maker = /\.partial-(\d+)$/.exec(name)?.[1]
      if (maker !== undefined && (Number(maker) === process.pid || !isAlive(Number(maker))))
        fs.rmSync(path.join(parent, name), { recursive: true, force: true })
    }
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM"
  }
}
