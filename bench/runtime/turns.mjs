// A process with live heap that works in every turn of its event loop, and how long its turns take.
import { PerformanceObserver } from "node:perf_hooks";
import { percentile } from "./variants.mjs";

/** What lives on the heap: small objects that point to each other, as a server's state does. */
export function fillHeap(megabytes) {
  const heap = [];
  while (process.memoryUsage().heapUsed < megabytes * 2 ** 20) {
    for (let i = 0; i < 2000; i++) heap.push({ id: i, name: `player ${i}`, items: [i, i + 1], next: heap[heap.length - 1 - (i % 50)] });
  }
  return heap;
}

/** @param turn the work of one turn */
export function observeTurns(turn) {
  const collections = [];
  new PerformanceObserver((list) => collections.push(...list.getEntries())).observe({ entryTypes: ["gc"] });
  // what the thread itself worked between two turns: on a machine that is not quiet the rest is other programs' time
  const cpu = () => {
    if (process.threadCpuUsage === undefined) return NaN;
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let longest = 0;
  let last = performance.now();
  let turns = 0;
  let longestWork = 0;
  let lastCpu = cpu();
  const server = () => {
    const now = performance.now();
    if (now - last > longest) longest = now - last;
    const work = cpu();
    if (work - lastCpu > longestWork) longestWork = work - lastCpu;
    lastCpu = work;
    last = now;
    if (turn(turns++).size === 0) throw new Error("unreachable");
    setImmediate(server);
  };
  setImmediate(server);
  return {
    /** Puts the longest turn during an operation into a list; the operation's time. */
    async during(list, operation) {
      await new Promise((done) => setImmediate(done));
      longest = longestWork = 0;
      lastCpu = cpu();
      const start = (last = performance.now());
      await operation();
      for (let i = 0; i < 3; i++) await new Promise((done) => setImmediate(done));
      list?.push({ start, end: performance.now(), longest, longestWork });
      return performance.now() - start;
    },
    /** Garbage collections may be told later. */
    async figures({ applied, idle }, times) {
      await new Promise((done) => setTimeout(done, 50));
      const of = (values) => ({ p50: percentile(values, 50), p99: percentile(values, 99) });
      const collected = (list) => list.map(({ start, end }) => Math.max(0, ...collections.filter((each) => each.startTime < end && each.startTime + each.duration > start).map(({ duration }) => duration)));
      return {
        pause: of(applied.map((each) => each.longest)),
        idle: of(idle.map((each) => each.longest)),
        work: of(applied.map((each) => each.longestWork)),
        idleWork: of(idle.map((each) => each.longestWork)),
        gc: of(collected(applied)),
        idleGc: of(collected(idle)),
        time: of(times),
      };
    },
  };
}
