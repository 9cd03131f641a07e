/** How bundlers are told. */
import type { Diagnostic } from "../messages/diagnostic.ts";

/** What never becomes part of a bundle. */
export const RUNTIME: RegExp = /^ts-hotfix(\/|$)/;

export function messageOf({ code, message, remedy }: Diagnostic): string {
  return `${code}: ${message} ${remedy}`;
}

/** With the place, for bundlers that have no field for it. */
export function messageWithPlace(each: Diagnostic): string {
  const { place } = each;
  return place === undefined ? messageOf(each) : `${place.file}:${place.line}:${place.column} ${messageOf(each)}`;
}
