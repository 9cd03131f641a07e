/**
 * Stands between emitted modules and the runtime, in every process and context of a test run. Notes the first call of each
 * function through its guard, and functions that should be patched and are not. With explicit init, calls `runInit()` as the
 * program's main would. Loaded natively: one for each thread.
 */
"use strict";
const { appendFileSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { threadId } = require("node:worker_threads");

const folder = process.env.TS_HOTFIX_SUITE;
/** Module key → slots, with `patched` those in the patch. */
const { slots, patched, explicit } = JSON.parse(readFileSync(join(folder, "plan.json"), "utf8"));
const notes = join(folder, `notes-${process.pid}-${threadId}.txt`);
const noted = new Set();

function note(kind, key, slot) {
  const line = `${kind} ${key}#${slot}\n`;
  if (noted.has(line)) return;
  noted.add(line);
  appendFileSync(notes, line);
}

/** An accessor that gives way to what it stands for once it was asked. */
function watch(holder, slot, value, key) {
  Object.defineProperty(holder, slot, {
    configurable: true,
    enumerable: true,
    get() {
      Object.defineProperty(holder, slot, { value, configurable: true, enumerable: true, writable: true });
      note("ran", key, slot);
      return value;
    },
  });
}

/** Puts watched slots under a table that has none. */
function watchAbsent(table, key) {
  const holder = Object.create(Object.getPrototypeOf(table));
  for (const slot of slots[key] ?? []) watch(holder, slot, undefined, key);
  Object.setPrototypeOf(table, holder);
}

// Named by patch code. On `process`, of which contexts that Jest makes have a copy.
process[Symbol.for("ts-hotfix/suite")] = watchAbsent;

let called = false;

/**
 * The first statement that is kept for `runInit()` has it called once the modules that are being evaluated have been: what a
 * file that imports the package and then uses it would do between the two. Modules that come later run theirs where they stand.
 */
function withRunInit({ init, defer }) {
  return {
    init,
    defer(segment) {
      defer(segment);
      if (called) return;
      called = true;
      queueMicrotask(() => {
        require(join(__dirname, "../../dist/src/runtime/thread.js"))
          .threadRuntime()
          .runInit()
          .catch((error) => writeFileSync(join(folder, `broken-init-${process.pid}-${threadId}.txt`), `runInit(): ${error?.cause?.stack ?? error}`));
      });
    },
  };
}

/** Loaded with the first module that registers: most processes of a test run have none. */
let runtime;

exports.register = process[Symbol.for("ts-hotfix/suite/register")] = function register(key, fingerprint, table, ...more) {
  runtime ??= require(join(__dirname, "../../dist/runtime/module.js"));
  const own = runtime.register(key, fingerprint, table, ...more);
  const handle = explicit ? withRunInit(own) : own;
  if (patched === null) {
    watchAbsent(table, key);
    return handle;
  }
  const inPlace = Object.getPrototypeOf(table);
  for (const slot of patched[key] ?? []) {
    if (!Object.hasOwn(inPlace, slot) || typeof inPlace[slot] !== "function") note("unpatched", key, slot);
    // Lifted functions have no guard in patch code: it is the host's that calls them.
    else if (slot.startsWith("$0")) watch(inPlace, slot, inPlace[slot], key);
  }
  return handle;
};
