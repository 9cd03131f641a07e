/** Tells a slow moment of the machine from a slow program: each run reports what a fixed piece of work took meanwhile. */

/** A run counts if the fixed work took at most this much longer than it ever did. */
const TOLERANCE = 1.12;

const quickest = new Map<string, number>();

/**
 * Runs again, up to `attempts` times in all, while the machine is slower than it can be; then the least disturbed counts.
 *
 * @param kind runs of one kind do the same fixed work
 */
export async function undisturbed<R extends { readonly machine: number }>(kind: string, attempts: number, run: () => Promise<R>): Promise<R> {
  let best = await run();
  for (let attempt = 1; attempt < attempts && isDisturbed(kind, best.machine); attempt++) {
    const again = await run();
    if (again.machine < best.machine) best = again;
  }
  return best;
}

function isDisturbed(kind: string, machine: number): boolean {
  const known = Math.min(machine, quickest.get(kind) ?? machine);
  quickest.set(kind, known);
  return machine > known * TOLERANCE;
}
