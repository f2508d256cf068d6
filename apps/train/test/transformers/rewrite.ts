/**
 * Writes a checkpoint again, as this program writes large ones: in shards, in bfloat16. `check.py` compares both.
 *
 *     node --conditions=@rapo/source --import tsx apps/train/test/transformers/rewrite.ts CHECKPOINT OUT [bytes a shard]
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import { readCheckpoint, writeCheckpoint } from "../../src/model/Checkpoint.ts"

const [from, to, maxShardBytes = "100000"] = process.argv.slice(2)
if (from === undefined || to === undefined)
  throw new Error("usage: rewrite.ts CHECKPOINT OUT [bytes a shard]")
await Effect.runPromise(
  readCheckpoint(from).pipe(
    Effect.flatMap((checkpoint) =>
      writeCheckpoint(to, checkpoint, { dtype: "BF16", maxShardBytes: Number(maxShardBytes) }),
    ),
    Effect.provide(NodeServices.layer),
  ),
)
