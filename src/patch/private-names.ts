/** Names by which patch code reaches what is private to a class, as the builder writes and the runtime provides them. */

/** `Purse` --> `Purse.#`, of the scope object; no binding has such a name. */
export function privateScopeName(cls: string): string {
  return `${cls}.#`;
}
