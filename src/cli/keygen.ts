/** `ts-hotfix keygen [NAME]` */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
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

/** Both or none: half of a pair beside half of an older one would be worse than nothing. */
function writePair(files: Pair, content: Pair, force: boolean): void {
  for (const file of force ? [] : [files.privateKey, files.publicKey]) if (existsSync(file)) throw exists(file);
  writeKey(files.privateKey, content.privateKey, 0o600, force);
  try {
    writeKey(files.publicKey, content.publicKey, 0o644, force);
  } catch (error) {
    rmSync(files.privateKey, { force: true });
    throw error;
  }
}

/** Through a file of its own, so that neither the content nor the mode is ever that of another. */
function writeKey(file: string, content: string, mode: number, force: boolean): void {
  const target = force ? `${file}.${randomBytes(4).toString("hex")}.tmp` : file;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(target, content, { mode, flag: "wx" });
    if (force) renameSync(target, file);
  } catch (error) {
    if (force) rmSync(target, { force: true });
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && syscall === "open") throw exists(file);
    throw new HotfixError(diagnostic("HF0007", "error", { file, detail: error instanceof Error ? error.message : String(error) }));
  }
}

function exists(file: string): HotfixError {
  return new HotfixError(diagnostic("HF2209", "error", { file }));
}
