/** The tsconfig of a folder, with what it extends. */
import { getTsconfig, type TsConfigResult } from "get-tsconfig";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";

/**
 * The nearest `tsconfig.json` at or above a folder; null where there is none.
 *
 * @throws HotfixError HF0023 where it extends one that is not there, or itself: what it says of modules and JSX is not known then
 */
export function readTsconfig(folder: string): TsConfigResult | null {
  try {
    return getTsconfig(folder);
  } catch (error) {
    throw new HotfixError(diagnostic("HF0023", "error", { folder, detail: error instanceof Error ? error.message : String(error) }));
  }
}
