/** Whole programs from npm, made of functions or of classes, and what each has to do. */

export interface WholeProgram {
  readonly name: string;
  readonly specifier: string;
  /** Its sources, copied beside `work.js`: a folder of the package, or a file. */
  readonly sources: string;
  /**
   * The module that uses it. Exports `run`, which does the same each time and gives a number that shows that it did.
   * `input` is the text of this repository's analysis, or of the program itself.
   */
  readonly work: string;
  readonly input: "typescript" | "itself" | "none";
  /** Made of classes: built with the option `lift`. */
  readonly lift?: true;
}

const READ = 'import { readFileSync } from "node:fs";\nconst input = readFileSync(new URL("../input.txt", import.meta.url), "utf8");\n';
const RANDOM = "let state = 1;\nconst random = () => ((state = (state * 16807) % 2147483647) / 2147483647);\n";

export const PROGRAMS: readonly WholeProgram[] = [
  {
    name: "meriyah", specifier: "meriyah@7.1.0", sources: "dist/meriyah.mjs", input: "itself",
    work: `${READ}import { parseModule } from "./package/meriyah.mjs";\nexport const run = () => parseModule(input, { ranges: true, next: true }).body.length;\n`,
  },
  {
    name: "earcut", specifier: "earcut@3.0.2", sources: "src", input: "none",
    work: `${RANDOM}import earcut from "./package/earcut.js";
const points = Array.from({ length: 2000 }, (_, i) => [Math.cos(i / 318.31) * (50 + 40 * random()), Math.sin(i / 318.31) * (50 + 40 * random())]).flat();
export const run = () => earcut(points).length;\n`,
  },
  {
    name: "js-yaml", specifier: "js-yaml@4.1.0", sources: "dist/js-yaml.mjs", input: "none",
    work: `${RANDOM}import { dump, load } from "./package/js-yaml.mjs";
const players = Array.from({ length: 200 }, (_, id) => ({ id, name: "player " + id, gold: Math.floor(random() * 1e6), items: ["sword", "it's: a #trap", ""], born: new Date(1e12 + id * 1e7), at: { x: random(), y: null } }));
const text = dump(players);
export const run = () => dump(load(text)).length;\n`,
  },
  {
    name: "sucrase", specifier: "sucrase@3.35.0", sources: "dist/esm", input: "typescript",
    work: `${READ}import { transform } from "./package/index.js";\nexport const run = () => transform(input, { transforms: ["typescript", "imports"] }).code.length;\n`,
  },
  {
    name: "date-fns", specifier: "date-fns@4.1.0", sources: ".", input: "none",
    work: `import { addBusinessDays, addMonths, differenceInCalendarDays, endOfQuarter, format, formatDistanceStrict, getISOWeek, isWeekend, parse, parseISO, startOfWeek } from "./package/index.js";
export const run = () => {
  let sum = 0;
  for (let i = 0; i < 300; i++) {
    const date = addBusinessDays(parseISO("2024-02-28T12:34:56Z"), i);
    const text = format(addMonths(date, i % 13), "yyyy-MM-dd EEEE do MMM");
    sum += text.length + getISOWeek(date) + differenceInCalendarDays(endOfQuarter(date), startOfWeek(date)) + (isWeekend(date) ? 1 : 0);
    sum += formatDistanceStrict(parse("2024-01-" + String(1 + (i % 28)).padStart(2, "0"), "yyyy-MM-dd", date), date).length;
  }
  return sum;
};\n`,
  },
  {
    name: "rou3", specifier: "rou3@0.7.9", sources: "dist", input: "none",
    work: `import { addRoute, createRouter, findRoute } from "./package/index.mjs";
const names = ["players", "rooms", "trades", "items", "guilds", "auctions", "chats", "friends"];
export const run = () => {
  const router = createRouter();
  for (const name of names) for (const [method, path] of [["GET", ""], ["GET", "/:id"], ["POST", "/:id/move"], ["GET", "/:id/log/**"]]) addRoute(router, method, "/api/" + name + path, { name, path });
  let sum = 0;
  for (let i = 0; i < 2000; i++) {
    const found = findRoute(router, i % 3 === 0 ? "POST" : "GET", "/api/" + names[i % 8] + "/" + i + (i % 3 === 0 ? "/move" : i % 5 === 0 ? "/log/a/b" : ""));
    sum += found === undefined ? 1 : found.data.name.length + (found.params?.id?.length ?? 0);
  }
  return sum;
};\n`,
  },
  {
    name: "fastest-levenshtein", specifier: "fastest-levenshtein@1.0.16", sources: "esm", input: "none",
    work: `${RANDOM}import { closest, distance } from "./package/mod.js";
const words = Array.from({ length: 120 }, () => Array.from({ length: 3 + Math.floor(random() * 60) }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join(""));
export const run = () => words.reduce((sum, word, i) => sum + distance(word, words[(i * 7) % 120]) + closest(word, words.slice(0, 40)).length, 0);\n`,
  },
  {
    name: "robust-predicates", specifier: "robust-predicates@3.0.2", sources: "esm", input: "none",
    work: `${RANDOM}import { incircle } from "./package/incircle.js";\nimport { orient2d } from "./package/orient2d.js";\nimport { orient3d } from "./package/orient3d.js";
const points = Array.from({ length: 4000 }, (_, i) => (i % 7 === 0 ? 0.5 : random()));
export const run = () => {
  let sum = 0;
  for (let i = 0; i < 3980; i++) {
    const [a, b, c, d, e, f, g, h, j, k, l, m] = points.slice(i, i + 12);
    sum += Math.sign(orient2d(a, b, c, d, e, f)) + Math.sign(orient2d(a, a, b, b, c, c + 1e-17)) + Math.sign(incircle(a, b, c, d, e, f, g, h)) + Math.sign(orient3d(a, b, c, d, e, f, g, h, j, k, l, m));
  }
  return sum + 1e6;
};\n`,
  },
  {
    name: "yaml", specifier: "yaml@2.8.1", sources: "browser/dist", input: "none", lift: true,
    work: `${RANDOM}import { parse, stringify } from "./package/index.js";
const text = stringify(Array.from({ length: 60 }, (_, id) => ({ id, name: "player " + id, gold: Math.floor(random() * 1e6), items: ["sword", "it's: a #trap", ""], at: { x: random(), y: null }, text: "first line\\nsecond line" })));
export const run = () => stringify(parse(text)).length;\n`,
  },
  {
    name: "marked", specifier: "marked@12.0.2", sources: "lib/marked.esm.js", input: "none", lift: true,
    work: `import { marked } from "./package/marked.esm.js";
const section = (i) => "## Room " + i + "\\n\\nIt has **" + i * 7 + "** players, _some_ of them TICKidleTICK, see [the list](/rooms/" + i + ").\\n\\n- one\\n- two\\n  - nested " + i + "\\n\\n> quoted\\n\\n| a | b |\\n|---|---|\\n| " + i + " | x |\\n\\nTICKTICKTICKjs\\nlet x = " + i + ";\\nTICKTICKTICK\\n\\n";
const text = Array.from({ length: 60 }, (_, i) => section(i)).join("");
export const run = () => marked.parse(text).length;\n`.replaceAll("TICK", "`"),
  },
  {
    name: "chess.js", specifier: "chess.js@1.4.0", sources: "dist/esm/chess.js", input: "none", lift: true,
    work: `import { Chess } from "./package/chess.js";
export const run = () => {
  const game = new Chess();
  let sum = 0;
  for (let i = 0; i < 40 && !game.isGameOver(); i++) {
    const moves = game.moves({ verbose: true });
    const move = moves[(i * 7919) % moves.length];
    game.move(move.san);
    sum += moves.length + game.fen().length + (game.inCheck() ? 1 : 0) + game.ascii().length;
  }
  while (game.undo()) sum++;
  return sum;
};\n`,
  },
];

/** What this repository has installed anyway: for a run that only shows that it works, and fetches nothing. */
export const QUICK: readonly WholeProgram[] = [{
  name: "sourcemap-codec", specifier: "", sources: "@jridgewell/sourcemap-codec/dist/sourcemap-codec.mjs", input: "none",
  work: `import { decode, encode } from "./package/sourcemap-codec.mjs";\nconst text = encode(Array.from({ length: 200 }, (_, line) => [[0, 0, line, 4], [8, 0, line, line % 40]]));\nexport const run = () => encode(decode(text)).length;\n`,
}];
