/**
 * Lets Node run the workspace from its TypeScript sources, so that `npx rapo` works right after `npm ci`:
 * tsx strips the types, and the hook below makes `@rapo/*` resolve to `src` (the export condition `@rapo/source`).
 */
import { register } from "node:module"
import { register as registerTsx } from "tsx/esm/api"

registerTsx()
register("./resolve-source.mjs", import.meta.url)
