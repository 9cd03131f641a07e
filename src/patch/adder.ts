/** The names that patch code gives to the functions which make its variables; whoever reads patch code finds them by it. */

/** A declaration that destructures is evaluated once, as a variable of its own that holds all it binds: `{a, b}`. */
export function togetherName(names: readonly string[]): string {
  return `{${names.join(", ")}}`;
}

/** `hits` --> `$add_hits`    `#1` (a statement) --> `$add_1`    `{a, b}` --> `$all_a` */
export function adderName(name: string): string {
  return name.startsWith("{") ? `$all_${name.slice(1).split(/[,}]/)[0] ?? ""}` : `$add_${name.replace("#", "")}`;
}
