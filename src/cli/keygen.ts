/** `ts-hotfix keygen [NAME]` */
import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "commander";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import { makeKeyPair } from "../patch/keys.ts";
import { jsonOption } from "./host-options.ts";
import { passphraseOption, readPassphrase } from "./key-files.ts";
import { concluding, printJson, type Terminal } from "./terminal.ts";

interface KeygenFlags {
  readonly passphraseFile?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ ts-hotfix keygen keys/release       # keys/release.key.pem, keys/release.pub.pem
  $ ts-hotfix build --key keys/release.key.pem --out fix-1.hotfix
  $ TS_HOTFIX_TRUSTED_KEYS=keys/release.pub.pem node dist/server.js`;

export function addKeygen(program: Command, terminal: Terminal): void {
  program
    .command("keygen")
    .description("Make a key pair: one half signs patches, the other tells hosts whose patches to take.")
    .argument("[name]", "the files are named after it, with .key.pem and .pub.pem", "hotfix")
    .addOption(passphraseOption())
    .option("--force", "put the new keys in the place of old ones, which are lost")
    .addOption(jsonOption())
    .addHelpText("after", EXAMPLES)
    .action((name: string, flags: KeygenFlags) =>
      concluding(terminal, "keygen", flags.json === true, async () => {
        const passphrase = readPassphrase(flags.passphraseFile);
        const pair = makeKeyPair(passphrase);
        const files = { privateKey: `${name}.key.pem`, publicKey: `${name}.pub.pem` };
        writePair(files, pair, flags.force === true);
        if (flags.json === true) {
          printJson(terminal, "keygen", { result: { fingerprint: pair.fingerprint, ...files, locked: passphrase !== undefined } });
          return 0;
        }
        terminal.print(terminal.paint.green(`Key ${pair.fingerprint}`));
        terminal.print(`  ${files.privateKey}  signs patches${passphrase === undefined ? "" : ", with the passphrase"}; keep it from everybody, hosts too`);
        terminal.print(`  ${files.publicKey}  goes to the hosts: configure({ trustedKeys: [${JSON.stringify(files.publicKey)}] }) or TS_HOTFIX_TRUSTED_KEYS`);
        return 0;
      }),
    );
}

interface Pair {
  readonly privateKey: string;
  readonly publicKey: string;
}

/** Both or none: half of a pair beside half of an older one would be worse than nothing. Both are written before either is put in place. */
function writePair(files: Pair, content: Pair, force: boolean): void {
  for (const file of force ? [] : [files.privateKey, files.publicKey]) if (existsSync(file)) throw exists(file);
  const placed: string[] = [];
  const staged: string[] = [];
  try {
    staged.push(stageKey(files.publicKey, content.publicKey, 0o644));
    staged.push(stageKey(files.privateKey, content.privateKey, 0o600));
    for (const [index, file] of [files.publicKey, files.privateKey].entries()) {
      place(staged[index] ?? "", file, force);
      if (!force) placed.push(file);
    }
  } catch (error) {
    for (const file of [...staged, ...placed]) rmSync(file, { force: true });
    throw error;
  }
}

/** A file beside the one that is meant, so that neither the content nor the mode is ever that of another. */
function stageKey(file: string, content: string, mode: number): string {
  const staged = `${file}.${randomBytes(4).toString("hex")}.tmp`;
  let hasFolder = false;
  try {
    mkdirSync(dirname(file), { recursive: true });
    hasFolder = true;
    writeFileSync(staged, content, { mode, flag: "wx" });
    return staged;
  } catch (error) {
    if (hasFolder) rmSync(staged, { force: true });
    throw unwritten(file, error);
  }
}

function place(staged: string, file: string, force: boolean): void {
  try {
    if (force) return renameSync(staged, file);
    // Unlike a rename, it fails where something has come in the meantime.
    linkSync(staged, file);
    rmSync(staged, { force: true });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "EEXIST" ? exists(file) : unwritten(file, error);
  }
}

function unwritten(file: string, error: unknown): HotfixError {
  return new HotfixError(diagnostic("HF0007", "error", { file, detail: error instanceof Error ? error.message : String(error) }));
}

function exists(file: string): HotfixError {
  return new HotfixError(diagnostic("HF2209", "error", { file }));
}
