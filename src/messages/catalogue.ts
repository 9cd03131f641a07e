// Generated from messages/*.md by `npm run generate`. Do not edit.

/** The values each message needs, by code. */
export interface MessageValues {
  HF0001: { known: string | number; option: string | number; tool: string | number };
  HF0002: { detail: string | number };
  HF0003: { expected: string | number; found: string | number; option: string | number; tool: string | number };
  HF0004: { version: string | number };
  HF0005: { format: string | number };
  HF0006: { detail: string | number };
  HF0007: { detail: string | number; file: string | number };
  HF0010: { name: string | number; reason: string | number };
  HF0011: { name: string | number };
  HF0012: { name: string | number };
  HF0013: { file: string | number; name: string | number };
  HF0014: { reason: string | number };
  HF0015: { file: string | number };
  HF0016: { paths: string | number };
  HF0020: { target: string | number };
  HF0021: { format: string | number };
  HF0022: { version: string | number };
  HF0023: { detail: string | number; folder: string | number };
  HF0024: { name: string | number };
  HF0030: { platform: string | number };
  HF0031: { option: string | number };
  HF0032: { file: string | number; reason: string | number };
  HF0033: { file: string | number };
  HF0034: { bundler: string | number; file: string | number };
  HF0035: Record<never, never>;
  HF0036: { file: string | number };
  HF0041: { option: string | number };
  HF0050: { detail: string | number; file: string | number };
  HF1001: { fn: string | number; name: string | number };
  HF1002: { fn: string | number; name: string | number };
  HF1003: { fn: string | number; name: string | number };
  HF1004: { name: string | number };
  HF1005: { name: string | number };
  HF1006: { name: string | number };
  HF1007: { name: string | number };
  HF1008: { name: string | number };
  HF1009: { name: string | number };
  HF1010: { name: string | number };
  HF1011: { name: string | number };
  HF1012: { name: string | number };
  HF1013: { name: string | number };
  HF1014: Record<never, never>;
  HF1015: { name: string | number };
  HF1016: { name: string | number };
  HF1101: { after: string | number; before: string | number; name: string | number };
  HF1102: { after: string | number; before: string | number; name: string | number };
  HF1103: { count: string | number; name: string | number };
  HF1104: { name: string | number };
  HF1105: { name: string | number };
  HF1106: { name: string | number; what: string | number };
  HF1107: { how: string | number; name: string | number };
  HF1108: { name: string | number };
  HF1109: { name: string | number; what: string | number };
  HF1110: { how: string | number; id: string | number; name: string | number };
  HF1111: { how: string | number; id: string | number; name: string | number };
  HF1112: { how: string | number; id: string | number; name: string | number };
  HF1113: { how: string | number; id: string | number; name: string | number };
  HF1114: { how: string | number; id: string | number; name: string | number };
  HF1115: { how: string | number; id: string | number; name: string | number };
  HF1116: { id: string | number };
  HF1120: { name: string | number; private: string | number; why: string | number };
  HF1121: { name: string | number; why: string | number };
  HF1122: { fn: string | number; name: string | number };
  HF1123: { fn: string | number; name: string | number };
  HF1124: { fn: string | number; name: string | number };
  HF1125: { name: string | number };
  HF1126: { fn: string | number; name: string | number };
  HF1127: { class: string | number; name: string | number };
  HF1130: { name: string | number; root: string | number; why: string | number };
  HF1131: { id: string | number; name: string | number; root: string | number; what: string | number };
  HF1132: { name: string | number };
  HF1133: { name: string | number; root: string | number };
  HF1134: { name: string | number; root: string | number; why: string | number };
  HF1201: { name: string | number };
  HF1202: { detail: string | number; name: string | number };
  HF1203: { after: string | number; before: string | number; name: string | number };
  HF1204: { advice: string | number; detail: string | number; name: string | number };
  HF1205: { name: string | number; user: string | number };
  HF1206: { how: string | number; name: string | number; where: string | number };
  HF1207: { entry: string | number; name: string | number };
  HF1208: { called: string | number; id: string | number; name: string | number };
  HF1209: { called: string | number; what: string | number };
  HF1301: Record<never, never>;
  HF1302: Record<never, never>;
  HF1303: Record<never, never>;
  HF1304: { called: string | number };
  HF1401: { name: string | number; user: string | number };
  HF1402: { module: string | number; name: string | number };
  HF1403: { module: string | number; name: string | number };
  HF1404: { name: string | number; target: string | number };
  HF1405: { module: string | number; target: string | number };
  HF1406: { specifier: string | number };
  HF1407: { target: string | number };
  HF1408: { module: string | number; name: string | number };
  HF1409: { module: string | number };
  HF1410: { module: string | number };
  HF1411: { module: string | number };
  HF1412: { module: string | number };
  HF1413: { module: string | number; name: string | number };
  HF1414: { module: string | number; name: string | number; to: string | number };
  HF1415: { module: string | number };
  HF1417: { module: string | number; name: string | number };
  HF1418: { before: string | number; by: string | number; now: string | number; specifier: string | number };
  HF1501: { module: string | number };
  HF1502: { after: string | number; before: string | number; module: string | number };
  HF1503: { module: string | number };
  HF1504: { after: string | number; before: string | number; setting: string | number };
  HF1505: Record<never, never>;
  HF1601: { detail: string | number; file: string | number };
  HF1602: { found: string | number };
  HF1603: { kind: string | number; name: string | number };
  HF1604: { module: string | number };
  HF1701: { pattern: string | number };
  HF1702: { kind: string | number; name: string | number };
  HF1703: { kind: string | number; name: string | number };
  HF1704: { hint: string | number; module: string | number; name: string | number };
  HF1705: { pattern: string | number; why: string | number };
  HF1706: { name: string | number; why: string | number };
  HF1707: { name: string | number; why: string | number };
  HF1708: { name: string | number; other: string | number };
  HF1709: { count: string | number; modules: string | number };
  HF2001: { detail: string | number };
  HF2002: { expected: string | number; found: string | number; path: string | number };
  HF2003: { expected: string | number; found: string | number };
  HF2004: { host: string | number; module: string | number; patch: string | number };
  HF2005: { module: string | number; name: string | number };
  HF2006: { module: string | number; name: string | number };
  HF2007: { detail: string | number; module: string | number; specifier: string | number };
  HF2008: { module: string | number; name: string | number; specifier: string | number };
  HF2009: { detail: string | number; module: string | number };
  HF2010: { kind: string | number; module: string | number; name: string | number };
  HF2011: { module: string | number; other: string | number };
  HF2012: { host: string | number; package: string | number };
  HF2101: { detail: string | number; file: string | number };
  HF2102: { folder: string | number; name: string | number };
  HF2103: { root: string | number };
  HF2104: { file: string | number; found: string | number; known: string | number };
  HF2105: { file: string | number; form: string | number; known: string | number; patch: string | number };
  HF2106: { blob: string | number; module: string | number; root: string | number };
  HF2201: { key: string | number };
  HF2202: { keys: string | number };
  HF2203: { keys: string | number; signers: string | number };
  HF2204: { detail: string | number; source: string | number; wanted: string | number };
  HF2205: { detail: string | number; source: string | number };
  HF2206: { file: string | number; mode: string | number };
  HF2207: { bases: string | number; build: string | number; manifest: string | number; package: string | number };
  HF2208: { half: string | number; use: string | number; variable: string | number };
  HF2209: { file: string | number };
  HF2210: { detail: string | number; name: string | number };
  HF3001: { operation: string | number };
  HF3002: { call: string | number; expected: string | number; found: string | number };
  HF3003: { active: string | number; sequence: string | number };
  HF3004: { detail: string | number };
  HF3005: { known: string | number; target: string | number };
  HF3006: { times: string | number };
  HF3007: { count: string | number; module: string | number };
  HF3008: { count: string | number; modules: string | number };
  HF3009: { detail: string | number; module: string | number };
  HF3010: { socket: string | number };
  HF3011: { detail: string | number; socket: string | number };
  HF3012: { detail: string | number; socket: string | number };
  HF3013: { detail: string | number };
  HF3014: { limit: string | number };
  HF3015: { detail: string | number; socket: string | number };
  HF3016: { detail: string | number };
  HF3017: { detail: string | number; file: string | number };
  HF3018: Record<never, never>;
  HF3020: { detail: string | number };
  HF3021: { limit: string | number };
  HF3022: { callback: string | number; detail: string | number };
  HF3023: { detail: string | number; file: string | number };
  HF3024: { count: string | number; module: string | number };
  HF3028: { detail: string | number; module: string | number };
  HF3029: { count: string | number; module: string | number };
  HF3030: { activity: string | number; limit: string | number; thread: string | number };
  HF3033: { limit: string | number };
  HF3034: { ticket: string | number };
  HF3035: { threads: string | number };
  HF3036: { detail: string | number; thread: string | number };
  HF3040: { client: string | number; host: string | number };
  HF3041: Record<never, never>;
  HF3042: { pattern: string | number };
  HF3043: Record<never, never>;
  HF3044: { directory: string | number };
  HF3045: { states: string | number; to: string | number };
  HF3046: { socket: string | number };
  HF3048: Record<never, never>;
  HF3049: { socket: string | number };
  HF3050: { socket: string | number };
  HF3051: { other: string | number; socket: string | number };
  HF3060: { aside: string | number; detail: string | number; directory: string | number };
  HF3061: { detail: string | number; directory: string | number };
  HF3062: { detail: string | number; directory: string | number };
  HF3063: { detail: string | number; patch: string | number; where: string | number };
  HF3064: { aside: string | number; patch: string | number; times: string | number };
  HF3065: { detail: string | number; patch: string | number };
  HF3066: { detail: string | number; patch: string | number };
  HF3067: { detail: string | number };
  HF3068: { within: string | number };
  HF3069: { detail: string | number };
  HF3070: Record<never, never>;
  HF3071: { directory: string | number; other: string | number };
  HF3080: { limit: string | number };
  HF3090: { socket: string | number };
  HF3091: { patch: string | number; socket: string | number };
  HF3092: { name: string | number };
  HF3101: { detail: string | number };
  HF3102: Record<never, never>;
  HF9001: { detail: string | number };
}

/** Code of a message. Numbers are never reused. */
export type Code = keyof MessageValues;

export interface CatalogueEntry {
  readonly slug: string;
  readonly message: string;
  readonly cause: string;
  readonly remedy: string;
}

export const catalogue: Readonly<Record<Code, CatalogueEntry>> = {
  HF0001: {
    slug: "option-unknown",
    message: "Unknown option `{option}` of {tool}; known are {known}.",
    cause: "The configuration names an option that this version does not have, probably a slip of the pen.",
    remedy: "Correct or remove the option.",
  },
  HF0002: {
    slug: "syntax-error",
    message: "The source does not parse: {detail}.",
    cause: "The text is not valid in the language its file name says.",
    remedy: "Correct the source; `.ts` files are read as TypeScript, `.tsx` and `.jsx` with JSX, `.js` as JavaScript with JSX.",
  },
  HF0003: {
    slug: "option-value",
    message: "Option `{option}` of {tool} must be {expected}, found {found}.",
    cause: "The value has another type or is not one of those that exist.",
    remedy: "Give `{option}` {expected}.",
  },
  HF0004: {
    slug: "node-too-old",
    message: "ts-hotfix needs Node.js 22.15 or newer, this is {version}",
    cause: "The tools and the runtime use what older versions of Node.js do not have.",
    remedy: "Use a newer Node.js.",
  },
  HF0005: {
    slug: "output-format",
    message: "ts-hotfix supports ES modules and CommonJS as output, not \"{format}\".",
    cause: "Formats made for browsers and other loaders have no place where a module's patch table could stand.",
    remedy: "Set the format to ES modules or CommonJS: `output.format` in Rollup, Rolldown and Vite (`\"es\"`, `\"cjs\"`), `format` in esbuild (`\"esm\"`, `\"cjs\"`), `output.library.type` in webpack and Rspack (`\"module\"`, `\"commonjs2\"`, or none).",
  },
  HF0006: {
    slug: "usage",
    message: "The command line is not understood: {detail}.",
    cause: "A command or option is misspelt, an argument is missing or one too many, or an option has a value that it does not take.",
    remedy: "`ts-hotfix --help` lists the commands, `ts-hotfix <command> --help` what each takes. Options stand after the command.",
  },
  HF0007: {
    slug: "cannot-write",
    message: "Cannot write `{file}`: {detail}.",
    cause: "The path is a folder, leads through a file, is empty, or may not be written by this user.",
    remedy: "Give another path, or see to it that the file can be written. Beside the manifest, `build` records the patch's sequence.",
  },
  HF0010: {
    slug: "tag-without-target",
    message: "`@hotfix` stands on {name}, which cannot be a patch target ({reason}).",
    cause: "The tag asserts that a function can be patched; only top-level functions can: `function` declarations and `const` bindings whose initialiser is a function.",
    remedy: "Move the body into a top-level function, call it from here, and put the tag on that function; or remove the tag.",
  },
  HF0011: {
    slug: "declaration-below-init",
    message: "With `init: \"explicit\"`, the declaration of `{name}` may not stand below a top-level statement: its initialiser is evaluated with the module, the statement only by `runInit()`.",
    cause: "Explicit init lifts top-level statements into the module's init entry. A declaration below one of them would be evaluated before it, and its initialiser may see the difference.",
    remedy: "Move the declaration of `{name}` above the first top-level statement, or make it a `let` that a statement assigns, or move the statements into a function that the declaration's initialiser does not depend on.",
  },
  HF0012: {
    slug: "declaration-with-effects",
    message: "The initialiser of `{name}` is evaluated when the module loads, not by `runInit()`.",
    cause: "With `init: \"explicit\"` only statements are lifted; declarations are evaluated with their module, as package variables are in Go. This initialiser may have effects of its own.",
    remedy: "If the effect belongs to the program's start, declare `{name}` without an initialiser and assign it in a top-level statement.",
  },
  HF0013: {
    slug: "target-lost",
    message: "The function `{name}` of {file} does not arrive at ts-hotfix as the author wrote it: an earlier tool removed or rewrote it.",
    cause: "The manifest describes the file on disk. The text that ts-hotfix was given has no top-level function of this name and shape, so a later patch of it could not work.",
    remedy: "Put ts-hotfix before the tool that rewrites the function, set that tool to a newer language target, or exclude the file.",
  },
  HF0014: {
    slug: "statement-stays",
    message: "With `init: \"explicit\"`, this statement may not stand below a lifted one: it cannot be lifted itself ({reason}), so it would run before it.",
    cause: "Export assignments, direct `eval`, `using`, `return`, functions that leak from blocks, `var` beside `with` and exported variables of `for`-`in` and `for`-`of` loops stay where they are.",
    remedy: "Move the statement above the first one that is lifted, or put its effect into a function.",
  },
  HF0015: {
    slug: "transformed-already",
    message: "{file} has been transformed already.",
    cause: "The file registers itself with the runtime: it is the output of an earlier run. A manifest made of it would describe emitted code, not the source.",
    remedy: "Transform the sources as they were written: a fresh copy of the tree, or give `--out-dir`.",
  },
  HF0016: {
    slug: "nothing-to-transform",
    message: "There is nothing to transform in {paths}.",
    cause: "No file there is TypeScript or JavaScript that the options include; `node_modules` and declaration files never count.",
    remedy: "Give another path, or correct `--include` and `--exclude`; globs are relative to `--root`.",
  },
  HF0020: {
    slug: "target-too-old",
    message: "ts-hotfix/transformer needs the compiler option `target` to be ES2017 or newer, found {target}.",
    cause: "Older targets turn async functions and generators into state machines, behind which a patch could not be put in place without changing what the program means.",
    remedy: "Set `target` to ES2017 or newer in `tsconfig.json`.",
  },
  HF0021: {
    slug: "module-format",
    message: "ts-hotfix/transformer supports ES modules and CommonJS, not the module format {format}.",
    cause: "Formats made for browsers and other loaders have no place where a module's patch table could stand.",
    remedy: "Set `module` to a format that Node.js loads, such as `nodenext`, `esnext` or `commonjs`, in `tsconfig.json`.",
  },
  HF0022: {
    slug: "typescript-version",
    message: "ts-hotfix/transformer works with TypeScript 6 and 5.9, this is {version}.",
    cause: "The transformer uses TypeScript's JavaScript interface, which differs between major versions; TypeScript 7 has none.",
    remedy: "Install TypeScript 6 with ts-patch 4, or 5.9 with ts-patch 3.3; with TypeScript 7, use a bundler's plugin or `--import ts-hotfix/register`, and `tsc --noEmit` beside it.",
  },
  HF0023: {
    slug: "tsconfig-unreadable",
    message: "The `tsconfig.json` of {folder} cannot be read whole: {detail}",
    cause: "It extends a configuration that is not there, mostly because the package that has it is not installed, or it extends itself. What it says of modules, decorators and JSX decides what is emitted and is written down in the manifest.",
    remedy: "Install the project's dependencies, or correct `extends`.",
  },
  HF0024: {
    slug: "inferred-type-guard",
    message: "What TypeScript infers for `{name}` may be less in the transformed source: a `boolean` instead of a type guard.",
    cause: "TypeScript infers a type guard (`x is T`) only for a function with a single `return`. The code that makes the function patchable is another one. What the program does is the same; a compiler that checks the transformed source may report a caller that needs the type guard.",
    remedy: "Write the return type of `{name}` down: `x is T`, or `boolean`.",
  },
  HF0030: {
    slug: "build-platform",
    message: "ts-hotfix needs a build for Node.js, this one is for {platform}.",
    cause: "What is fixed live is a server. For browsers, bundlers replace Node.js's modules, through which the running program is reached.",
    remedy: "Set `platform: \"node\"` in esbuild, `target: \"node\"` in webpack and Rspack; leave the plugin out of builds for browsers.",
  },
  HF0031: {
    slug: "properties-renamed",
    message: "`{option}` renames properties: patch code would go on with the names of the source.",
    cause: "A patch is built from the source, where `player.gold_` still has its name. On objects of a program whose minifier made `player.a` of it, patch code would read and write properties that nobody else knows.",
    remedy: "Leave `{option}` out of the server's build. Local names may be shortened as always.",
  },
  HF0032: {
    slug: "module-left-alone",
    message: "{file} stays as it is, its functions cannot be patched: {reason}.",
    cause: "A bundler puts values of its own in the place of `require`, `module` and `import.meta`; patch code would get others than the program has.",
    remedy: "Write the module as an ES module, and take its place from `import.meta.url`; or exclude it, which says the same without this notice.",
  },
  HF0033: {
    slug: "stale-cache",
    message: "The bundler's cache has {file} as it was transformed in other circumstances.",
    cause: "What the module's imports lead to, or its `package.json` or `tsconfig.json`, has changed since the bundler put the module into its cache. The manifest would not fit the program.",
    remedy: "Build again without the cache; when watching, start again.",
  },
  HF0034: {
    slug: "import-meta-in-commonjs",
    message: "{file} names `import.meta`, of which {bundler} leaves nothing but the URL in CommonJS.",
    cause: "CommonJS has no `import.meta`. The bundler replaces `import.meta.dirname` and the like one by one; patch code would find them undefined.",
    remedy: "Build ES modules, or take the place from `import.meta.url`, or exclude the file.",
  },
  HF0035: {
    slug: "client-build",
    message: "Nothing here can be patched: this is a build for browsers.",
    cause: "The plugin transforms what Vite builds for servers: `vite build --ssr`, and environments whose consumer is the server.",
    remedy: "For the server, build with `--ssr <entry>` or `build.ssr`.",
  },
  HF0036: {
    slug: "compiled-before",
    message: "{file} reaches ts-hotfix/register compiled already.",
    cause: "Loader hooks run in the opposite order of their registration. One that was registered before `ts-hotfix/register` compiles the file first, and what it makes of imports no patch could reach.",
    remedy: "Put `--import ts-hotfix/register` before the other loader: `node --import ts-hotfix/register --import tsx server.ts`.",
  },
  HF0041: {
    slug: "statements-dropped",
    message: "`{option}` takes statements out of the program that a patch would have.",
    cause: "A patch is made from the source, where `DEV: check()` still stands. In a function that is patched, the statement would run.",
    remedy: "Leave `{option}` out of the server's build; put such code behind `if (__DEV__)`, with `define`, which patches follow.",
  },
  HF0050: {
    slug: "no-browser",
    message: "No browser could be opened: {detail}. The page is in {file}.",
    cause: "This machine has no display, or no program that opens pages.",
    remedy: "Open the file in a browser, on another machine if need be: it is one file and loads nothing. The variable `BROWSER` names a program.",
  },
  HF1001: {
    slug: "method",
    message: "Updating the method `{name}` requires a restart because a class is evaluated once and its methods are part of it.",
    cause: "Methods have no address of their own that could be redirected; only top-level functions have.",
    remedy: "Move the body of `{name}` into a top-level function (`{fn}`, say) and call it from the method; from the next build on it can be patched. Or build the host with the option `lift`, which does this for every method of a top-level class.",
  },
  HF1002: {
    slug: "accessor",
    message: "Updating the accessor `{name}` requires a restart because a class is evaluated once and its accessors are part of it.",
    cause: "As for methods.",
    remedy: "Move the body of `{name}` into a top-level function (`{fn}`, say) and call it from the accessor; from the next build on it can be patched. Or build the host with the option `lift`, which does this for every method of a top-level class.",
  },
  HF1003: {
    slug: "constructor",
    message: "Updating the constructor `{name}` requires a restart because a class is evaluated once and its constructor is the class.",
    cause: "As for methods. Objects that exist already would not change either.",
    remedy: "Move the body of `{name}` into a top-level function (`{fn}`, say) and call it from the constructor; from the next build on it can be patched.",
  },
  HF1004: {
    slug: "class-static-block",
    message: "Updating `{name}` requires a restart because a static block runs once, when its class is evaluated.",
    cause: "A patch never runs the host's init again.",
    remedy: "Put the effect into a top-level function and call it where it is needed; for the running server, do it in a changed function.",
  },
  HF1005: {
    slug: "class-field",
    message: "Updating the field `{name}` requires a restart because field initialisers belong to their class and run when an object is made.",
    cause: "Objects that exist already have the old value; the class cannot be replaced under them.",
    remedy: "Let the initialiser call a top-level function; from the next build on that function can be patched.",
  },
  HF1006: {
    slug: "object-member",
    message: "Updating `{name}` requires a restart because the object that holds it was made when the module was evaluated.",
    cause: "Functions in object literals have no address of their own that could be redirected; only top-level functions have.",
    remedy: "Write it as a top-level function and name that in the object (`{ trade }` in place of `{ trade() { … } }`); from the next build on it can be patched. Or build the host with the option `lift`, which does this for every top-level object literal.",
  },
  HF1007: {
    slug: "reassignable-binding",
    message: "Updating the function in `{name}` requires a restart because `{name}` is a variable that can be assigned, and its value is data.",
    cause: "A function bound by `let` or `var` has no static identity: which function it holds is the program's state.",
    remedy: "Declare it with `function` or `const` if it is never assigned; from the next build on it can be patched.",
  },
  HF1008: {
    slug: "computed-value",
    message: "Updating `{name}` requires a restart because its value was computed when the module was evaluated.",
    cause: "The initialiser ran once; a patch never runs the host's init again.",
    remedy: "Let the computed value call a top-level function (`const {name} = memoize((…) => compute(…))`); from the next build on that function can be patched.",
  },
  HF1009: {
    slug: "namespace-member",
    message: "Updating `{name}` requires a restart because a namespace is evaluated once and its functions are part of it.",
    cause: "Only functions at the top level of a module have a static identity.",
    remedy: "Move the body of `{name}` into a function at the top level of the module and call that; from the next build on it can be patched.",
  },
  HF1010: {
    slug: "function-in-block",
    message: "Updating `{name}` requires a restart because it is declared in a block, which ran when the module was evaluated.",
    cause: "Only functions at the top level of a module have a static identity.",
    remedy: "Move `{name}` out of the block, to the top level of the module; from the next build on it can be patched.",
  },
  HF1011: {
    slug: "callback-at-init",
    message: "Updating the callback `{name}` requires a restart because it was handed over when the module was evaluated.",
    cause: "Closures made by init code are data of the running program: whoever was given the old one keeps it.",
    remedy: "Write the callback as a top-level function and hand that over (`app.get(\"/x\", showX)`); from the next build on it can be patched.",
  },
  HF1012: {
    slug: "parameters-cannot-be-forwarded",
    message: "Updating `{name}` requires a restart because its parameter list could not be put behind a guard when the host was built.",
    cause: "An arrow function has no `arguments`, and the body of this one declares a `var` that its parameter list names.",
    remedy: "Write it as a `function` declaration, or rename the variable; from the next build on it can be patched.",
  },
  HF1013: {
    slug: "reassigned-function",
    message: "Updating `{name}` requires a restart because the function is declared twice or assigned after its declaration.",
    cause: "Which function `{name}` is, is state of the running program. In sloppy code a function of that name in a block replaces it too, and an assignment inside `with` or in the text of a direct `eval` may.",
    remedy: "Declare it once and never assign it; from the next build on it can be patched.",
  },
  HF1014: {
    slug: "default-expression",
    message: "Updating the default export requires a restart because it is the value of an expression that was evaluated with the module.",
    cause: "`export default <expression>` has no binding that a function could be redirected through.",
    remedy: "Name the function and export the name (`function handler() { … } export default handler`); from the next build on it can be patched.",
  },
  HF1015: {
    slug: "excluded",
    message: "Updating `{name}` requires a restart because it was excluded from patching when the host was built.",
    cause: "The function is tagged `@nohotfix`, or the build takes only functions tagged `@hotfix`.",
    remedy: "Remove the tag, or tag the function `@hotfix`; from the next build on it can be patched.",
  },
  HF1016: {
    slug: "no-guard",
    message: "Updating `{name}` requires a restart because it has no guard in the running build.",
    cause: "The version of ts-hotfix that built the host emitted none for it.",
    remedy: "Put the fix into a function that has a guard and that calls this one, or restart with a new build; from then on it can be patched.",
  },
  HF1101: {
    slug: "kind-changed",
    message: "Updating `{name}` from {before} to {after} requires a restart because callers that are not in the patch rely on what it returns.",
    cause: "The host's function keeps its kind; a promise or an iterator in place of a value would surprise unpatched callers. A plain function can become async if every caller is in the patch and nothing uses it as a value; an async one can become plain if every caller awaits it.",
    remedy: "Keep the kind, or add a new function of the other kind and call that from changed functions.",
  },
  HF1102: {
    slug: "form-changed",
    message: "Updating `{name}` from {before} to {after} requires a restart because the two differ in `this`, `new` or `arguments`.",
    cause: "The host's function keeps its form. A function can become an arrow function if nothing makes objects with it; the other way round if it also asks for no `this` and no `arguments`.",
    remedy: "Keep the form of the function.",
  },
  HF1103: {
    slug: "parameters-changed",
    message: "Updating the parameters of the arrow function `{name}` requires a restart because the host's guard forwards only the {count} declared when it was built.",
    cause: "Arrow functions have no `arguments`; further ones never reach the patch.",
    remedy: "Write it as a `function` declaration: those forward every argument. For the running server, add a new function and call that.",
  },
  HF1104: {
    slug: "parameters-run-early",
    message: "Updating `{name}` requires a restart because its parameter list would not be evaluated as in a fresh build.",
    cause: "Defaults and patterns of this function could not be moved behind the guard when the host was built (a list whose meaning would change), and evaluating them may have effects; or it is a generator, whose patched parameters are evaluated at the first `next()`, not at the call.",
    remedy: "Take plain parameters and destructure them in the body; from the next build on it can be patched.",
  },
  HF1105: {
    slug: "new-target",
    message: "Updating `{name}` requires a restart because the changed function names `new.target`, which the host's guard does not forward.",
    cause: "`new.target` is forwarded only where the function named it when the host was built.",
    remedy: "Do without `new.target`, for instance by `this instanceof`.",
  },
  HF1106: {
    slug: "dynamic-scope",
    message: "Updating `{name}` requires a restart because it contains {what}, which cannot be resolved when the patch is built.",
    cause: "Patch code reaches the host's bindings by name through scopes. Direct `eval` and `with` find their names only when they run, the `this` of a CommonJS module has no name, `import.source()` and `import.defer()` belong to the module, and `arguments.callee` would be the patch's function in place of the host's. An assignment to a constant throws; sloppy patch code would go on.",
    remedy: "Remove {what} from the changed function.",
  },
  HF1107: {
    slug: "nested-function-changed",
    message: "Functions that {name} left behind before the patch may go on with the old code: {how}.",
    cause: "A patch reaches calls that begin after it. Whether such a function outlives the call that made it cannot be told from the source; docs/live-code.md has the rules.",
    remedy: "Let it only call a top-level function (`() => act(…)`); from the next build on a patch of that function reaches those that exist too. `--strict-live` refuses such changes.",
  },
  HF1108: {
    slug: "class-fields",
    message: "Updating `{name}` requires a restart because it contains a class with fields, which this project's compiler turns into assignments.",
    cause: "With `useDefineForClassFields: false` fields are assigned, not defined; patch code is compiled to the language as it stands, where setters of a parent class would be passed by.",
    remedy: "Assign the fields in the constructor.",
  },
  HF1109: {
    slug: "decorators",
    message: "Updating `{name}` requires a restart because it contains {what}, which the host's compiler turns into calls of its own library.",
    cause: "Patch code is compiled to the language as it stands, which has no decorators yet; what the compiler of the host makes of them, a patch cannot reach.",
    remedy: "Leave the class as it is at the top level of the module, or write it without decorators.",
  },
  HF1110: {
    slug: "live-listener",
    message: "Updating {name} requires a restart because live instances keep the old code: {how}.",
    cause: "A patch reaches calls that begin after it. Whoever was given the old function before, an emitter or a timer, goes on calling that one.",
    remedy: "Let it only call a top-level function (`(n) => trade(socket, n)`); from the next build on a patch of that function reaches those that exist too. For now, accept that those go on (`--accept-live {id}`), or restart.",
  },
  HF1111: {
    slug: "live-stored",
    message: "Updating {name} requires a restart because live instances keep the old code: {how}.",
    cause: "A patch reaches calls that begin after it, and never replaces data. A function that is stored is data.",
    remedy: "Let it only call a top-level function; from the next build on a patch of that function reaches those that exist too. For now, accept that those go on (`--accept-live {id}`), or restart.",
  },
  HF1112: {
    slug: "live-returned",
    message: "Updating {name} requires a restart because live instances keep the old code: {how}.",
    cause: "A patch reaches calls that begin after it. Who called before holds the old function.",
    remedy: "Let it only call a top-level function; from the next build on a patch of that function reaches those that exist too. For now, accept that those go on (`--accept-live {id}`), or restart.",
  },
  HF1113: {
    slug: "live-class",
    message: "Updating a class nested in `{name}` requires a restart because live instances keep the old code: {how}.",
    cause: "Every call of `{name}` makes a class of its own; instances that exist belong to the old one.",
    remedy: "Let its methods only call top-level functions; from the next build on a patch of those reaches instances that exist too. For now, accept that those go on (`--accept-live {id}`), or restart.",
  },
  HF1114: {
    slug: "live-loop",
    message: "Calls of {name} that have begun go on with the old code: {how}.",
    cause: "A call that runs when the patch comes finishes with the code it began with. This one does not finish, or may not for long.",
    remedy: "Move what a round of the loop does into a top-level function and call that; the calls a loop makes get the new code. For now, accept that the loop goes on (`--accept-live {id}`), or restart.",
  },
  HF1115: {
    slug: "live-generator",
    message: "Iterators that {name} has handed out go on with the old code: {how}.",
    cause: "An iterator is suspended in the code it began with, and goes on there when it is asked for the next value.",
    remedy: "Move the computation of a value into a top-level function and call that. For now, accept that such iterators go on (`--accept-live {id}`), or restart.",
  },
  HF1116: {
    slug: "accepted-nothing",
    message: "`{id}` was accepted as live code, but no refusal of this fix is about it.",
    cause: "The id is misspelt, or the function did not change, or its old code ends with its calls.",
    remedy: "Leave it out, or write it as the refusal does (`src/shop.ts#onConnect`).",
  },
  HF1120: {
    slug: "private-name",
    message: "Updating `{name}` requires a restart because it names `{private}`, and {why}.",
    cause: "A patch is compiled outside of the class, where private names (`#x`) mean nothing. A class with lifted functions hands out those that it has when it is built; a name of an anonymous class, or one behind an earlier `?.` of the same chain (`a?.b.#x`), cannot be reached so. TypeScript's `private` is nothing at run time and no hindrance.",
    remedy: "Give the class a name; put what stands before the private name into a variable (`const b = a?.b; if (b) b.#x`).",
  },
  HF1121: {
    slug: "super-out-of-reach",
    message: "Updating `{name}` requires a restart because it uses `super`, and {why}.",
    cause: "In a patch, `super` is looked up through the class that the host's scope names. That must be the class the method was written in.",
    remedy: "Write what `super` stands for by its name (`Base.prototype.run.call(this)`).",
  },
  HF1122: {
    slug: "inner-member",
    message: "Updating `{name}` requires a restart because its class or object literal is not bound at the top level of the module.",
    cause: "`lift` reaches the methods of top-level classes, and functions in object literals that a top-level `const` holds. All others are made anew whenever the code around them runs, or were handed over when the module was evaluated.",
    remedy: "Bind the class or object to a top-level `const`, or move the body into a top-level function (`{fn}`, say); from the next build on it can be patched.",
  },
  HF1123: {
    slug: "computed-key",
    message: "Updating `{name}` requires a restart because its key is computed when the module is evaluated.",
    cause: "A lifted function is found by its key, which must be written in the source: a name, a text, a number, or a symbol of the language (`[Symbol.iterator]`).",
    remedy: "Move the body of `{name}` into a top-level function (`{fn}`, say) and call it from there; from the next build on it can be patched.",
  },
  HF1124: {
    slug: "decorated-member",
    message: "Updating `{name}` requires a restart because it is decorated, and a decorator may have put another function in its place.",
    cause: "Decorators run once, with the function that the class was written with; what they made of it is not known.",
    remedy: "Move the body of `{name}` into a top-level function (`{fn}`, say) and call it from the method; from the next build on it can be patched.",
  },
  HF1125: {
    slug: "declared-twice",
    message: "Updating `{name}` requires a restart because its class or object has two members of this name.",
    cause: "A lifted function is found by its name, and the last of several wins.",
    remedy: "Remove the one that is not used.",
  },
  HF1126: {
    slug: "names-itself",
    message: "Updating `{name}` requires a restart because the function expression calls itself by its own name.",
    cause: "Inside, that name is the host's function object, which a patch cannot reach.",
    remedy: "Move the body of `{name}` into a top-level function (`{fn}`, say) and name that in the object; from the next build on it can be patched.",
  },
  HF1127: {
    slug: "class-name-assigned",
    message: "Updating `{name}` requires a restart because it names its own class, `{class}`, and something else is assigned to that name.",
    cause: "Inside its class, the name is the class itself for good; to a patch it is whatever the variable holds.",
    remedy: "Use `this.constructor`, or give one of the two another name.",
  },
  HF1130: {
    slug: "member-not-installable",
    message: "Adding `{name}` requires a restart because it cannot be put on the running `{root}`: {why}.",
    cause: "A patch installs new methods and entries on the host's class or object when it is applied, and takes them away when it is rolled back.",
    remedy: "Write it as a top-level function and call that; from the next build on it can be a member.",
  },
  HF1131: {
    slug: "entries-read-at-start",
    message: "Adding `{name}` requires a restart because {what} read `{root}` when the program started, and what it made of it would lack the new one.",
    cause: "The patch puts the entry into the object itself, and the method into the class. Tables, lists, registrations and references (`const f = room.close`) made from what they had before are data of the running program.",
    remedy: "If nothing was made of what it had, build with `--accept-computed {id}`. Otherwise register the new entry in a callback of the patch (`postPatch`).",
  },
  HF1132: {
    slug: "entry-stands-last",
    message: "In the running program, the new entry `{name}` stands behind all others of its object; in a fresh build it stands where it is written.",
    cause: "Entries are put into the living object, and objects list their entries in the order in which they came.",
    remedy: "Nothing needs to be done if nobody depends on the order; otherwise write it behind the others.",
  },
  HF1133: {
    slug: "member-stays-unused",
    message: "`{name}` is gone from the source; on the running `{root}` it stays until the next restart, and nothing of the program names it.",
    cause: "Calls that began before the patch may still need it.",
    remedy: "Nothing needs to be done, unless a package calls methods of that name.",
  },
  HF1134: {
    slug: "member-removed",
    message: "Removing `{name}` requires a restart because {why}.",
    cause: "A patch takes no method off the running `{root}`: calls that began before may still need it. It may stay there unused only if nothing else can find it.",
    remedy: "Leave `{name}` in `{root}` for now, and give it the body that is right for whoever still calls it.",
  },
  HF1201: {
    slug: "initialiser-changed",
    message: "Updating the value of `{name}` requires a restart because data of the running program is never replaced.",
    cause: "The value was made when the module was evaluated; a patch never evaluates the declaration again.",
    remedy: "If the new value is needed now, leave `{name}` as it is, declare the new one under a name of its own and use that in changed functions.",
  },
  HF1202: {
    slug: "class-changed",
    message: "Updating the class `{name}` requires a restart because objects that exist already belong to the class as it is: {detail}.",
    cause: "A class is evaluated once.",
    remedy: "Keep the class `{name}` as it is and move the changed logic into top-level functions that its methods call; from the next build on those can be patched.",
  },
  HF1203: {
    slug: "binding-kind-changed",
    message: "Updating `{name}` from {before} to {after} requires a restart because the running program has it as {before}.",
    cause: "A binding keeps its kind for as long as the module lives.",
    remedy: "Give the new thing a new name and use that in changed functions.",
  },
  HF1204: {
    slug: "addition-not-possible",
    message: "The new declaration of `{name}` cannot come with a patch: {detail}.",
    cause: "A patch can add functions, variables, classes and enums that are declared by a plain name.",
    remedy: "{advice}",
  },
  HF1205: {
    slug: "constant-read-elsewhere",
    message: "Updating the constant `{name}` requires a restart because {user}, which is not in the patch, reads it too.",
    cause: "Every target that reads the constant gets the new value; a method, a class, an initialiser or a top-level statement cannot. Half the program would go on with the old value.",
    remedy: "Read the constant in top-level functions only, or write the new value under a new name and use that in changed functions.",
  },
  HF1206: {
    slug: "value-escapes",
    message: "Updating the initialiser of `{name}` requires a restart because its object {how} ({where}): the running program could tell the new object from the one it has.",
    cause: "A patch makes a changed constant anew, for the functions that read it. That is unseen only as long as they look at the object and neither change it nor hand it on.",
    remedy: "Take out of `{name}` what is needed where it is read, instead of handing on the object itself; or restart.",
  },
  HF1207: {
    slug: "exported-constant",
    message: "Updating the constant `{name}` requires a restart because {entry} exports it to code that is not part of the build.",
    cause: "The module is one of `entries`: tests, plugins or scripts read its exports, and have the old value.",
    remedy: "Give the new value a new name and use that in changed functions.",
  },
  HF1208: {
    slug: "computed-by-changed-function",
    message: "`{name}` keeps the value that the old `{called}` computed for it at start; updating that requires a restart.",
    cause: "The declaration calls, directly or through other functions, a function that the patch changes. A fresh process would compute another value; the running one keeps the value it has.",
    remedy: "If the old value is right too, say so with `--accept-computed {id}`. Otherwise compute the value in a function where it is needed, or restart.",
  },
  HF1209: {
    slug: "perhaps-computed-by-changed-function",
    message: "{what} handed the old `{called}` at start to code that may have called it; what came of that stays as it is.",
    cause: "A function that the patch changes, or one that calls it, was given to a function of a package, to a method, or to a function that calls it only in some cases. Whether it was called before the patch cannot be told.",
    remedy: "If it was only kept (a handler, a memoised function), nothing is missing: calls from now on get the new code. If a value was computed with it, compute that in a function where it is needed, or restart.",
  },
  HF1301: {
    slug: "init-changed",
    message: "Updating top-level statements requires a restart because a patch never runs the host's init again.",
    cause: "The statement is new or has changed; the old one ran when the module was evaluated.",
    remedy: "Put the effect into a function that is called while the program runs, or restart.",
  },
  HF1302: {
    slug: "init-removed",
    message: "Removing top-level statements, or declarations with effects, requires a restart because what they did when the module was evaluated is not undone.",
    cause: "A statement of the running build, or a declaration that is not known to be free of effects, is no longer there.",
    remedy: "Undo its effect in a function that is called while the program runs, or restart.",
  },
  HF1303: {
    slug: "order-changed",
    message: "Changing the order in which declarations, statements and imports are evaluated requires a restart because they were evaluated in the old order.",
    cause: "At least one of those that changed places has effects, or depends on some. Imports may change places where nobody can tell in which order what they load was evaluated: initialisers of closed form, calls of functions that only return a function or what they were given, instances of classes without constructors.",
    remedy: "Put them back in their order for this fix.",
  },
  HF1304: {
    slug: "statement-ran-before",
    message: "This top-level statement ran at start, with the old `{called}`: what it did stays as it is.",
    cause: "The statement calls, directly or through other functions, a function that the patch changes. A patch never runs it again.",
    remedy: "If what it did has to be done anew, do it in a callback of the patch (`--callbacks`).",
  },
  HF1401: {
    slug: "import-of-unpatched-code",
    message: "Updating the import of `{name}` requires a restart because {user}, which is not in the patch, uses it.",
    cause: "Only patched functions can be given another binding.",
    remedy: "Import the new one under another name and use that in changed functions.",
  },
  HF1402: {
    slug: "default-unreachable",
    message: "Updating {name} requires a restart because it uses the anonymous default export of {module}, which patch code cannot reach.",
    cause: "An anonymous function, class or expression has no binding that the module's scope could hand over, and no module of the host imports it.",
    remedy: "Give what is exported a name.",
  },
  HF1403: {
    slug: "new-module",
    message: "Updating {name} requires a restart because it needs something of {module} that is neither in the running build nor can come with the patch.",
    cause: "The module has no such export, does not exist, or is a file that was not transformed: excluded, or JSON that the host has already. A patch brings new modules, but no second copy of one that may be running.",
    remedy: "Import it from where it is declared, or put what is needed into a new module or one that the host has.",
  },
  HF1404: {
    slug: "unknown-name",
    message: "`{name}` in `{target}` is explained by nothing: no binding of the module, no import, no global of Node.js.",
    cause: "A name that a build replaces (`__DEV__`), a global that another script makes, or a slip of the pen. It would fail only on the running server.",
    remedy: "Correct the name, write the value itself, or state that the host has it (`--global {name}`).",
  },
  HF1405: {
    slug: "dynamic-import-of-module",
    message: "Updating `{target}` requires a restart because it imports the project's module {module} dynamically, which a patch cannot resolve in a bundle.",
    cause: "Where a module of the project stands after bundling is not known to the patch. (`require` of one that the running build has is left to Node.js.)",
    remedy: "Import the module statically, or leave the dynamic import in an unchanged function and call that.",
  },
  HF1406: {
    slug: "new-load",
    message: "Updating the import of {specifier} requires a restart because what a module loads for its effects runs once, when the program starts.",
    cause: "The import is new, has gone or stands elsewhere; a patch neither runs nor undoes the init code of modules.",
    remedy: "Do what the module does in a changed function, or restart.",
  },
  HF1407: {
    slug: "import-meta",
    message: "Updating `{target}` requires a restart because it names `import.meta`, which its module did not do when the host was built.",
    cause: "Only modules that name `import.meta` hand it over to patch code; `import.meta.url` all do.",
    remedy: "Use `import.meta.url`, or take what is needed from a module that has it.",
  },
  HF1408: {
    slug: "namespace-not-reachable",
    message: "Updating {name} requires a restart because it uses the namespace of {module}, some of whose exports patch code cannot reach.",
    cause: "A patch makes a namespace of its own where the module has other exports than in the running build. What is named of it, or all of it where it is used as a whole, must have a place there; an anonymous default export, a `const enum`, a re-export of a package or of another namespace have none, nor has a constant with another value, unless it is a primitive and nothing is done with the namespace but to name members of it.",
    remedy: "Import the names that are needed (`import { price } from …`) in place of the namespace.",
  },
  HF1409: {
    slug: "new-module-await",
    message: "Updating {module} requires a restart because its new code awaits at the top level, which no patch can do.",
    cause: "What a patch brings is evaluated in the one synchronous step in which the patch is put in place.",
    remedy: "Do the work in an async function and call that, or keep the promise (`export const ready = load()`).",
  },
  HF1410: {
    slug: "new-module-commonjs",
    message: "Adding the module {module} requires a restart because it is a CommonJS module, which a patch cannot bring.",
    cause: "A patch brings ES modules only: what a CommonJS module exports is known when it has run.",
    remedy: "Write it with `import` and `export`.",
  },
  HF1411: {
    slug: "new-module-effects",
    message: "The new module {module} is imported for its effects: it runs when the patch is put in place.",
    cause: "In a fresh process it would run while the program starts, before the module that imports it. In the running program it runs once, when the patch is applied or when that module is loaded, and a rollback does not undo what it did.",
    remedy: "Nothing needs to be done if that is meant.",
  },
  HF1412: {
    slug: "new-module-import-meta",
    message: "Adding the module {module} requires a restart because it names `import.meta`, which it has not got in a patch.",
    cause: "A module that comes with a patch has no file on the host.",
    remedy: "Take what is needed as a parameter, or from a module that the host has.",
  },
  HF1413: {
    slug: "function-moved",
    message: "Moving the function `{name}` out of {module} requires a restart because it is used as a value.",
    cause: "The function in the other module is a new one. Listeners, timers and tables that hold the function go on with the old one, and code that compares or removes it (`emitter.off(\"x\", {name})`) would not find it.",
    remedy: "Leave the function where it is, and import it from there.",
  },
  HF1414: {
    slug: "state-moved",
    message: "Moving `{name}` of {module} to {to} requires a restart because its value stays where it is.",
    cause: "The declaration in its new place, or under its new name, would be evaluated anew: the program would go on with an empty one, and objects of a class with another class.",
    remedy: "Leave `{name}` where it is and as it is called, for this fix. If the new one is meant to start afresh, leave the declaration of the old one where it is too.",
  },
  HF1415: {
    slug: "module-removed",
    message: "Removing {module} requires a restart because what it did when it was evaluated is not undone.",
    cause: "The module has top-level statements or declarations with effects; they have run.",
    remedy: "Keep the module, or undo its effects in a function that is called while the program runs.",
  },
  HF1417: {
    slug: "held-function-removed",
    message: "Removing `{name}` from {module} requires a restart because the running program holds references to it, which go on with the old code.",
    cause: "Code of the base registers, stores or hands on the function itself. Under a new name, or without it, nothing would reach those who have it.",
    remedy: "Keep the function, with the fixed body, for this fix; or let it call the new one.",
  },
  HF1418: {
    slug: "other-answer",
    message: "`{specifier}` led {by} to {before} when the host was built; our own resolver finds {now}. The patch goes by the build.",
    cause: "The tool that built the host resolves imports in a way of its own (an alias, a plugin, a condition), or the installed packages differ.",
    remedy: "Nothing, if that is how the fixed program would be built too.",
  },
  HF1501: {
    slug: "export-changed",
    message: "Updating what {module} exports requires a restart because it is imported dynamically, and whoever did so holds the exports as they were.",
    cause: "An exported name now stands for another binding, has another value or is gone; or one is new, and code that imports the module dynamically (`import()`, `require`, `import x = require`) names it or does more with the module than to name its exports, such as to list its keys or to hand it on.",
    remedy: "Import what is new with an `import` statement; export the new binding under a new name and use that in changed functions.",
  },
  HF1502: {
    slug: "strictness-changed",
    message: "Updating {module} from {before} to {after} code requires a restart because every function of it would change its meaning.",
    cause: "`\"use strict\"`, `import` or `export` came or went.",
    remedy: "Keep the module's kind.",
  },
  HF1503: {
    slug: "outside-changed",
    message: "Updating {module} requires a restart because the file is not transformed.",
    cause: "The file is excluded, is no source code (JSON), or has not come through `ts-hotfix/register` (it is loaded later, or was before), and has changed since the build; no patch reaches what it holds.",
    remedy: "Undo the change for this fix, or write the new values into changed functions. From the next build on, include the file; `ts-hotfix manifest` knows what is loaded later.",
  },
  HF1504: {
    slug: "compiler-settings-changed",
    message: "The compiler setting `{setting}` is {after} in the fixed tree; the host was built with {before}.",
    cause: "A fresh build of the fixed tree would compile code in another way than the host, and patch code is compiled as the host was.",
    remedy: "Undo the change of `tsconfig.json` for this fix.",
  },
  HF1505: {
    slug: "lockfile-changed",
    message: "The lock file of the fixed tree is another than the one that the host was built with.",
    cause: "A patch uses the packages that the running program has; the fixed source may be written for others.",
    remedy: "Build the fix from a tree with the host's lock file. If the packages that the patch uses are the same, say so with `--accept-lockfile`.",
  },
  HF1601: {
    slug: "callbacks-file",
    message: "The file of callbacks, {file}, cannot be used: {detail}.",
    cause: "Callbacks stand in a file of their own, which is no part of the program.",
    remedy: "Give the path of such a file (`--callbacks fix/callbacks.ts`).",
  },
  HF1602: {
    slug: "callbacks-exports",
    message: "A file of callbacks exports any of `prePatch`, `postPatch`, `preUnpatch`, `postUnpatch` and `healthy`, and perhaps `oncePerProcess`, and nothing else; this one exports {found}.",
    cause: "A callback whose name is misspelt would never be called.",
    remedy: "Correct the name, or do not export what is no callback.",
  },
  HF1603: {
    slug: "callback-kind",
    message: "`{name}` must be {kind}, declared in the file of callbacks.",
    cause: "`postPatch` and `postUnpatch` are called in the synchronous step in which the patch comes or goes; nobody waits for a promise there.",
    remedy: "Declare it so; what takes time belongs into `prePatch` or `preUnpatch`.",
  },
  HF1604: {
    slug: "callbacks-import",
    message: "The callbacks import the module {module}, which is in neither the running build nor the patch.",
    cause: "Callbacks reach modules of the host and packages. They run before and after the patch is put in place, and cannot bring modules.",
    remedy: "Put what is needed into the file of callbacks.",
  },
  HF1701: {
    slug: "pick-matches-nothing",
    message: "`{pattern}` picks nothing: the fixed tree has no such module.",
    cause: "What has a `#` is the id of a function (`src/shop.ts#award`), all else a glob over the paths of modules, from the root of their package.",
    remedy: "Write the path as it stands in the tree, from the folder with `package.json`, with forward slashes; quote globs, so that the shell leaves them alone.",
  },
  HF1702: {
    slug: "pick-closure",
    message: "`{name}` cannot be picked because it is {kind}.",
    cause: "Only top-level functions can be replaced; a closure has no address of its own.",
    remedy: "Pick the top-level function that it stands in. Where there is none, move its body into one; from the next build on that can be picked.",
  },
  HF1703: {
    slug: "pick-method",
    message: "`{name}` cannot be picked because it is {kind}.",
    cause: "Only `function` declarations and `const` arrow functions or function expressions at the top level of a module can be replaced.",
    remedy: "Move its body into a top-level function and call that from here; from the next build on that can be picked.",
  },
  HF1704: {
    slug: "pick-unknown",
    message: "`{name}` cannot be picked because {module} has no such function{hint}.",
    cause: "The fixed tree is asked, not the running build: a function that the fix removes cannot be picked. Constants with another value come with the functions that read them.",
    remedy: "Pick a function by the name it has at the top level of its module, `default` for one without a name.",
  },
  HF1705: {
    slug: "pick-unchanged",
    message: "`{pattern}` has nothing to patch: {why}.",
    cause: "Types, comments and formatting make no difference, and a patch holds what does.",
    remedy: "Leave the pattern out, or see with a build without `--pick` what has changed.",
  },
  HF1706: {
    slug: "picked-with",
    message: "`{name}` goes in too: {why}.",
    cause: "It has changed as well, and what was picked is written for the new one.",
    remedy: "See whether that is meant; to leave it out, change the picked functions so that they do without it.",
  },
  HF1707: {
    slug: "picked-for-all",
    message: "`{name}` goes in too: {why}.",
    cause: "Old code must not go on with the old value, or call a function as it was before, beside new code that does otherwise.",
    remedy: "See whether that is meant; to leave it out, let the picked functions use a new constant or a new function.",
  },
  HF1708: {
    slug: "caller-left-out",
    message: "`{name}` has changed and stays as it is, but names `{other}`, which goes in.",
    cause: "The two may have been changed for each other: the old caller now gets the new function.",
    remedy: "See whether that is meant, or pick both.",
  },
  HF1709: {
    slug: "left-out",
    message: "Left out of {modules}, as not picked: {count}.",
    cause: "What was not picked, and is not needed by what was, stays as it is in the running program; whether it could be patched does not matter.",
    remedy: "Nothing, if that is meant. A later patch of this base must pick again what shall stay patched.",
  },
  HF2001: {
    slug: "patch-unreadable",
    message: "The patch file cannot be read: {detail}.",
    cause: "The file is not a patch, was cut short or was changed after it was written. A patch must equal its own re-encoding byte for byte.",
    remedy: "Copy the file again, or build the patch again with `ts-hotfix build`.",
  },
  HF2002: {
    slug: "patch-malformed",
    message: "The patch's content does not have the form of schema 1: at `{path}`, expected {expected}, found {found}.",
    cause: "The patch was written by hand, by another tool or by a version of ts-hotfix that does not go with this one.",
    remedy: "Build the patch with the version of ts-hotfix that the host runs.",
  },
  HF2003: {
    slug: "patch-schema",
    message: "The patch is of schema {found}, this host reads schema {expected}.",
    cause: "The patch was built by a version of ts-hotfix that writes another layout than the one the host runs.",
    remedy: "Build the patch with the version of ts-hotfix that the host runs.",
  },
  HF2004: {
    slug: "another-build",
    message: "`{module}` was built for another build: the host's fingerprint is {host}, the patch's {patch}.",
    cause: "The host runs code that is not the base this patch was compared with. Its functions could do something else than the patch assumes.",
    remedy: "Build the patch against the manifest of the build that runs on this host (`ts-hotfix build --base`).",
  },
  HF2005: {
    slug: "binding-missing",
    message: "`{module}` has no binding `{name}` on this host; the patch uses it.",
    cause: "The patch names a binding that the host's module does not offer, although its fingerprint is the same: a bundler dropped it, or the patch is wrong.",
    remedy: "Keep unused bindings in the host's build, or write the fix without this binding.",
  },
  HF2006: {
    slug: "addition-changed",
    message: "The addition `{name}` of `{module}` is already on this host with another meaning.",
    cause: "An earlier patch added this variable, class or function, and it is in use. What a patch has added is never evaluated again, so a changed initialiser would not take effect; nor would another kind, other parameters or other defaults of a function, only another body. (A `const` that is not exported, whose value depends on no other name and cannot be told from another one, as a number or a table that is only read, may change.)",
    remedy: "Leave the addition as it is, or give the changed one a new name.",
  },
  HF2007: {
    slug: "package-missing",
    message: "`{module}` imports `{specifier}`, which cannot be loaded on this host: {detail}.",
    cause: "The patch imports a package that is not installed where the host's module is, or that fails while it is loaded.",
    remedy: "Install the package beside the host, or write the fix without it.",
  },
  HF2008: {
    slug: "export-missing",
    message: "`{specifier}`, imported by `{module}`, has no export `{name}` on this host.",
    cause: "Another version of the package is installed on the host than where the patch was built.",
    remedy: "Install the same version on the host, or use what its version offers.",
  },
  HF2009: {
    slug: "code-broken",
    message: "The patch's code for `{module}` cannot be loaded: {detail}.",
    cause: "The code does not compile on this version of Node.js, or fails before any of its functions is called.",
    remedy: "Build the patch for the version of Node.js that the host runs.",
  },
  HF2010: {
    slug: "product-missing",
    message: "The patch's code for `{module}` makes no {kind} `{name}`, which the patch lists.",
    cause: "The list of a patch and its code do not agree: the patch was written by hand or by another tool.",
    remedy: "Build the patch again with `ts-hotfix build`.",
  },
  HF2011: {
    slug: "module-not-loaded",
    message: "`{module}` would import from `{other}`, which this thread has not loaded.",
    cause: "The fix imports another module of the program that the running host loads only later, if ever. A patch cannot load it: that would run its init statements.",
    remedy: "Have the host load that module first, or write the fix without the import.",
  },
  HF2012: {
    slug: "another-program",
    message: "The patch is for `{package}`; the modules on this host are of {host}.",
    cause: "The patch was sent to another program than the one it was built for.",
    remedy: "Check the socket the patch is applied to.",
  },
  HF2101: {
    slug: "manifest-unreadable",
    message: "The manifest {file} cannot be read: {detail}.",
    cause: "The file is missing, is no manifest, or was damaged or changed after it was written.",
    remedy: "Name the manifest that was written together with the running build (`--base`). `ts-hotfix manifest --show` tells what a manifest holds.",
  },
  HF2102: {
    slug: "source-not-found",
    message: "{folder} does not belong to the package `{name}` that the manifest describes.",
    cause: "The fixed tree is looked for in this folder and those above it.",
    remedy: "Run the command in the package's folder, or name it with `--source`.",
  },
  HF2103: {
    slug: "source-empty",
    message: "None of the modules of the running build is in {root}.",
    cause: "This is another tree, or one without its sources.",
    remedy: "Name the folder of the host's package in the fixed tree with `--source`.",
  },
  HF2104: {
    slug: "manifest-schema",
    message: "The manifest {file} has schema {found}; this version of ts-hotfix reads schema {known}.",
    cause: "Another version of ts-hotfix built the host. A manifest of schema 1 holds conclusions of that version and not the program.",
    remedy: "Build the patch with the version of ts-hotfix that built the running host. From the next build and restart of the host on, any later version makes patches for it.",
  },
  HF2105: {
    slug: "host-form",
    message: "The host of {file} has emitted form {form} and reads patches of schema {patch}; this version of ts-hotfix makes patches for {known}.",
    cause: "The runtime in that host would not understand the patch.",
    remedy: "Build the patch with the version of ts-hotfix that built the running host.",
  },
  HF2106: {
    slug: "blob-missing",
    message: "The text of {module} is the git blob {blob}, which {root} does not have.",
    cause: "The manifest was written with `sources: \"git\"`, and the repository lacks the commit that was built.",
    remedy: "Fetch the commit that was built (`git fetch`), or name a checkout that has it with `--source`.",
  },
  HF2201: {
    slug: "signature-broken",
    message: "The signature by {key} does not go with the patch.",
    cause: "The patch or the signature was changed after it was signed, or the signature was made by another key than it says.",
    remedy: "Do not apply it. Get the file again from whoever signed it.",
  },
  HF2202: {
    slug: "unsigned",
    message: "The patch is not signed; it must be signed by one of {keys}.",
    cause: "This host, or this command, takes patches of known signers only.",
    remedy: "Sign it: `ts-hotfix build --key FILE`, or `ts-hotfix sign` for a patch that is built already.",
  },
  HF2203: {
    slug: "foreign-signature",
    message: "The patch is signed by {signers}, none of which is trusted; it must be signed by one of {keys}.",
    cause: "The patch was signed by a key that this host, or this command, was not told of, or no longer trusts.",
    remedy: "Sign it with a trusted key; or, if this signer is to be trusted, add the public key to the trusted ones.",
  },
  HF2204: {
    slug: "key-unusable",
    message: "`{source}` cannot be used as {wanted}: {detail}.",
    cause: "The file is missing or unreadable, is of the other half of the pair, or holds a key of another kind.",
    remedy: "Name a file that `ts-hotfix keygen` wrote, or another Ed25519 key in PEM form.",
  },
  HF2205: {
    slug: "key-locked",
    message: "The private key `{source}` cannot be unlocked: {detail}.",
    cause: "The key is protected by a passphrase.",
    remedy: "Give its passphrase with `--passphrase-file` or in the variable `TS_HOTFIX_PASSPHRASE`.",
  },
  HF2206: {
    slug: "key-exposed",
    message: "The private key `{file}` can be read by others than its owner (mode {mode}).",
    cause: "Whoever has the private key can make patches that hosts run.",
    remedy: "`chmod 600 {file}`; if others may have read it, make a new key and take this one out of the trusted ones.",
  },
  HF2207: {
    slug: "another-base",
    message: "The patch is for build {bases}; `{manifest}` describes build {build} of `{package}`.",
    cause: "A patch fits the builds it was built for and no others.",
    remedy: "Name the manifest of the build that the patch was built against, or build the patch again against this one.",
  },
  HF2208: {
    slug: "no-key-named",
    message: "No {half} key was named to {use}.",
    cause: "The private half of a key pair signs patches; the public half tells who signed.",
    remedy: "Give `--key FILE`, or set `{variable}`.",
  },
  HF2209: {
    slug: "key-exists",
    message: "`{file}` exists already.",
    cause: "A new key in the place of an old one would lose the old one for ever.",
    remedy: "Give another name, or `--force` if the old key is not needed any more.",
  },
  HF2210: {
    slug: "not-included",
    message: "`{name}` of the patch is not in this source tree: {detail}.",
    cause: "The fix was not carried over to this tree, or the code was changed again since the patch was built. Only code that means the same as the patch's is known to contain the fix.",
    remedy: "Carry the fix over; if the code was changed again on purpose, see that the change keeps the fix.",
  },
  HF3001: {
    slug: "busy",
    message: "Another {operation} is under way in this process.",
    cause: "Patches are applied one at a time: two at once could leave functions of both in place.",
    remedy: "Wait for the one under way to end (`ts-hotfix status`), then try again.",
  },
  HF3002: {
    slug: "bad-argument",
    message: "{call} takes {expected}; it was given {found}.",
    cause: "The program calls the runtime's interface with a value of the wrong type.",
    remedy: "Correct the call.",
  },
  HF3003: {
    slug: "older-patch",
    message: "The patch has sequence {sequence}, the active one {active}; an older patch is not put back by `apply`.",
    cause: "Applying an older patch over a newer one would take back a fix, perhaps without anybody noticing.",
    remedy: "If that is meant, go back with `ts-hotfix rollback`; otherwise build the patch again.",
  },
  HF3004: {
    slug: "commit-failed",
    message: "The patch could not be put in place, and what had been done was undone: {detail}.",
    cause: "Something threw while the patch was put in place, most likely the initialiser of a variable that the patch adds. The host runs on as it was before.",
    remedy: "Correct the initialiser, or move what it does into a function.",
  },
  HF3005: {
    slug: "not-at-hand",
    message: "Cannot go back to `{target}`: it is not at hand on this host. At hand: {known}.",
    cause: "A host keeps the active patch and the one before it, no others.",
    remedy: "Apply that patch's file, or roll back to one of those at hand.",
  },
  HF3006: {
    slug: "host-restless",
    message: "The host loaded modules of this patch while it was prepared, {times} times in a row.",
    cause: "Every time the patch was ready, the host had modules it was not prepared for. Nothing was changed.",
    remedy: "Try again when the host has finished loading.",
  },
  HF3007: {
    slug: "several-instances",
    message: "`{module}` has been evaluated {count} times in this thread; all of them are patched together.",
    cause: "The same module was loaded under several addresses (two URLs, test isolation). Each evaluation has its own state.",
    remedy: "Nothing needs to be done if that is meant.",
  },
  HF3008: {
    slug: "pending",
    message: "{count} module(s) of the patch are not loaded yet and are patched when they are: {modules}.",
    cause: "The program loads these modules later, or never in this thread.",
    remedy: "Nothing needs to be done; `ts-hotfix status` lists what is pending.",
  },
  HF3009: {
    slug: "init-failed",
    message: "The init entry of `{module}` failed: {detail}.",
    cause: "A top-level statement of the module, run by `runInit()`, threw or rejected.",
    remedy: "Correct the statement. The error it threw is this error's `cause`.",
  },
  HF3010: {
    slug: "socket-in-use",
    message: "Another process listens at `{socket}`.",
    cause: "Two processes were given the same control socket, for example workers of one cluster that share `TS_HOTFIX_SOCKET`.",
    remedy: "Give every process its own path.",
  },
  HF3011: {
    slug: "socket-unusable",
    message: "No control socket can be opened at `{socket}`: {detail}.",
    cause: "The path is too long, is taken by something that is not a socket, or its directory is missing or not writable.",
    remedy: "Give a short path in an existing directory that belongs to the server's user.",
  },
  HF3012: {
    slug: "no-host",
    message: "No host answers at `{socket}`: {detail}.",
    cause: "The process has ended, listens at another path, or belongs to another user.",
    remedy: "Check the path and that the server is running; it opens the socket with `listen(path)` or the variable `TS_HOTFIX_SOCKET`.",
  },
  HF3013: {
    slug: "bad-request",
    message: "The control socket does not understand the request: {detail}.",
    cause: "The client speaks another version of the protocol, or is not ts-hotfix.",
    remedy: "Use the version of ts-hotfix that the host runs.",
  },
  HF3014: {
    slug: "too-large",
    message: "The message is larger than {limit} bytes.",
    cause: "What a host reads is bounded, so that a mistake cannot exhaust its memory.",
    remedy: "Check that the file is a patch.",
  },
  HF3015: {
    slug: "bad-answer",
    message: "The answer from `{socket}` cannot be understood: {detail}.",
    cause: "Something else than ts-hotfix listens there, another version of it does, or the process ended while it answered.",
    remedy: "Check the path, and look at `ts-hotfix status` before trying again.",
  },
  HF3016: {
    slug: "prepare-failed",
    message: "The patch could not be prepared: {detail}.",
    cause: "An error that none of the checks expects. Nothing was changed on the host.",
    remedy: "Please report it with the message.",
  },
  HF3017: {
    slug: "file-unreadable",
    message: "The file `{file}` cannot be read: {detail}.",
    cause: "The path of the patch file is wrong, or the file may not be read by this user.",
    remedy: "Check the path and the file's permissions.",
  },
  HF3018: {
    slug: "no-socket-named",
    message: "No control socket was named.",
    cause: "The command needs to know which process it is for.",
    remedy: "Give `--to SOCKET`, or set `TS_HOTFIX_SOCKET`.",
  },
  HF3020: {
    slug: "vetoed",
    message: "The patch was not put in place: its callback `prePatch` said no: {detail}.",
    cause: "`prePatch` threw, returned false, or its promise did either. The patch has changed nothing on the host; what `prePatch` itself has changed is its own to undo.",
    remedy: "See to what it asks for, then apply the patch again.",
  },
  HF3021: {
    slug: "callback-too-slow",
    message: "The patch was not put in place: its callback `prePatch` did not end within {limit} ms.",
    cause: "An operation does not wait for ever; meanwhile no other can begin. The callback goes on by itself: it cannot be stopped.",
    remedy: "Do less in `prePatch`, or allow more time (`callbackLimit` of `apply`).",
  },
  HF3022: {
    slug: "callback-failed",
    message: "The callback `{callback}` failed: {detail}.",
    cause: "Callbacks other than `prePatch` cannot stop an operation: it was carried out.",
    remedy: "Look at what the callback was to do, and do the rest of it by another patch.",
  },
  HF3023: {
    slug: "callbacks-not-evaluated",
    message: "The patch was not put in place: its callbacks in {file} failed while they were evaluated: {detail}.",
    cause: "A declaration or top-level statement of that file threw, before any callback was called.",
    remedy: "Correct the file, or move what failed into `prePatch`.",
  },
  HF3024: {
    slug: "callbacks-instances",
    message: "The callbacks use {module}, which has been evaluated {count} times in this thread.",
    cause: "Each evaluation has its own state, and callbacks would reach that of the first only.",
    remedy: "Load the module once, or do the work in a patched function.",
  },
  HF3028: {
    slug: "new-module-failed",
    message: "The module {module}, which the patch brings, failed while it was evaluated: {detail}.",
    cause: "One of its declarations or top-level statements threw. What the patch had changed on the host was undone; effects that the module's own statements had before are not.",
    remedy: "Correct the module, or move what failed into a function that is called later.",
  },
  HF3029: {
    slug: "new-module-instances",
    message: "{module}, which needs modules that the patch brings, has been evaluated {count} times in this thread.",
    cause: "Each evaluation has its own state; a module that a patch brings is evaluated once and could not tell which of them it belongs to.",
    remedy: "Load the module once, or put the new code into a module that the host has.",
  },
  HF3030: {
    slug: "thread-late",
    message: "The patch was given up on all threads: {thread} did not come to its safe point within {limit} ms; {activity}.",
    cause: "All threads of a process swap together, each between two tasks of its event loop. A thread in a loop that does not end, in a long computation or in a blocking call does not come to that point. No thread was held meanwhile, and nothing was changed.",
    remedy: "Apply again when the thread is idle, allow more time (`--barrier-timeout`), or let each thread swap by itself (`--threads eventually`) where threads may run different versions for a while.",
  },
  HF3033: {
    slug: "swap-too-slow",
    message: "The threads swapped back: not all of them had swapped after {limit} ms.",
    cause: "While all threads stand at the barrier nobody works, so that time is bounded. What the patch evaluates at its commit takes too long, or the machine is overloaded.",
    remedy: "Make the patch evaluate less at its commit (compute at first use), or apply again under less load.",
  },
  HF3034: {
    slug: "no-such-ticket",
    message: "Nothing is prepared under the ticket {ticket}.",
    cause: "What was prepared has been committed, aborted, or given up because nobody decided in time.",
    remedy: "Prepare again.",
  },
  HF3035: {
    slug: "threads-behind",
    message: "Not in the new state yet: {threads}.",
    cause: "With `eventually` no thread waits for another; these have not come to their safe point, or could not follow.",
    remedy: "They follow by themselves; `ts-hotfix status` shows when. One that cannot says why in a warning of its own.",
  },
  HF3036: {
    slug: "thread-not-following",
    message: "Thread {thread} could not go to the state of the process: {detail}",
    cause: "The thread started, or was reached, after the patch was applied, and what it has loaded does not fit the patch, or cannot be prepared at once. It runs the state it was in.",
    remedy: "See the reason; apply again when it is gone, or restart the thread.",
  },
  HF3040: {
    slug: "other-protocol",
    message: "The host speaks version {host} of the control protocol, the client version {client}.",
    cause: "The command line and the running process come from releases of ts-hotfix that are too far apart.",
    remedy: "Use the ts-hotfix that the server's package has installed (`npx ts-hotfix` in its folder).",
  },
  HF3041: {
    slug: "cannot-confirm",
    message: "This host cannot go back by itself, and has nothing to confirm.",
    cause: "The running process has a version of ts-hotfix that does not know `--confirm-within` and `confirm`. Nothing was changed.",
    remedy: "Apply without `--confirm-within`, and roll back by hand if need be.",
  },
  HF3042: {
    slug: "no-such-socket",
    message: "No socket matches `{pattern}`.",
    cause: "The pattern is meant for another directory, the processes have ended, or the shell changed it.",
    remedy: "Check the pattern, and put it between quotes.",
  },
  HF3043: {
    slug: "not-main-thread",
    message: "What is asked of a control socket is for the whole process, and this one was opened in a worker thread.",
    cause: "Only the main thread can lead all threads to another state at once.",
    remedy: "Call `listen(path)` in the main thread, or start the process with `TS_HOTFIX_SOCKET`.",
  },
  HF3044: {
    slug: "open-directory",
    message: "Other users may write in `{directory}`, where a control socket was opened.",
    cause: "The socket itself has mode 0600, but who may write in its directory can put another one in its place and be sent the patches.",
    remedy: "Keep control sockets in a directory that belongs to the server's user and has mode 0700.",
  },
  HF3045: {
    slug: "different-targets",
    message: "Nothing was changed: `{to}` is not the same state in all processes ({states}).",
    cause: "The processes have different pasts: some were restarted, or missed an operation.",
    remedy: "Name the state by the id of its patch, or roll back the processes one by one.",
  },
  HF3046: {
    slug: "outcome-unknown",
    message: "The process at `{socket}` was told to go to the new state, and does not say whether it has.",
    cause: "It hangs, or is stopped: nothing came within the time that was allowed.",
    remedy: "Look at `ts-hotfix status` when it answers again, then run the command again: processes that are there already stay as they are.",
  },
  HF3048: {
    slug: "interrupted",
    message: "Interrupted; nothing was changed.",
    cause: "The command was ended before the first process was told to go to the new state. What was prepared was given up.",
    remedy: "Run the command again.",
  },
  HF3049: {
    slug: "process-ended",
    message: "The process at `{socket}` was ready and has ended before it told the outcome.",
    cause: "It was killed, crashed, or was restarted at that moment. The other processes went to the new state.",
    remedy: "When it is running again, run the command again: processes that are there already stay as they are.",
  },
  HF3050: {
    slug: "deserted-socket",
    message: "Nobody listens at `{socket}`; it was left out.",
    cause: "The process that opened it was killed, or crashed, and could not remove it.",
    remedy: "Nothing needs to be done: the next process that opens its socket there takes it over. Otherwise remove the file.",
  },
  HF3051: {
    slug: "same-process",
    message: "The process at `{socket}` is the one at `{other}`.",
    cause: "A process opened two control sockets, for example by `listen()` and by `TS_HOTFIX_SOCKET`.",
    remedy: "Nothing needs to be done.",
  },
  HF3060: {
    slug: "state-damaged",
    message: "What the state directory {directory} keeps cannot be used: {detail}. It was set aside in {aside}; the program starts as built.",
    cause: "A file was changed, cut off or taken away, or another version of ts-hotfix wrote it. ts-hotfix itself never leaves a half-written file.",
    remedy: "Apply the patch again from its file. What was set aside is for you to look at; ts-hotfix does not read it.",
  },
  HF3061: {
    slug: "state-unusable",
    message: "The state directory {directory} cannot be used: {detail}. Nothing is kept for the next start.",
    cause: "It cannot be made or written, or others than this user may write to it: what lies there is run with the rights of the server.",
    remedy: "Give a directory that belongs to the server's user, with mode 0700, then restart; or apply the patch again after each start.",
  },
  HF3062: {
    slug: "state-not-written",
    message: "What was done stands, but could not be written to the state directory {directory}: {detail}. The next start may not know of it.",
    cause: "The disk is full, or the directory was taken away or made read-only.",
    remedy: "See to the directory, then do the same again (`apply` of the same patch, `rollback`, `confirm`): it is written then.",
  },
  HF3063: {
    slug: "other-build",
    message: "Patch {patch} of the state directory is for another build of this program: {detail} {where}",
    cause: "The program was built again since the patch was applied, most likely with the fix in it. A patch fits the build it was made for and no other.",
    remedy: "Nothing, if the new build has the fix; otherwise build the patch for the new build and apply it.",
  },
  HF3064: {
    slug: "crashed-at-boot",
    message: "Patch {patch} was not put in place: {times} processes that started with it were gone before their start was over. It was set aside in {aside}.",
    cause: "The patch may crash the program when it starts. Or the program was killed, or ended with an error of its own, soon after its start.",
    remedy: "Look at the program's log. If the patch is not to blame, apply it again from its file.",
  },
  HF3065: {
    slug: "not-at-boot",
    message: "Patch {patch} of the state directory was not put in place at this start: {detail}",
    cause: "Its signers are not trusted, a package that it imports is not there, or its code failed.",
    remedy: "See to the reason, then restart or apply the patch again. It stays in the state directory until another operation changes the state.",
  },
  HF3066: {
    slug: "late-boot",
    message: "Patch {patch} of the state directory is put in place while the program runs already: {detail}",
    cause: "It imports a package that can only be loaded asynchronously, or brings a module that needs modules which the program loads later. The functions it fixes may have been called as built until then.",
    remedy: "For a package, start the program with `node --import ts-hotfix/boot`. For a module there is none but a new build.",
  },
  HF3067: {
    slug: "earlier-patch-lost",
    message: "The state directory has lost an earlier patch: {detail}. `rollback` cannot lead there.",
    cause: "The file was changed or taken away. The active patch is not concerned.",
    remedy: "Nothing needs to be done.",
  },
  HF3068: {
    slug: "not-confirmed",
    message: "It was undone: nobody confirmed it within {within} ms.",
    cause: "It was applied with a time in which it had to be confirmed.",
    remedy: "Apply it again, and confirm it in time when all is well.",
  },
  HF3069: {
    slug: "not-healthy",
    message: "It was undone: the callback `healthy` said no: {detail}.",
    cause: "`healthy` returned false, threw, or did not end in time, while the patch waited for its confirmation.",
    remedy: "Find out what `healthy` saw; correct the patch, or the callback.",
  },
  HF3070: {
    slug: "nothing-to-confirm",
    message: "Nothing waits for a confirmation.",
    cause: "It was applied without a time to confirm it, was confirmed already, or was undone because the time was over.",
    remedy: "Look at `ts-hotfix status`.",
  },
  HF3071: {
    slug: "other-directory",
    message: "The state is kept in {directory} already, and cannot be kept in {other} too.",
    cause: "`TS_HOTFIX_STATE_DIR` and `configure()` name different directories, or two calls do.",
    remedy: "Name one.",
  },
  HF3080: {
    slug: "threads-restless",
    message: "The patch was given up on all threads: within {limit} ms there was no moment in which all of them were ready.",
    cause: "Threads started or ended, or modules were loaded, all the time, so that what was prepared was never complete; or the machine is so loaded that no attempt to stop all threads at once came off. Nothing was changed.",
    remedy: "Apply again, allow more time (`--barrier-timeout`), or let each thread swap by itself (`--threads eventually`) where threads may run different versions for a while.",
  },
  HF3090: {
    slug: "watch-production",
    message: "{socket} says that it is production, which `watch` does not patch.",
    cause: "`NODE_ENV` of the process is `production`. Every save would go into it unseen.",
    remedy: "Build the patch, look at it, and apply it (`ts-hotfix build`, `show`, `apply`). If this is meant, give `--allow-production`.",
  },
  HF3091: {
    slug: "not-of-this-watch",
    message: "The tree means the same as the build, and {socket} is at patch {patch}, which this command has not put there. It stays.",
    cause: "Somebody else has applied it, or an earlier run of `watch`.",
    remedy: "`ts-hotfix rollback` takes it back.",
  },
  HF3092: {
    slug: "member-stays",
    message: "`{name}` came with a patch and is still there: the program has frozen the object that it was put on.",
    cause: "The patch added a method or an entry; later `Object.freeze` or `Object.seal` made all properties of the class or object permanent. All else is in the new state.",
    remedy: "None is needed where nothing calls it, and code without the patch does not. It goes with the next restart.",
  },
  HF3101: {
    slug: "trusted-keys-unusable",
    message: "The trusted keys of this host cannot be used: {detail}. No patch is taken until they can.",
    cause: "`configure({ trustedKeys })` or the variable `TS_HOTFIX_TRUSTED_KEYS` names a key that is missing or malformed. To go on without it would let unsigned patches in.",
    remedy: "Correct the keys, then start the host again or call `configure` again.",
  },
  HF3102: {
    slug: "no-trusted-keys",
    message: "This host takes patches from everybody who reaches it: it has no trusted keys.",
    cause: "Without keys nothing tells the patch of a colleague from that of an intruder. This is said once for each process.",
    remedy: "Make a key with `ts-hotfix keygen` and give its public half to the host: `configure({ trustedKeys })` or `TS_HOTFIX_TRUSTED_KEYS`.",
  },
  HF9001: {
    slug: "internal-error",
    message: "Internal error: {detail}",
    cause: "ts-hotfix ran into a state its authors held to be impossible. Nothing was changed by the operation that failed.",
    remedy: "Please report it with the message and, if you can, the source that led to it.",
  },
};
