/**
 * How many bytes TensorFlow's allocator held at its highest in each phase of a process, from TensorFlow's own log of
 * allocations (`TF_CPP_VMODULE=log_memory=2`): exact, and the same on a loaded machine.
 *
 * Lines that begin with `@@ ` begin a phase, and name it.
 */

/** Bytes that were held when a phase began, and at its highest. */
export interface Held {
  readonly begin: number
  readonly peak: number
}

/** Reads the log line by line. */
export const readLog = async (lines: AsyncIterable<string>): Promise<ReadonlyMap<string, Held>> => {
  const sizes = new Map<string, number>()
  const phases = new Map<string, Held>()
  let [phase, total] = ["start", 0]
  let held: Held = { begin: 0, peak: 0 }
  for await (const line of lines) {
    if (line.startsWith("@@ ")) {
      phases.set(phase, held)
      phase = line.slice(3)
      held = { begin: total, peak: total }
      continue
    }
    const [, kind] = /__LOG_MEMORY__ MemoryLog(?:Tensor|Raw)(Allocation|Deallocation)/.exec(line) ?? []
    if (kind === undefined || line.includes('kernel_name: "Unknown" ')) continue
    const [, id = ""] = /allocation_id: (\d+)/.exec(line) ?? []
    if (kind === "Allocation") {
      const [, size] = /(?:allocated_bytes|num_bytes): (\d+)/.exec(line) ?? []
      sizes.set(id, Number(size ?? 0))
      total += Number(size ?? 0)
      if (total > held.peak) held = { ...held, peak: total }
    } else {
      total -= sizes.get(id) ?? 0
      sizes.delete(id)
    }
  }
  return phases.set(phase, held)
}
