/** Adapters as a user has them: trained, evaluated, sampled, scored and merged; and with input that cannot be used. */
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { beforeAll, describe, expect, it } from "vitest"
import { distance } from "../closeness.ts"
import { type Finished, freshFolder, rapo, scratchFolder } from "../rapo.ts"
import { expectRefused } from "../refused.ts"
import { writeTinyExperiment } from "../tinyExperiment.ts"

const scratch = scratchFolder("rapo-lora-")
const shipped = fileURLToPath(new URL("../../checkpoints/countdown-base", import.meta.url))
const engine = ["--engine", "wasm", "--workers", "1"]

/** Log-probabilities of the same model, merged and not: float32 rounding of the merged weights. */
const mergedTolerance = 1e-5

const tables = `
[lora]
rank = 4
alpha = 8
targets = ["q_proj", "v_proj", "down_proj"]
`

/** One machine may run several of these tests at once. */
const patience = 300_000

describe("an experiment with [lora]", () => {
  let base = ""
  let adapter = ""
  const merged = path.join(scratch, "merged")
  let made: Finished
  beforeAll(async () => {
    const file = writeTinyExperiment(scratch, { tables })
    const { code, stderr } = await rapo(["train", file, "--out", "runs", ...engine], { cwd: scratch })
    expect([code, stderr.includes("complete: ")]).toEqual([0, true])
    const run = path.join(scratch, "runs", readdirSync(path.join(scratch, "runs"))[0] ?? "")
    base = path.join(run, "checkpoints", "base")
    adapter = path.join(run, "checkpoints", "rapo-0.1-phi-0.8")
    const summary = JSON.parse(readFileSync(path.join(run, "summary.json"), "utf8")) as {
      readonly settings: ReadonlyArray<readonly [string, string]>
      readonly arms: ReadonlyArray<{ readonly divergedAt: number | null }>
    }
    expect(summary.settings).toContainEqual(["LoRA", "rank 4, α 8, on q_proj, v_proj, down_proj"])
    expect(summary.arms.map(({ divergedAt }) => divergedAt)).toEqual([null, null, null])
    made = await rapo(["merge", "--model", base, "--adapter", adapter, "--out", merged], { cwd: scratch })
  }, patience)

  it("saves each arm's policy as an adapter's folder, and says how to use it", () => {
    expect(readdirSync(adapter).toSorted()).toEqual([
      "README.md",
      "adapter_config.json",
      "adapter_model.safetensors",
    ])
    expect(readFileSync(path.join(adapter, "README.md"), "utf8")).toContain("--adapter")
    expect(JSON.parse(readFileSync(path.join(adapter, "adapter_config.json"), "utf8"))).toMatchObject({
      peft_type: "LORA",
      base_model_name_or_path: path.relative(scratch, base),
    })
  })

  it(
    "merged into the base gives the adapted model's log-probabilities, which are not the base's",
    async () => {
      expect([made.code, made.stdout, made.stderr]).toEqual([0, `${merged}\n`, ""])
      expect(readdirSync(merged).toSorted()).toEqual(readdirSync(base).toSorted())
      const logProbs = async (model: ReadonlyArray<string>): Promise<ReadonlyArray<number>> => {
        const stdin = '{"id": 1, "prompt": "3,4,5=17=", "completion": "\\\\boxed{3*4+5}"}\n'
        const { code, stdout } = await rapo(["score", ...model, ...engine], { cwd: scratch, stdin })
        expect(code).toBe(0)
        return (JSON.parse(stdout) as { readonly logprobs: ReadonlyArray<number> }).logprobs
      }
      const adapted = await logProbs(["--model", base, "--adapter", adapter])
      expect(distance(await logProbs(["--model", merged]), adapted)).toBeLessThan(mergedTolerance)
      expect(distance(await logProbs(["--model", base]), adapted)).toBeGreaterThan(1e-4)
    },
    patience,
  )

  it(
    "is evaluated from the adapter's folder, beside its base, and recorded by its hash",
    async () => {
      const out = path.join(scratch, "evaluation")
      const models = ["--base-model", base, "--model", base, "--adapter", adapter]
      const problems = ["--task", "countdown", "--level", "n3", "--problems", "2", "--n", "4"]
      const { code, stdout } = await rapo(["eval", ...models, ...problems, "--out", out, ...engine], {
        cwd: scratch,
      })
      expect([code, stdout.trim().split("\n").length]).toEqual([0, 3])
      const recorded = JSON.parse(
        readFileSync(path.join(out, path.basename(adapter), "evaluation.json"), "utf8"),
      ) as object
      expect(recorded).toMatchObject({
        model: {
          path: base,
          adapter: { path: adapter, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
        },
      })
    },
    patience,
  )

  it(
    "samples the same greedily as the merged model",
    async () => {
      const greedy = async (model: ReadonlyArray<string>): Promise<string> => {
        const asked = ["--prompt", "8,5,2=21=", "--greedy", "--max-tokens", "8"]
        const { code, stdout } = await rapo(["sample", ...model, ...asked, ...engine], { cwd: scratch })
        expect(code).toBe(0)
        return (JSON.parse(stdout) as { readonly text: string }).text
      }
      expect(await greedy(["--model", base, "--adapter", adapter])).toBe(await greedy(["--model", merged]))
    },
    patience,
  )

  describe("an adapter that cannot be used: one message, exit code 1, nothing written", () => {
    /** A copy of the adapter, changed. */
    const changed = (change: (folder: string) => void): string => {
      const folder = path.join(freshFolder(scratch), "adapter")
      cpSync(adapter, folder, { recursive: true })
      change(folder)
      return folder
    }
    const inConfig = (field: string, value: unknown) => (folder: string) => {
      const file = path.join(folder, "adapter_config.json")
      const config = JSON.parse(readFileSync(file, "utf8")) as object
      writeFileSync(file, JSON.stringify({ ...config, [field]: value }))
    }
    const cases: ReadonlyArray<readonly [string, () => string, ReadonlyArray<string>]> = [
      [
        "no such folder",
        () => path.join(scratch, "nowhere"),
        ["adapter_config.json", "there is no such path"],
      ],
      ["a checkpoint instead of an adapter", () => base, ["adapter_config.json", "PEFT"]],
      [
        "a configuration that is no JSON",
        () => changed((folder) => writeFileSync(path.join(folder, "adapter_config.json"), "{")),
        ["adapter_config.json", "not a JSON object"],
      ],
      ["another type", () => changed(inConfig("peft_type", "LOHA")), ["peft_type", '"LOHA"']],
      ["DoRA", () => changed(inConfig("use_dora", true)), ["use_dora", "DoRA"]],
      [
        "whole modules beside it",
        () => changed(inConfig("modules_to_save", ["lm_head"])),
        ["modules_to_save", "lm_head"],
      ],
      ["ranks by layer", () => changed(inConfig("rank_pattern", { q_proj: 2 })), ["rank_pattern"]],
      [
        "an unknown target",
        () => changed(inConfig("target_modules", ["c_attn"])),
        ["target_modules", "c_attn"],
      ],
      ["another rank", () => changed(inConfig("r", 8)), ["q_proj.lora_A.weight", "[4, 16]", "[8, 16]"]],
      [
        "missing tensors",
        () => changed(inConfig("target_modules", ["q_proj", "k_proj", "v_proj", "down_proj"])),
        ["k_proj.lora_A.weight", "is missing"],
      ],
      [
        "a file cut short",
        () =>
          changed((folder) => {
            const file = path.join(folder, "adapter_model.safetensors")
            writeFileSync(file, readFileSync(file).subarray(0, -4))
          }),
        ["adapter_model.safetensors", "bytes"],
      ],
    ]
    it.each(cases)(
      "%s",
      async (_, folder, parts) => {
        const out = path.join(freshFolder(scratch), "merged")
        const args = ["merge", "--model", base, "--adapter", folder(), "--out", out]
        const refused = await rapo(args, { cwd: scratch })
        expectRefused(refused, parts)
        expect([refused.stdout, existsSync(out)]).toEqual(["", false])
      },
      patience,
    )

    it(
      "an adapter of another model, and a folder that would be overwritten",
      async () => {
        const refused = async (args: ReadonlyArray<string>): Promise<string> => {
          const { code, stderr } = await rapo(["merge", ...args], { cwd: scratch })
          expect(code).toBe(1)
          return stderr
        }
        expect(await refused(["--model", shipped, "--adapter", adapter, "--out", "other"])).toContain(
          "ask for [4, 64]",
        )
        expect(await refused(["--model", base, "--adapter", adapter, "--out", adapter])).toContain("--out")
      },
      patience,
    )

    it(
      "an adapter without its model, or with two",
      async () => {
        for (const models of [[], ["--model", base, "--model", shipped]]) {
          const args = ["sample", ...models, "--adapter", adapter, "--prompt", "3,4=7=", ...engine]
          const { code, stderr } = await rapo(args, { cwd: scratch })
          expect([code, stderr.includes("--adapter: names an adapter, but")]).toEqual([1, true])
        }
      },
      patience,
    )
  })
})

describe("a [lora] that cannot be used: the field and its fault, exit code 1", () => {
  it.each<readonly [string, string, ReadonlyArray<string>]>([
    ["rank 0", "rank = 0\nalpha = 1", ["lora.rank"]],
    ["no alpha", "rank = 4", ["lora.alpha", "is missing"]],
    ["an unknown layer", 'rank = 4\nalpha = 8\ntargets = ["lm_head"]', ["lora.targets[0]", "q_proj"]],
    [
      "a layer twice",
      'rank = 4\nalpha = 8\ntargets = ["q_proj", "q_proj"]',
      ["lora.targets", "stands twice"],
    ],
    ["no layers", "rank = 4\nalpha = 8\ntargets = []", ["lora.targets"]],
    ["dropout", "rank = 4\nalpha = 8\ndropout = 0.1", ["lora.dropout", "Expected 0"]],
    ["an unknown field", "rank = 4\nalpha = 8\nbias = 1", ["lora.bias", "there is no such field"]],
  ])(
    "%s",
    async (_, fields, parts) => {
      const folder = freshFolder(scratch)
      mkdirSync(folder, { recursive: true })
      const file = writeTinyExperiment(folder, { tables: `[lora]\n${fields}` })
      expectRefused(await rapo(["train", file, ...engine], { cwd: folder }), parts)
    },
    patience,
  )
})
