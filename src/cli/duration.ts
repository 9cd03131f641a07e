/** Durations on the command line. */
import { InvalidArgumentError } from "commander";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** What timers can wait. */
const LONGEST = 0x7f_ff_ff_ff;

/** `500ms`, `2s`, `1.5m`, `1h` → milliseconds. A number without a unit is not guessed at. */
export function parseDuration(text: string): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const milliseconds = Math.round(Number(number) * (UNITS[unit] ?? Number.NaN));
  if (milliseconds >= 1 && milliseconds <= LONGEST) return milliseconds;
  throw new InvalidArgumentError("It must be a duration with its unit: 500ms, 2s, 1m.");
}
