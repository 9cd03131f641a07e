/** What a module, or a diagnostic, says of a patch that an earlier process had. */
import type { Diagnostic } from "../../messages/diagnostic.ts";
import type { SavedActive } from "./saved-state.ts";

/** What says that this is not the build that the patch is for. */
const OTHER_BUILD: ReadonlySet<string> = new Set(["HF2004", "HF2005", "HF2012"]);
const MODULE_MISSING = "HF2011";
/** What may be there a little later: a package that is loaded asynchronously, a module that has not had its turn. */
const NOT_YET: ReadonlySet<string> = new Set(["HF2007", MODULE_MISSING]);

export function isOtherBuild(problems: readonly Diagnostic[]): boolean {
  return problems.some(({ code }) => OTHER_BUILD.has(code));
}

export function isNotYet(problems: readonly Diagnostic[]): boolean {
  return problems.every(({ code }) => NOT_YET.has(code));
}

export function lacksModules(problems: readonly Diagnostic[]): boolean {
  return problems.some(({ code }) => code === MODULE_MISSING);
}

/** Whether the module is not as it was: the program was built again, even if the patch does not touch this module. */
export function isOther({ modules }: SavedActive, key: string, fingerprint: string): boolean {
  return Object.hasOwn(modules, key) && modules[key]?.includes(fingerprint) === false;
}

export function differs(key: string): string {
  return `${key} is not as it was in the process that the patch was applied to.`;
}
