// The same with V8's own live editing, through the inspector: the same functions get the same changes, in the untransformed program.
import { Session } from "node:inspector";
import { pathToFileURL } from "node:url";
import { fillHeap, observeTurns } from "./turns.mjs";

const { entry, functions, heapMb, applies } = JSON.parse(process.argv[2]);
const IN_EACH = 50;
const session = new Session();
session.connect();
const post = (method, params) => new Promise((done, failed) => session.post(method, params, (error, result) => (error ? failed(new Error(`${method}: ${error.message}`)) : done(result))));
const scripts = new Map();
session.on("Debugger.scriptParsed", ({ params }) => void (params.url.endsWith(".js") && scripts.set(params.url.slice(params.url.lastIndexOf("/") + 1), params.scriptId)));
await post("Debugger.enable");
const { turn, first } = await import(pathToFileURL(entry).href);
const heap = fillHeap(heapMb);
const observed = observeTurns(turn);
const windows = { applied: [], idle: [] };

const edited = [];
for (let left = functions, area = 0; left > 0; left -= IN_EACH, area++) {
  const scriptId = scripts.get(`area${area}.js`);
  const { scriptSource } = await post("Debugger.getScriptSource", { scriptId });
  edited.push({ scriptId, source: scriptSource, count: Math.min(left, IN_EACH) });
}
/** The first so many functions return another number; 1 is the program's own. */
const withNumber = ({ source, count }, number) => {
  let place = 0;
  return source.replaceAll(/return 1;/g, (text) => (place++ < count ? `return ${number};` : text));
};
const edit = async (sources) => {
  for (const { scriptId, source } of sources) {
    const { status = "Ok", exceptionDetails } = await post("Debugger.setScriptSource", { scriptId, scriptSource: source });
    if (status !== "Ok" || exceptionDetails) throw new Error(`setScriptSource: ${status} ${exceptionDetails?.text ?? ""}`);
  }
};

const WARMING = 5;
const times = [];
for (let sequence = 1; sequence <= applies + WARMING; sequence++) {
  const sources = edited.map((each) => ({ scriptId: each.scriptId, source: withNumber(each, 500_000 + sequence) }));
  await new Promise((done) => setTimeout(done, 2));
  const counts = sequence > WARMING;
  const time = await observed.during(counts ? windows.applied : undefined, async () => await edit(sources));
  if (first("player", 1) !== 500_000 + sequence) throw new Error("not edited");
  if (counts) times.push(time);
  await observed.during(counts ? windows.idle : undefined, () => new Promise((done) => setTimeout(done, time)));
}
console.log(JSON.stringify({ ...(await observed.figures(windows, times)), heap: heap.length }));
process.exit();
