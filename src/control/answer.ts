/** One request on the control socket, from its bytes to its answer. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import type { ApplyOptions, PrepareOptions } from "../runtime/options.ts";
import type { OperationResult, PrepareResult } from "../runtime/result.ts";
import type { Runtime } from "../runtime/thread.ts";
import { Asked, noSuchRoute } from "./asked.ts";
import { ABORTED, HEADERS, PROTOCOL, ROUTES, STATUS_OF_OUTCOME, type ActivePatch, type ErrorAnswer } from "./protocol.ts";

interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** Called if the answer did not get to the client. */
  readonly undelivered?: () => void;
}

type Handler = (runtime: ConfirmingRuntime, asked: Asked) => Promise<Answer> | Answer;

/** A runtime that can go back by itself, and tell its patch: one of another version of this package may do neither. */
type ConfirmingRuntime = Omit<Runtime, "activePatch"> & { readonly confirm?: (options: { readonly by: string }) => Promise<object>; readonly activePatch?: () => ActivePatch };

const handlers: Readonly<Record<string, Handler>> = {
  [`POST ${ROUTES.apply}`]: async (runtime, asked) => {
    const options = operationOptions(runtime, asked);
    return ofResult(await runtime.apply(await asked.file(), options));
  },
  [`POST ${ROUTES.rollback}`]: async (runtime, asked) => {
    const options = operationOptions(runtime, asked);
    return ofResult(await runtime.rollback({ ...options, ...(await asked.rollback()) }));
  },
  [`POST ${ROUTES.prepare}`]: async (runtime, asked) => {
    const options = operationOptions(runtime, asked);
    return ofPrepared(runtime, await runtime.prepare(await asked.file(), options));
  },
  [`POST ${ROUTES.prepareRollback}`]: async (runtime, asked) => {
    const options = operationOptions(runtime, asked);
    return ofPrepared(runtime, await runtime.prepareRollback({ ...options, ...(await asked.rollback()) }));
  },
  [`POST ${ROUTES.commit}`]: async (runtime, asked) => ofResult(await runtime.commit((await asked.ticket()).ticket)),
  [`POST ${ROUTES.abort}`]: async (runtime, asked) => {
    await runtime.abort((await asked.ticket()).ticket);
    return { status: 200, body: ABORTED };
  },
  [`POST ${ROUTES.confirm}`]: async (runtime, asked) => {
    await asked.nothing();
    if (runtime.confirm === undefined) throw cannotConfirm();
    const body = await runtime.confirm({ by: asked.options().by });
    return { status: "outcome" in body && body.outcome === "refused" ? 409 : 200, body };
  },
  [`GET ${ROUTES.status}`]: (runtime) => ({ status: 200, body: runtime.status() }),
  [`GET ${ROUTES.patch}`]: (runtime, asked) => (runtime.activePatch === undefined ? failure(404, noSuchRoute(asked)) : { status: 200, body: runtime.activePatch() satisfies ActivePatch }),
};

export interface AnswerOptions {
  readonly bodyLimit: number;
  /** Tells this process from all others. */
  readonly self: string;
  /** Milliseconds that a client may take to read an answer. */
  readonly patience: number;
}

/** Never throws: what goes wrong becomes the answer, or ends the connection. */
export async function answer(runtime: Runtime, request: IncomingMessage, response: ServerResponse, { bodyLimit, self, patience }: AnswerOptions): Promise<void> {
  const asked = new Asked(request, bodyLimit);
  const { status, body, undelivered } = await decide(runtime, asked);
  const bytes = Buffer.from(`${JSON.stringify(body)}\n`, "utf8");
  response.on("error", () => {}); // the client has gone; the operation is done all the same
  if (undelivered !== undefined) {
    if (response.destroyed || !asked.isAwaited) undelivered();
    else response.once("close", () => void (response.writableFinished || undelivered()));
  }
  // whoever does not read what was asked for must not keep a connection for ever
  response.setTimeout(patience, () => request.socket.destroy());
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": bytes.byteLength,
    [HEADERS.protocol]: PROTOCOL,
    [HEADERS.process]: self,
    // what is left of a refused body is not worth reading
    ...(request.complete ? {} : { connection: "close" }),
  });
  response.end(bytes, () => {
    if (!request.complete) request.destroy();
  });
}

async function decide(runtime: Runtime, asked: Asked): Promise<Answer> {
  const handler = Object.hasOwn(handlers, asked.route) ? handlers[asked.route] : undefined;
  if (handler === undefined) return failure(404, noSuchRoute(asked));
  try {
    return await handler(runtime, asked);
  } catch (error) {
    if (error instanceof HotfixError) return failure(STATUS_OF_CODE[error.code] ?? 400, error);
    return failure(500, new HotfixError(diagnostic("HF9001", "error", { detail: error instanceof Error ? error.message : String(error) })));
  }
}

const STATUS_OF_CODE: Readonly<Record<string, number>> = { HF3014: 413, HF3034: 410 };

function operationOptions(runtime: ConfirmingRuntime, asked: Asked): ApplyOptions & PrepareOptions {
  const options = asked.options();
  // a runtime that knows nothing of it would pass over it in silence
  if (options.confirmWithin !== undefined && runtime.confirm === undefined) throw cannotConfirm();
  return options;
}

function cannotConfirm(): HotfixError {
  return new HotfixError(diagnostic("HF3041", "error", {}));
}

function ofResult(result: OperationResult): Answer {
  return { status: STATUS_OF_OUTCOME[result.outcome], body: result };
}

/** What nobody was told of is given up: nobody would decide on it. */
function ofPrepared(runtime: Pick<Runtime, "abort">, result: PrepareResult): Answer {
  const answered = { status: STATUS_OF_OUTCOME[result.outcome], body: result };
  if (result.outcome !== "prepared") return answered;
  return { ...answered, undelivered: () => void runtime.abort(result.ticket).catch(() => {}) };
}

function failure(status: number, error: HotfixError): Answer {
  return { status, body: { diagnostics: error.diagnostics } satisfies ErrorAnswer };
}
