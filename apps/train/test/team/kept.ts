/** What training has left in a folder, read again: the whole model, or an adapter's entries. */
import type { HostParameters } from "../../src/model/Checkpoint.ts"
import { readCheckpoint } from "../../src/model/Checkpoint.ts"
import { readAdapter } from "../../src/model/lora/files.ts"
import type { Qwen2Config } from "../../src/model/Qwen2Config.ts"
import { run } from "../model/checkpoint/folders.ts"

export const keptIn = async (
  folder: string,
  config: Qwen2Config,
  isAdapter: boolean,
): Promise<HostParameters> =>
  isAdapter ? run(readAdapter(folder, config)) : (await run(readCheckpoint(folder))).parameters
