/** One request on the control socket, from its bytes to its answer. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import type { OperationResult } from "../runtime/result.ts";
import type { Runtime } from "../runtime/thread.ts";
import { readBody } from "./body.ts";
import { ROUTES, STATUS_OF_OUTCOME, type ErrorAnswer, type RollbackRequest } from "./protocol.ts";

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Name that operations over the socket have in the history. */
const BY = "socket";

type Handler = (runtime: Runtime, body: () => Promise<Buffer>) => Promise<Answer> | Answer;

const handlers: Readonly<Record<string, Handler>> = {
  [`POST ${ROUTES.apply}`]: async (runtime, body) => ofResult(await runtime.apply(await body(), { by: BY })),
  [`POST ${ROUTES.rollback}`]: async (runtime, body) => ofResult(await runtime.rollback({ ...rollbackRequest(await body()), by: BY })),
  [`GET ${ROUTES.status}`]: (runtime) => ({ status: 200, body: runtime.status() }),
};

/** Never throws: what goes wrong becomes the answer, or ends the connection. */
export async function answer(runtime: Runtime, request: IncomingMessage, response: ServerResponse, bodyLimit: number): Promise<void> {
  const { status, body } = await decide(runtime, request, bodyLimit);
  const bytes = Buffer.from(`${JSON.stringify(body)}\n`, "utf8");
  response.on("error", () => {}); // the client has gone; the operation is done all the same
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": bytes.byteLength,
    // what is left of a refused body is not worth reading
    ...(request.complete ? {} : { connection: "close" }),
  });
  response.end(bytes, () => {
    if (!request.complete) request.destroy();
  });
}

async function decide(runtime: Runtime, request: IncomingMessage, bodyLimit: number): Promise<Answer> {
  const route = `${request.method} ${request.url}`;
  const handler = Object.hasOwn(handlers, route) ? handlers[route] : undefined;
  if (handler === undefined) return failure(404, new HotfixError(diagnostic("HF3013", "error", { detail: `there is no ${route.slice(0, 100)}` })));
  try {
    return await handler(runtime, () => readBody(request, bodyLimit));
  } catch (error) {
    if (error instanceof HotfixError) return failure(error.code === "HF3014" ? 413 : 400, error);
    return failure(500, new HotfixError(diagnostic("HF9001", "error", { detail: error instanceof Error ? error.message : String(error) })));
  }
}

function ofResult(result: OperationResult): Answer {
  return { status: STATUS_OF_OUTCOME[result.outcome], body: result };
}

function failure(status: number, error: HotfixError): Answer {
  return { status, body: { diagnostics: error.diagnostics } satisfies ErrorAnswer };
}

function rollbackRequest(body: Buffer): RollbackRequest {
  if (body.byteLength === 0) return {};
  const request = parse(body);
  const to = typeof request === "object" && request !== null && "to" in request ? request.to : undefined;
  if (to === undefined) return {};
  if (typeof to !== "string") throw new HotfixError(diagnostic("HF3013", "error", { detail: "`to` must be a string" }));
  return { to };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    throw new HotfixError(diagnostic("HF3013", "error", { detail: "its body is not JSON" }));
  }
}
