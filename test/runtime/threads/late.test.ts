/** What happens between the step of the main thread and the end of its operation, and after the end of threads. */
import { expect, test } from "vitest";
import { codes, faults, hotfix } from "../world.ts";
import { fix, Process } from "./process.ts";

const { apply, rollback, status } = hotfix;

test("an operation is under way until its threads have reported", async () => {
  const process = await Process.start();
  const threads = [await process.thread(), await process.thread()];
  let second: Promise<unknown> | undefined;
  // right after the step of the main thread: the reports are not there yet
  faults.hook = (point) => void (point === "commit:end" && queueMicrotask(() => (second ??= rollback().then((result) => [process.host["both"](), codes(result)]))));
  const applying = apply(fix(1));
  expect(await applying).toMatchObject({ outcome: "applied", threads: [{ outcome: "done" }, { outcome: "done" }] });
  expect(await second).toEqual(["1 1", ["HF3001"]]);
  expect([status().busy, (await rollback()).outcome]).toEqual([false, "rolled-back"]);
  expect(await Promise.all(threads.map(({ evaluate }) => evaluate("shop.both()")))).toEqual(["old old", "old old"]);
});
