/** Opens a file in the user's browser. */
import { spawn } from "node:child_process";
import { pathToFileURL } from "node:url";

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = { darwin: ["open"], win32: ["explorer.exe"] };

/** Undefined if it was handed to a program that opens it; otherwise why not. `BROWSER` names another program. */
export async function openInBrowser(file: string): Promise<string | undefined> {
  const named = process.env["BROWSER"];
  const [program = "xdg-open", ...args] = named === undefined || named === "" ? (OPENERS[process.platform] ?? []) : [named];
  if (program === "xdg-open" && !process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"]) return "there is no display";
  return await new Promise((done) => {
    const child = spawn(program, [...args, pathToFileURL(file).href], { stdio: "ignore", detached: true });
    child.once("error", ({ message }) => done(message));
    child.once("spawn", () => {
      child.unref();
      done(undefined);
    });
  });
}
