import { mkdirSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import { expect, test } from "vitest"
import { rapo, scratchFolder } from "../rapo.ts"

const scratch = scratchFolder("rapo-plan-")

test("rapo plan prints a budget, or JSON, of a folder that holds only config.json", async () => {
  const folder = path.join(scratch, "model")
  mkdirSync(folder)
  const config = {
    model_type: "qwen2",
    vocab_size: 1000,
    hidden_size: 64,
    intermediate_size: 128,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    max_position_embeddings: 512,
    rms_norm_eps: 1e-6,
    rope_theta: 10000,
    tie_word_embeddings: true,
  }
  writeFileSync(path.join(folder, "config.json"), JSON.stringify(config))
  const flags = ["plan", "--model", folder, "--device-memory", "2GB", "--context", "64", "--prompts", "4"]
  const text = await rapo(flags, { cwd: scratch })
  expect(text.stderr).toBe("")
  expect(text.stdout).toContain("fits in 2.0 GB")
  const json = await rapo([...flags, "--json"], { cwd: scratch })
  expect(JSON.parse(json.stdout)).toMatchObject({
    fits: true,
    deviceMemory: 2e9,
    workers: 1,
    load: { batch: 32 },
  })
  const team = await rapo([...flags, "--workers", "2"], { cwd: scratch })
  expect(team.stdout).toContain("2 workers")
  expect(team.stdout).toContain("sampling_batch = 16")
})

test.each([
  [["--model", "qwen2.5-3b", "--device-memory", "80"], /--device-memory/],
  [["--model", "no-such-folder", "--device-memory", "80GB"], /config\.json/],
  [["--model", "qwen2.5-3b", "--device-memory", "80GB", "--prompt", "4096"], /--prompt/],
  [["--model", "qwen2.5-3b", "--device-memory", "80GB", "--lora", "0"], /--lora/],
  [["--model", "qwen2.5-3b", "--device-memory", "80GB", "--workers", "0"], /--workers/],
])("rapo plan %j is refused with what is wrong", async (flags, complaint) => {
  const { code, stdout, stderr } = await rapo(["plan", ...flags], { cwd: scratch })
  expect(code).toBe(1)
  expect(stdout + stderr).toMatch(complaint)
  expect(stderr).not.toMatch(/ at .*\.ts:/)
})
