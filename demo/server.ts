/** The built program as a running process. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Project } from "./project.ts";

export interface Server {
  readonly origin: string;
  /** One request of its own; the answer's JSON. */
  ask(method: "GET" | "POST", path: string): Promise<unknown>;
  stop(): Promise<void>;
}

/** Of a server that was told to end, in milliseconds. */
const LONGEST_SHUT_DOWN = 5000;

/** @param environment beside `PORT` and this process's own */
export async function startServer(project: Project, environment: NodeJS.ProcessEnv): Promise<Server> {
  const child = spawn(process.execPath, ["--enable-source-maps", "dist/main.js"], {
    cwd: project.folder,
    env: { ...process.env, PORT: "0", ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const port = await readPort(child);
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    async ask(method, path) {
      const response = await fetch(`${origin}${path}`, { method });
      return await response.json();
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      setTimeout(() => child.kill("SIGKILL"), LONGEST_SHUT_DOWN).unref();
      // The server ends with its standard input.
      child.stdin?.end();
      await ended;
    },
  };
}

async function readPort(child: ChildProcess): Promise<number> {
  if (!child.stdout) throw new Error("the server has no standard output");
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([
    once(lines, "line").then(([text]) => String(text)),
    once(child, "exit").then(([code]) => Promise.reject(new Error(`the server ended with code ${code} before it listened`))),
  ]);
  return (JSON.parse(line) as { port: number }).port;
}
