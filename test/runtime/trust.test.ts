/** Hosts with trusted keys take the patches of those keys and no others, whatever way they come. */
import { spawnSync } from "node:child_process";
import { createPublicKey } from "node:crypto";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { encodePatch } from "../../src/patch/file.ts";
import { makeKeyPair, readSigningKey } from "../../src/patch/keys.ts";
import { codes, guarded, hotfix, patchOf, SOURCES, World } from "./world.ts";

const { apply, configure, rollback, status } = hotfix;
const shop = { names: "award", body: `export ${guarded("award", "", "return 'old';")}` };
const [release, next, stranger] = [makeKeyPair(), makeKeyPair(), makeKeyPair()];
const payloadOf = (sequence: number) => patchOf({ "app:src/shop.ts": { functions: "award", code: `function award() { return 'new ${sequence}'; }` } }, sequence);
const signed = (sequence: number, ...pairs: { privateKey: string }[]): Uint8Array => encodePatch(payloadOf(sequence), pairs.map((pair) => readSigningKey(pair.privateKey, "a test's key")));

async function started(): Promise<{ world: World; award: () => string }> {
  const world = new World();
  const { award } = await world.host("shop.mjs", shop);
  return { world, award };
}

const codeOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return "done";
};

test("with keys, unsigned and foreign patches are refused, and nothing is warned of", async () => {
  const { world, award } = await started();
  configure({ trustedKeys: [release.publicKey] });
  expect(status()).toMatchObject({ trustedKeys: [release.fingerprint] });
  const file = world.write("unsigned.hotfix", Buffer.from(signed(1)).toString("utf8"));
  for (const source of [file, pathToFileURL(file), signed(1), payloadOf(1)]) {
    const result = await apply(source);
    expect(result).toMatchObject({ outcome: "refused", diagnostics: [{ code: "HF2202", message: expect.stringContaining(release.fingerprint) }], notices: [], signedBy: [] });
  }
  expect(await apply(signed(1, stranger))).toMatchObject({ outcome: "refused", diagnostics: [{ code: "HF2203" }], signedBy: [stranger.fingerprint] });
  const damaged = Buffer.from(signed(1, release)).toString("utf8").replace(/"sig":"./, (start) => start.slice(0, -1) + (start.endsWith("A") ? "B" : "A"));
  expect(codes(await apply(Buffer.from(damaged)))).toEqual(["HF2201"]);
  expect(award()).toBe("old");
  expect(status().history.map((each) => each.outcome)).toEqual(Array(6).fill("refused"));

  expect(await apply(signed(1, release))).toMatchObject({ outcome: "applied", signedBy: [release.fingerprint], notices: [] });
  expect(award()).toBe("new 1");
  expect(status()).toMatchObject({ signedBy: [release.fingerprint] });
  expect(status().history.at(-1)).toMatchObject({ outcome: "applied", signedBy: [release.fingerprint] });
  // the state asked for is in place, but this one does not say so with a name we know
  expect(codes(await apply(signed(1)))).toEqual(["HF2202"]);
  expect(await apply(signed(1, release, stranger))).toMatchObject({ outcome: "unchanged" });
});

test("keys are rotated through a time in which both are trusted, and an old patch is put back only while its signer is trusted", async () => {
  const { world, award } = await started();
  world.write("release.pem", release.publicKey);
  world.write("both.pem", release.publicKey + next.publicKey);
  configure({ trustedKeys: [world.path("release.pem")] });
  expect(codes(await apply(signed(1, next)))).toEqual(["HF2203"]);
  expect((await apply(signed(1, release))).outcome).toBe("applied");
  configure({ trustedKeys: [new URL(world.url("both.pem"))] });
  expect((await apply(signed(2, next))).outcome).toBe("applied");
  expect((await rollback({ to: "previous" })).outcome).toBe("rolled-back");
  expect((await apply(signed(3, next))).outcome).toBe("applied");
  configure({ trustedKeys: [createPublicKey(next.publicKey)] });
  expect(status().trustedKeys).toEqual([next.fingerprint]);
  expect(codes(await rollback({ to: "previous" }))).toEqual(["HF2203"]);
  expect(award()).toBe("new 3");
  expect(codes(await apply(signed(4, release)))).toEqual(["HF2203"]);
  expect((await apply(signed(4, release, next))).outcome).toBe("applied");
  // the base needs no signature
  expect((await rollback()).outcome).toBe("rolled-back");
  expect(award()).toBe("old");
});

test("a fingerprint will do for a key", async () => {
  await started();
  configure({ trustedKeys: [release.fingerprint, release.fingerprint] });
  expect(status().trustedKeys).toEqual([release.fingerprint]);
  expect((await apply(signed(1, release))).outcome).toBe("applied");
});

test("keys that cannot be used let nothing in, until they can (HF3101)", async () => {
  const { world, award } = await started();
  const wrong: [unknown, string][] = [
    [[world.path("gone.pem")], "HF2204"], [[release.privateKey], "HF2204"], [["SHA256:short"], "HF2204"], [[release.publicKey, world.folder], "HF2204"], [[1], "HF2204"],
    [[], "HF3002"], [release.publicKey, "HF3002"], [null, "HF3002"],
  ];
  for (const [trustedKeys, code] of wrong) {
    expect(codeOf(() => configure({ trustedKeys } as never)), String(trustedKeys)).toBe(code);
    expect(codes(await apply(signed(1, release)))).toEqual(["HF3101"]);
    expect(status().trustedKeys).toEqual([]);
  }
  for (const slip of [{ trustedKey: [release.publicKey] }, undefined, "keys"]) expect(codeOf(() => configure(slip as never))).toBe("HF3002");
  expect(codes(await apply(signed(1, release)))).toEqual(["HF3101"]);
  expect(award()).toBe("old");
  configure({ trustedKeys: [release.publicKey] });
  configure({});
  expect((await apply(signed(1, release))).outcome).toBe("applied");
});

test("without keys every patch is taken, with one warning", async () => {
  await started();
  const warnings: Error[] = [];
  const listener = (warning: Error): void => void warnings.push(warning);
  process.on("warning", listener);
  expect(await apply(signed(1))).toMatchObject({ outcome: "applied", notices: [{ code: "HF3102", severity: "notice" }] });
  expect(await apply(signed(2, stranger))).toMatchObject({ outcome: "applied", notices: [], signedBy: [stranger.fingerprint] });
  await new Promise((done) => setImmediate(done));
  process.off("warning", listener);
  expect(warnings.filter(({ message }) => message.includes("everybody"))).toMatchObject([{ name: "HotfixWarning", code: "HF3102" }]);
  expect(status().trustedKeys).toBe(null);
});

test("TS_HOTFIX_TRUSTED_KEYS names files and fingerprints; the program's word counts more", () => {
  const world = new World();
  world.writeHost("shop.mjs", shop);
  world.write("keys/release.pem", release.publicKey);
  for (const [name, ...pairs] of [["release", release], ["next", next], ["stranger", stranger]] as const) world.write(`${name}.hotfix`, Buffer.from(signed(1, ...pairs)).toString("utf8"));
  world.write("main.mjs", `
    import "./shop.mjs"; import { apply, configure, rollback, status } from ${JSON.stringify(new URL("runtime/index.ts", SOURCES).href)};
    if (process.argv[2]) configure({ trustedKeys: [process.argv[2]] });
    process.chdir("/");
    const told = [];
    for (const name of ["release", "next", "stranger"]) {
      const result = await apply(${JSON.stringify(world.folder)} + "/" + name + ".hotfix");
      told.push(result.diagnostics[0]?.code ?? result.outcome);
    }
    console.log(JSON.stringify([...told, status().trustedKeys]));`);
  const run = (keys: string, ...args: readonly string[]): { told: unknown; stderr: string } => {
    const { stdout, stderr } = spawnSync(process.execPath, ["main.mjs", ...args], { cwd: world.folder, encoding: "utf8", env: { ...process.env, TS_HOTFIX_TRUSTED_KEYS: keys } });
    return { told: JSON.parse(stdout), stderr };
  };
  expect(run(`keys/release.pem, ${next.fingerprint}`)).toEqual({ told: ["applied", "unchanged", "HF2203", [release.fingerprint, next.fingerprint]], stderr: "" });
  expect(run(release.publicKey).told).toEqual(["applied", "HF2203", "HF2203", [release.fingerprint]]);
  expect(run("gone.pem")).toEqual({ told: ["HF3101", "HF3101", "HF3101", []], stderr: expect.stringMatching(/\[HF3101\] HotfixWarning: .*TS_HOTFIX_TRUSTED_KEYS: .*gone\.pem/) });
  expect(run(" , ").told).toEqual(["HF3101", "HF3101", "HF3101", []]);
  expect(run("gone.pem", next.fingerprint)).toEqual({ told: ["HF2203", "applied", "HF2203", [next.fingerprint]], stderr: "" });
  expect(run("")).toMatchObject({ told: ["applied", "unchanged", "unchanged", null], stderr: expect.stringContaining("HF3102") });
});

test("what is prepared is held against the keys of the commit", async () => {
  const { award } = await started();
  const runtime = (globalThis as any)[Symbol.for("ts-hotfix/runtime/1")]; // what the control socket calls
  const prepared = await runtime.prepare(signed(1, stranger));
  configure({ trustedKeys: [release.publicKey] });
  expect(await runtime.commit(prepared.ticket)).toMatchObject({ outcome: "refused", diagnostics: [{ code: "HF2203" }] });
  expect([award(), status().busy, (await apply(signed(1, release))).outcome]).toEqual(["old", false, "applied"]);
});
