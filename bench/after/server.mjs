// A server that is busy all the time; what it gets done, and how long its turns take, before and after a commit.
import { pathToFileURL } from "node:url";
import { apply, rollback } from "ts-hotfix";
import { demand, percentile, variantsOf } from "../runtime/variants.mjs";

const { entry, payload, warmMs, beforeMs, afterMs, binMs } = JSON.parse(process.argv[2]);
process.removeAllListeners("warning").on("warning", () => {});
const { handlers } = await import(pathToFileURL(entry).href);
const variant = variantsOf(payload);

/** Milliseconds that this thread has worked; before Node 23.9 only that of the process is told, its compiler threads' included. */
const cpu = () => {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1000;
};

// one request: fifty functions out of all, another fifty each time
let at = 0;
let sum = 0;
const request = () => {
  for (let i = 0; i < 50; i++) {
    at = (at * 31 + 7) % handlers.length;
    sum += handlers[(at + i) % handlers.length]("player", i);
  }
};

const MOST = 4_000_000;
const ends = new Float64Array(MOST); // of turns, by the thread's own clock
const works = new Float64Array(MOST);
let turns = 0;
const serve = () => {
  for (let i = 0; i < 4; i++) request();
  const work = cpu();
  works[turns % MOST] = work;
  ends[turns % MOST] = performance.now();
  turns++;
  setImmediate(serve);
};
setImmediate(serve);
const pass = (ms) => new Promise((done) => setTimeout(done, ms));

/** What was done since a turn: per bin turns ÷ milliseconds worked; and the longest turns. */
const observe = (from) => {
  const bins = [];
  const latencies = [];
  let longestWork = 0;
  let binStart = from;
  for (let turn = from + 1; turn < turns; turn++) {
    latencies.push(ends[turn % MOST] - ends[(turn - 1) % MOST]);
    longestWork = Math.max(longestWork, works[turn % MOST] - works[(turn - 1) % MOST]);
    if (ends[turn % MOST] - ends[binStart % MOST] >= binMs) {
      bins.push({ turns: turn - binStart, worked: works[turn % MOST] - works[binStart % MOST], until: ends[turn % MOST] - ends[from % MOST] });
      binStart = turn;
    }
  }
  return { bins, longest: latencies.reduce((a, b) => Math.max(a, b), 0), longestWork, p50: percentile(latencies, 50), p99: percentile(latencies, 99) };
};
const speed = (bins) => bins.reduce((total, bin) => total + bin.turns, 0) / bins.reduce((total, bin) => total + bin.worked, 0);

const around = async (operation) => {
  let from = turns;
  await pass(beforeMs);
  const before = observe(from);
  const usual = speed(before.bins);
  from = turns;
  await operation();
  await pass(afterMs);
  const after = observe(from);
  const second = Math.min(1000, afterMs / 4);
  const late = after.bins.filter(({ until }) => until > second);
  // back: from here on no second's worth of bins is below
  const wide = Math.max(1, Math.round(second / 2 / binMs));
  let back = 0;
  for (let bin = 0; bin + wide <= after.bins.length; bin++) if (speed(after.bins.slice(bin, bin + wide)) < usual * 0.98) back = after.bins[bin].until;
  return {
    first: speed(after.bins.filter(({ until }) => until <= second)) / usual,
    late: speed(late) / usual,
    back,
    pause: after.longest, pauseBefore: before.longest,
    work: after.longestWork, workBefore: before.longestWork,
    p50: after.p50 / before.p50, p99: after.p99, p99Before: before.p99,
  };
};

await pass(warmMs);
const idle = await around(async () => {});
const applied = await around(async () => demand(await apply(variant(1)), "applied"));
const rolledBack = await around(async () => demand(await rollback(), "rolled-back"));
if (sum === 0) throw new Error("unreachable");
console.log(JSON.stringify({ idle, applied, rolledBack }));
process.exit();
