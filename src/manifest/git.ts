/** Texts that a git repository has: the manifest names their blobs in place of holding them (option `sources: "git"`). */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { relative } from "node:path";

const LIMIT = 1 << 30;

/** File → blob id, of the files that are as the commit has them that is checked out. None where there is no repository. */
export function blobsOf(folder: string, files: readonly string[]): ReadonlyMap<string, string> {
  const top = git(folder, ["rev-parse", "--show-toplevel"])?.trim();
  const listed = top === undefined ? undefined : git(top, ["ls-tree", "-r", "-z", "--full-tree", "HEAD"]);
  if (top === undefined || listed === undefined) return new Map();
  const committed = new Map(listed.split("\0").flatMap((line) => {
    const [, blob, path] = /^\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
    return blob === undefined || path === undefined ? [] : [[path, blob] as const];
  }));
  const root = realpathSync(top);
  return new Map(files.flatMap((file) => {
    const blob = committed.get(relative(root, realpathSync(file)).replaceAll("\\", "/"));
    return blob !== undefined && blob === blobId(readFileSync(file), blob.length) ? [[file, blob] as const] : [];
  }));
}

/** Blob id → text, without a byte order mark, of those that the folder's repository has. */
export function readBlobs(folder: string, blobs: readonly string[]): ReadonlyMap<string, string> {
  const { stdout, status } = spawnSync("git", ["cat-file", "--batch"], { cwd: folder, input: `${blobs.join("\n")}\n`, maxBuffer: LIMIT });
  const found = new Map<string, string>();
  if (status !== 0) return found;
  for (let at = 0; at < stdout.length; ) {
    const end = stdout.indexOf("\n", at);
    const [id = "", type, size] = stdout.toString("latin1", at, end).split(" ");
    at = end + 1;
    if (type !== "blob" || size === undefined) continue;
    found.set(id, stdout.toString("utf8", at, at + Number(size)).replace(/^\uFEFF/, ""));
    at += Number(size) + 1;
  }
  return found;
}

/** As git computes it; repositories of SHA-256 have longer ids. */
function blobId(content: Buffer, length: number): string {
  return createHash(length === 64 ? "sha256" : "sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
}

function git(folder: string, args: readonly string[]): string | undefined {
  const { stdout, status } = spawnSync("git", args, { cwd: folder, encoding: "utf8", maxBuffer: LIMIT });
  return status === 0 ? stdout : undefined;
}
