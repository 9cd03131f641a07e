/** Keys, signatures and explanations as a user meets them: `keygen`, `build --key`, `sign`, `verify`, `explain`. */
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { catalogue } from "../../src/messages/catalogue.ts";
import { openProject } from "../../src/transform/project.ts";
import { readManifest, writeManifest } from "../../src/manifest/file.ts";
import type { Manifest } from "../../src/manifest/manifest.ts";
import { makeStage, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";
import { runCli, type Ran } from "./run-cli.ts";

let stage: Stage;
beforeEach(() => {
  stage = makeStage("keys", { name: "game", type: "module" });
  writeFiles(stage.folder, { "src/shop.ts": "export function award(n: number): number {\n  return n * 2;\n}\n" });
  openProject("test", {}, stage.folder).writeManifest("dist/hotfix.manifest.json", [stage.path("src/shop.ts")]);
  writeFiles(stage.folder, { "src/shop.ts": "export function award(n: number): number {\n  return n;\n}\n" });
});
afterEach(() => stage.remove());

const cli = (args: string, env?: NodeJS.ProcessEnv): Promise<Ran> => runCli(stage.folder, args, env);

async function json(args: string, env?: NodeJS.ProcessEnv): Promise<Record<string, any>> { // what is printed is each test's own business
  const { status, stdout, stderr } = await cli(`${args} --json`, env);
  expect(stderr).toBe("");
  return { exit: status, ...JSON.parse(stdout) };
}

const read = (file: string): string => readFileSync(stage.path(file), "utf8");
const mode = (file: string): number => statSync(stage.path(file)).mode & 0o777;

test("keygen writes a pair of which only the owner reads the private half, and loses no old one", async () => {
  const { status, stdout, stderr } = await cli("keygen keys/release");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const fingerprint = /^Key (SHA256:\S{43})\n/.exec(stdout)?.[1];
  expect(stdout).toMatch(/keys\/release\.key\.pem .*\n.*keys\/release\.pub\.pem .*trustedKeys/);
  expect(read("keys/release.key.pem")).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  expect(read("keys/release.pub.pem")).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
  if (process.platform !== "win32") expect(mode("keys/release.key.pem")).toBe(0o600);

  const before = read("keys/release.key.pem");
  expect(await cli("keygen keys/release")).toMatchObject({ status: 1, stdout: "", stderr: expect.stringMatching(/HF2209.*release\.key\.pem/) });
  expect(await json("keygen keys/release")).toMatchObject({ exit: 1, command: "keygen", diagnostics: [{ code: "HF2209" }] });
  writeFiles(stage.folder, { "half.pub.pem": "precious" });
  expect((await cli("keygen half")).status).toBe(1);
  expect([existsSync(stage.path("half.key.pem")), read("half.pub.pem"), read("keys/release.key.pem")]).toEqual([false, "precious", before]);

  chmodSync(stage.path("keys/release.key.pem"), 0o644);
  const forced = await json("keygen keys/release --force");
  expect(forced).toMatchObject({ exit: 0, result: { privateKey: "keys/release.key.pem", publicKey: "keys/release.pub.pem", locked: false } });
  expect(forced["result"].fingerprint).not.toBe(fingerprint);
  if (process.platform !== "win32") expect(mode("keys/release.key.pem")).toBe(0o600);
  expect(await json("keygen src/shop.ts/key")).toMatchObject({ exit: 1, diagnostics: [{ code: "HF0007" }] });
});

test("build --key signs, verify says by whom; the payload and its id are the same as without", async () => {
  const { fingerprint } = (await json("keygen release"))["result"];
  const other = (await json("keygen other"))["result"].fingerprint;
  const unsigned = (await json("build --out plain.hotfix"))["result"];
  expect(unsigned).toMatchObject({ outcome: "built", signedBy: [], notices: [] });
  const signed = (await json("build --key release.key.pem --key release.key.pem"))["result"];
  expect(signed).toMatchObject({ patch: unsigned.patch, sequence: unsigned.sequence, signedBy: [fingerprint] });
  expect(JSON.parse(read("fix.hotfix")).payload).toBe(JSON.parse(read("plain.hotfix")).payload);
  const bytes = read("fix.hotfix");
  expect((await cli("build", { TS_HOTFIX_KEY: "release.key.pem" })).stdout).toMatch(new RegExp(`^Wrote fix\\.hotfix: patch [0-9a-f]{12}, \\d+ bytes, signed by ${fingerprint.replaceAll(/[+/]/g, "\\$&")}\\.\n`));
  expect(read("fix.hotfix")).toBe(bytes);
  expect((await json("build", { TS_HOTFIX_KEY: read("release.key.pem") }))["result"].signedBy).toEqual([fingerprint]);
  expect(read("fix.hotfix")).toBe(bytes);

  expect(await cli("verify fix.hotfix --key release.pub.pem --base dist/hotfix.manifest.json")).toEqual({ status: 0, stderr: "", stdout: `fix.hotfix: patch ${signed.patch.slice(0, 12)}, sequence 1, signed by ${fingerprint}.\n` });
  expect(await json("verify fix.hotfix --key other.pub.pem --key release.pub.pem")).toMatchObject({ exit: 0, command: "verify", result: { outcome: "verified", patch: signed.patch, sequence: 1, signedBy: [fingerprint], diagnostics: [] } });
  expect((await cli("verify fix.hotfix", { TS_HOTFIX_TRUSTED_KEYS: `other.pub.pem,${fingerprint}` })).status).toBe(0);
  expect(await cli(`verify fix.hotfix --key ${other}`)).toMatchObject({ status: 1, stdout: "", stderr: expect.stringMatching(/HF2203.*\n.*\nfix\.hotfix is not to be applied/) });
  expect(await json("verify plain.hotfix --key release.pub.pem")).toMatchObject({ exit: 1, result: { outcome: "refused", signedBy: [], diagnostics: [{ code: "HF2202" }] } });
  expect(await json("verify fix.hotfix")).toMatchObject({ exit: 1, diagnostics: [{ code: "HF2208" }] });
  expect(await json("verify gone.hotfix --key release.pub.pem")).toMatchObject({ exit: 1, diagnostics: [{ code: "HF3017" }] });
  expect(await json("verify fix.hotfix --key release.key.pem")).toMatchObject({ exit: 1, diagnostics: [{ code: "HF2204" }] });

  writeFileSync(stage.path("damaged.hotfix"), bytes.replace('"id":"', '"id":"0'));
  writeFileSync(stage.path("forged.hotfix"), bytes.replace(JSON.parse(bytes).signatures[0].sig, `${"A".repeat(86)}==`));
  expect(await json("verify damaged.hotfix --key release.pub.pem")).toMatchObject({ exit: 1, result: { outcome: "refused", diagnostics: [{ code: "HF2001" }] } });
  expect(await json("verify forged.hotfix --key other.pub.pem")).toMatchObject({ exit: 1, result: { diagnostics: [{ code: "HF2201" }] } });
});

test("verify --base refuses a patch for another build (HF2207) or with another module (HF2004)", async () => {
  await json("keygen release");
  await json("build --key release.key.pem");
  const manifest = readManifest(stage.path("dist/hotfix.manifest.json"));
  const verify = (content: Manifest) => {
    writeManifest(stage.path("other.json"), content);
    return json("verify fix.hotfix --key release.pub.pem --base other.json");
  };
  expect(await verify({ ...manifest, build: "another" })).toMatchObject({ exit: 1, result: { outcome: "refused", diagnostics: [{ code: "HF2207" }] } });
  expect(await verify({ ...manifest, package: "another" })).toMatchObject({ result: { diagnostics: [{ code: "HF2207" }] } });
  expect(await verify({ ...manifest, modules: new Map() })).toMatchObject({ result: { diagnostics: [{ code: "HF2004" }] } });
  writeFileSync(stage.path("none.json"), "{}");
  expect(await json("verify fix.hotfix --key release.pub.pem --base none.json")).toMatchObject({ exit: 1, diagnostics: [{ code: "HF2101" }] });
});

test("a patch is signed elsewhere than where it was built, by several people", async () => {
  const one = (await json("keygen one"))["result"].fingerprint;
  const two = (await json("keygen two"))["result"].fingerprint;
  const { patch } = (await json("build"))["result"];
  expect(await cli("sign fix.hotfix --key one.key.pem")).toMatchObject({ status: 0, stderr: "", stdout: `Wrote fix.hotfix: patch ${patch.slice(0, 12)}, signed by ${one}.\n` });
  const both = [one, two].toSorted();
  expect(await json("sign fix.hotfix --out both.hotfix", { TS_HOTFIX_KEY: "two.key.pem" })).toMatchObject({ exit: 0, command: "sign", result: { patch, signedBy: both, file: "both.hotfix", notices: [] } });
  for (const key of ["one", "two"]) expect(await json(`verify both.hotfix --key ${key}.pub.pem`)).toMatchObject({ exit: 0, result: { patch, signedBy: both } });
  expect((await cli("verify fix.hotfix --key two.pub.pem")).status).toBe(1);
  expect(await json("sign fix.hotfix")).toMatchObject({ exit: 1, diagnostics: [{ code: "HF2208" }] });
  writeFileSync(stage.path("damaged.hotfix"), "{}");
  expect(await json("sign damaged.hotfix --key one.key.pem")).toMatchObject({ exit: 1, diagnostics: [{ code: "HF2001" }] });
});

test("locked keys need their passphrase (HF2205); a key that cannot be used uses up no number", async () => {
  writeFiles(stage.folder, { "pass.txt": "open sesame\n", "wrong.txt": "open barley", "empty.txt": "\n" });
  expect((await json("keygen locked --passphrase-file pass.txt"))["result"].locked).toBe(true);
  expect(read("locked.key.pem")).toContain("BEGIN ENCRYPTED PRIVATE KEY");
  expect(await cli("build --key locked.key.pem")).toMatchObject({ status: 1, stdout: "", stderr: expect.stringMatching(/HF2205.*needs a passphrase.*\n.*TS_HOTFIX_PASSPHRASE/) });
  expect(await json("build --key locked.key.pem --passphrase-file wrong.txt")).toMatchObject({ exit: 1, diagnostics: [{ code: "HF2205" }] });
  for (const file of ["empty.txt", "gone.txt"]) expect(await json(`build --key locked.key.pem --passphrase-file ${file}`)).toMatchObject({ exit: 1, diagnostics: [{ code: "HF2204" }] });
  for (const key of ["gone.key.pem", "locked.pub.pem", "pass.txt", "src"]) expect(await json(`build --key ${key}`)).toMatchObject({ exit: 1, diagnostics: [{ code: "HF2204" }] });
  expect([existsSync(stage.path("fix.hotfix")), existsSync(stage.path("dist/hotfix.manifest.sequence.json"))]).toEqual([false, false]);
  expect(await json("build --key locked.key.pem --passphrase-file pass.txt")).toMatchObject({ exit: 0, result: { sequence: 1 } });
  expect((await json("build --key locked.key.pem", { TS_HOTFIX_PASSPHRASE: "open sesame" })).exit).toBe(0);
});

test.skipIf(process.platform === "win32")("a private key that others can read is told of (HF2206)", async () => {
  await json("keygen release");
  chmodSync(stage.path("release.key.pem"), 0o640);
  expect(await json("build --key release.key.pem")).toMatchObject({ exit: 0, result: { notices: [{ code: "HF2206", message: expect.stringContaining("0640") }] } });
  expect((await cli("sign fix.hotfix --key release.key.pem")).stderr).toMatch(/^notice HF2206/);
});

test("explains every code, in both ways of asking", async () => {
  const { slug, message, cause, remedy } = catalogue.HF1007;
  const told = await cli("explain HF1007");
  expect(told).toEqual({ status: 0, stderr: "", stdout: `HF1007 ${slug}\n\n  ${message}\n\n${cause}\n\nWhat to do. ${remedy}\n` });
  for (const args of ["--explain HF1007", "--explain=HF1007", "explain hf1007", "explain 1007"]) expect(await cli(args)).toEqual(told);
  expect(await json("explain HF1007")).toEqual({ exit: 0, schema: 1, command: "explain", result: { code: "HF1007", slug, message, cause, remedy } });
  expect(JSON.parse((await cli("--json --explain HF1007")).stdout)).toMatchObject({ command: "explain", result: { code: "HF1007" } });
  for (const args of ["explain HF1", "--explain HF9999", "explain constructor"]) expect(await cli(args)).toMatchObject({ status: 1, stdout: "", stderr: expect.stringContaining("there is no code") });
});
