/** Lets the program run between pieces of work that together would keep it waiting. */
import type { Steps } from "../patch/steps.ts";

/** Milliseconds of work after which the program's turn has come. */
const LONGEST = 0.3;

/** Takes the steps, and after the last one, too, leaves the rest to the next turn of the event loop where this one has worked long enough. */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  for (let since = performance.now(); ; ) {
    const step = steps.next();
    if (performance.now() - since >= LONGEST) {
      await new Promise((done) => setImmediate(done));
      since = performance.now();
    }
    if (step.done === true) return step.value;
  }
}
