/** The argument of an option of the development tools that is a number of something. */
import { InvalidArgumentError } from "commander";

export function toCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError("Not a number of 1 or more.");
  return count;
}
