/** `node --test`: outcomes by file and the names of the suites around a test. */
export default async function* report(source) {
  const tests = [];
  const path = [];
  for await (const { type, data } of source) {
    if (type === "test:start") path[data.nesting] = data.name;
    if (type !== "test:pass" && type !== "test:fail") continue;
    if (data.details?.type === "suite") continue;
    path[data.nesting] = data.name;
    const names = path.slice(0, data.nesting + 1).map((name) => (data.file !== undefined && name === data.file ? "" : name));
    const skipped = data.skip !== undefined || data.todo !== undefined;
    tests.push({ test: names.join(" > "), outcome: skipped ? "skipped" : type === "test:pass" ? "passed" : "failed", error: data.details?.error ? String(data.details.error.cause?.stack ?? data.details.error.message) : undefined });
  }
  yield JSON.stringify(tests);
}
