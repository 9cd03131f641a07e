/** Names of injected variables: the shortest that the module does not use itself. */

export interface InjectedNames {
  readonly register: string;
  readonly tableClass: string;
  readonly table: string;
  readonly module: string;
  readonly scope: string;
  readonly value: string;
  /** `$1`, `$2`, …: placeholders of moved parameters. */
  placeholder(index: number): string;
  /** `undefined`, or an expression with that value where the module binds the name. */
  readonly undefined: string;
  /** What stands in the place of a default that moved: undefined, too. */
  readonly missing: string;
  /** `require`, or another way to the same where the module binds the name. */
  readonly require: string;
  /** `Reflect`, likewise. */
  readonly Reflect: string;
}

/**
 * @param identifiers every identifier of the module
 * @param bound whether the module binds the name of a global somewhere
 * @param boundOutside whether it does so at its top level
 * @param table a fixed name for the table, where the back end declares it
 * @param ending of the names of declarations
 */
export function chooseNames(identifiers: ReadonlySet<string>, bound: (name: string) => boolean, boundOutside: (name: string) => boolean, table?: string, ending = ""): InjectedNames {
  const free = (wanted: string): string => {
    let name = wanted;
    for (let suffix = 2; identifiers.has(name); suffix++) name = `${wanted}${suffix}`;
    return name;
  };
  let prefix = "$";
  const numbered = [...identifiers].filter((name) => /^\$+\d+$/.test(name));
  while (numbered.some((name) => name.lastIndexOf("$") === prefix.length - 1)) prefix += "$";
  const nothing = bound("undefined") ? "void 0" : "undefined";
  return {
    register: free("$register"),
    tableClass: free(`$T${ending}`),
    table: table ?? free(`$t${ending}`),
    module: free(`$module${ending}`),
    scope: free(`$scope${ending}`),
    value: free("$v"),
    placeholder: (index) => `${prefix}${index + 1}`,
    undefined: nothing,
    missing: nothing,
    require: boundOutside("require") ? `${requireMaker(boundOutside)}.createRequire(__filename)` : "require",
    Reflect: !bound("Reflect") ? "Reflect" : !bound("globalThis") ? "globalThis.Reflect" : '(() => {}).constructor("return Reflect")()',
  };
}

/** Node.js's module `node:module`, where `require` is none of its own. */
function requireMaker(bound: (name: string) => boolean): string {
  if (!bound("process")) return 'process.getBuiltinModule("node:module")';
  return bound("globalThis") ? "module.constructor" : 'globalThis.process.getBuiltinModule("node:module")';
}
