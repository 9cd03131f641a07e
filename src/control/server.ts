/** The control socket of a process: opens it, keeps it private, takes it away again. */
import { randomUUID } from "node:crypto";
import { chmodSync, lstatSync, mkdtempSync, rmSync, statSync, unlinkSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { dirname, join, resolve } from "node:path";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import type { Runtime } from "../runtime/thread.ts";
import { answer } from "./answer.ts";
import { PATH_LIMIT, socketAddress } from "./protocol.ts";
import { BODY_LIMIT } from "./body.ts";
import { checkVacant, moveToPath, unusable } from "./socket-path.ts";

export interface ListenOptions {
  /** Milliseconds a client may take to send a request; default 30,000. */
  readonly requestTimeout?: number;
  /** Bytes a request may have; default 65 MiB, which holds the largest patch file. */
  readonly bodyLimit?: number;
}

export interface ControlSocket {
  readonly path: string;
  /** Stops listening, answers what is under way, drops all other connections, and removes the file. */
  close(): Promise<void>;
}

const MOST_CONNECTIONS = 64;
/** Of this process, at whatever sockets it listens. */
const SELF = `${process.pid} ${randomUUID()}`;

export async function openControlSocket(runtime: Runtime, path: unknown, options: ListenOptions = {}): Promise<ControlSocket> {
  if (typeof path !== "string" || path === "") {
    throw new HotfixError(diagnostic("HF3002", "error", { call: "listen()", expected: "a path", found: path === "" ? "an empty one" : typeof path }));
  }
  const { requestTimeout = 30_000, bodyLimit = BODY_LIMIT } = options;
  const server = createServer({
    requestTimeout,
    headersTimeout: Math.min(requestTimeout, 10_000),
    connectionsCheckingInterval: Math.min(requestTimeout, 5000),
    keepAliveTimeout: 1000,
  });
  server.maxConnections = MOST_CONNECTIONS;
  const connections = new Set<Socket>();
  const answering = new Set<ServerResponse>();
  server.on("request", (request, response) => {
    answering.add(response);
    response.once("close", () => answering.delete(response));
    void answer(runtime, request, response, { bodyLimit, self: SELF, patience: requestTimeout });
  });
  server.on("connection", (socket) => {
    socket.unref();
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });

  const remove = process.platform === "win32" ? await bindPipe(server, path) : await bindSocket(server, path);
  server.unref();
  process.once("exit", remove);
  return {
    path,
    close: async () => {
      process.removeListener("exit", remove);
      remove();
      await new Promise<void>((done) => {
        server.close(() => done());
        // those that have sent a whole request get their answer; a closing server looks at no deadline any more
        const waiting = new Set([...answering].filter(({ req }) => req.complete).map(({ req }) => req.socket));
        for (const connection of connections) if (!waiting.has(connection)) connection.destroy();
      });
    },
  };
}

async function bindPipe(server: Server, path: string): Promise<() => void> {
  await listening(server, socketAddress(path), path);
  return () => {};
}

/**
 * Binds in a directory that only this user may enter, sets the mode, and then moves the socket to its
 * path: at no moment can another user connect, and a stale socket is replaced in one step.
 */
async function bindSocket(server: Server, path: string): Promise<() => void> {
  if (Buffer.byteLength(path) > PATH_LIMIT) throw unusable(path, `the path is longer than ${PATH_LIMIT} bytes`);
  await checkVacant(path);
  let nursery: string;
  let ino: number;
  try {
    nursery = mkdtempSync(join(dirname(path), ".h"));
  } catch (error) {
    throw unusable(path, error instanceof Error ? error.message : String(error));
  }
  try {
    const born = join(nursery, "s");
    if (Buffer.byteLength(born) > PATH_LIMIT) throw unusable(path, `its directory's path is longer than ${PATH_LIMIT - 10} bytes`);
    await listening(server, born, path);
    chmodSync(born, 0o600);
    // Here, and not at its path: whoever takes it for stale moves it aside for a moment.
    ({ ino } = lstatSync(born));
    await moveToPath(born, path, join(nursery, "o"));
  } catch (error) {
    server.close();
    throw error instanceof HotfixError ? error : unusable(path, error instanceof Error ? error.message : String(error));
  } finally {
    rmSync(nursery, { recursive: true, force: true });
  }
  warnOfOpenDirectory(path);
  // the program may change its working directory
  const full = resolve(path);
  return () => removeOwn(full, ino);
}

/** Whoever may write there can put another socket in place of this one, and be sent the patches. */
function warnOfOpenDirectory(path: string): void {
  const directory = dirname(path);
  const { mode } = statSync(directory);
  const [isOpen, isSticky] = [(mode & 0o022) !== 0, (mode & 0o1000) !== 0];
  if (!isOpen || isSticky) return;
  const { message, code } = diagnostic("HF3044", "notice", { directory });
  process.emitWarning(`${code}: ${message}`, { type: "HotfixWarning", code });
}

/** Removes the file, unless another process has put its own there. */
function removeOwn(path: string, ino: number): void {
  try {
    if (lstatSync(path).ino === ino) unlinkSync(path);
  } catch {
    // gone already
  }
}

function listening(server: Server, address: string, path: string): Promise<void> {
  return new Promise((done, fail) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      fail(error.code === "EADDRINUSE" ? new HotfixError(diagnostic("HF3010", "error", { socket: path })) : unusable(path, error.message)),
    );
    // exclusive: a worker of a cluster listens itself, not through the primary process
    server.listen({ path: address, exclusive: true }, done);
  });
}
