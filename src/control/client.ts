/** Talks to the control socket of another process. */
import { request, type IncomingMessage } from "node:http";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import type { Diagnostic } from "../messages/diagnostic.ts";
import type { ApplyResult, OperationResult, PrepareResult, RollbackResult } from "../runtime/result.ts";
import type { StateName } from "../runtime/state.ts";
import type { Status } from "../runtime/status.ts";
import type { OperationQuery } from "./asked.ts";
import { BODY_LIMIT, readBody } from "./body.ts";
import { HEADERS, PROTOCOL, ROUTES, socketAddress, type ActivePatch, type RollbackRequest, type TicketRequest } from "./protocol.ts";

export interface ControlClientOptions {
  /** Milliseconds after which a request is given up that has no answer; default 60,000. */
  readonly timeout?: number;
}

/** Nobody answers (HF3012). */
export class NoHostError extends HotfixError {
  /** Whether nobody is there; otherwise somebody does not answer, or did not to the end. */
  readonly isDeserted: boolean;

  constructor(socket: string, detail: string, isDeserted: boolean) {
    super(diagnostic("HF3012", "error", { socket, detail }));
    this.isDeserted = isDeserted;
  }
}

/** What confirming ends with. */
export interface ConfirmAnswer {
  readonly outcome: "confirmed" | "refused";
  /** The state that stays. */
  readonly patch: StateName;
  readonly notices: readonly Diagnostic[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Throws {@link NoHostError} (HF3012), HF3015 if the answer makes no sense, HF3040 if it is in another protocol, and what the host answers as error. */
export class ControlClient {
  readonly #socket: string;
  readonly #timeout: number;
  #answerer: string | undefined;

  constructor(socket: string, { timeout = 60_000 }: ControlClientOptions = {}) {
    this.#socket = socket;
    this.#timeout = timeout;
  }

  /** Tells the process that answered last from all others; undefined before it has. */
  get answerer(): string | undefined {
    return this.#answerer;
  }

  /** Its process id. */
  get pid(): number | undefined {
    const pid = Number.parseInt(this.#answerer ?? "", 10);
    return Number.isSafeInteger(pid) ? pid : undefined;
  }

  async apply(file: Uint8Array, options?: OperationQuery): Promise<ApplyResult> {
    return (await this.#ask("POST", ROUTES.apply, "outcome", { body: limited(file), options })) as ApplyResult;
  }

  async rollback(to: StateName, options?: OperationQuery): Promise<RollbackResult> {
    return (await this.#ask("POST", ROUTES.rollback, "outcome", { body: json({ to } satisfies RollbackRequest), options })) as RollbackResult;
  }

  async prepare(file: Uint8Array, options?: OperationQuery, signal?: AbortSignal): Promise<PrepareResult> {
    return (await this.#ask("POST", ROUTES.prepare, "outcome", { body: limited(file), options, signal })) as PrepareResult;
  }

  async prepareRollback(to: StateName, options?: OperationQuery, signal?: AbortSignal): Promise<PrepareResult> {
    return (await this.#ask("POST", ROUTES.prepareRollback, "outcome", { body: json({ to } satisfies RollbackRequest), options, signal })) as PrepareResult;
  }

  /** Throws HF3034 if nothing is prepared under the ticket. */
  async commit(ticket: string): Promise<OperationResult> {
    return (await this.#ask("POST", ROUTES.commit, "outcome", { body: json({ ticket } satisfies TicketRequest) })) as OperationResult;
  }

  /** Throws HF3034 if nothing is prepared under the ticket. */
  async abort(ticket: string): Promise<void> {
    await this.#ask("POST", ROUTES.abort, "outcome", { body: json({ ticket } satisfies TicketRequest) });
  }

  async confirm(options?: Pick<OperationQuery, "by">): Promise<ConfirmAnswer> {
    return (await this.#ask("POST", ROUTES.confirm, "outcome", { body: json({}), options })) as ConfirmAnswer;
  }

  async status(): Promise<Status> {
    return (await this.#ask("GET", ROUTES.status, "state")) as Status;
  }

  /** Throws HF3013 if the host is of a version that does not tell it. */
  async activePatch(): Promise<ActivePatch> {
    return (await this.#ask("GET", ROUTES.patch, "file")) as ActivePatch;
  }

  /** @param sign the field that tells the answer that was asked for from every other */
  async #ask(method: string, path: string, sign: string, asking: Asking = {}): Promise<object> {
    const message = await this.#send(method, `${path}${queryOf(asking.options)}`, asking);
    const answered = parse(await this.#receive(message));
    const { headers, statusCode } = message;
    const protocol = headers[HEADERS.protocol];
    if (typeof protocol === "string" && protocol !== String(PROTOCOL)) throw new HotfixError(diagnostic("HF3040", "error", { host: protocol.slice(0, 10), client: PROTOCOL }));
    const answerer = headers[HEADERS.process];
    if (typeof answerer === "string") this.#answerer = answerer;
    if (typeof answered === "object" && answered !== null) {
      if (sign in answered) return answered;
      if ("diagnostics" in answered && Array.isArray(answered.diagnostics)) {
        const [first, ...more] = answered.diagnostics as Diagnostic[];
        if (first !== undefined) throw new HotfixError(first, ...more);
      }
    }
    throw this.#senseless(`HTTP status ${statusCode}`);
  }

  /** The answer's head; its body comes before the deadline too, or not at all. */
  #send(method: string, path: string, { body, signal }: Asking): Promise<IncomingMessage> {
    return new Promise((done, fail) => {
      const headers = body === undefined ? {} : { "content-length": body.byteLength, "content-type": "application/json" };
      const asking = request({ socketPath: socketAddress(this.#socket), method, path, headers, agent: false, ...(signal === undefined ? {} : { signal }) }, done);
      const silent = (detail: string, isDeserted = false): void => fail(new NoHostError(this.#socket, detail, isDeserted));
      const deadline = setTimeout(() => {
        silent(`nothing for ${this.#timeout} ms`);
        asking.destroy();
      }, this.#timeout);
      asking.on("close", () => clearTimeout(deadline));
      asking.on("error", (error: NodeJS.ErrnoException) => silent(error.message, error.code === "ECONNREFUSED" || error.code === "ENOENT"));
      asking.end(body);
    });
  }

  async #receive(message: IncomingMessage): Promise<Buffer> {
    try {
      return await readBody(message, BODY_LIMIT);
    } catch (error) {
      throw this.#senseless(error instanceof Error ? error.message : String(error));
    }
  }

  #senseless(detail: string): HotfixError {
    return new HotfixError(diagnostic("HF3015", "error", { socket: this.#socket, detail }));
  }
}

interface Asking {
  readonly body?: Uint8Array;
  readonly options?: OperationQuery | undefined;
  readonly signal?: AbortSignal | undefined;
}

function queryOf(options: OperationQuery = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? "" : `?${query.toString()}`;
}

function limited(file: Uint8Array): Uint8Array {
  if (file.byteLength > BODY_LIMIT) throw new HotfixError(diagnostic("HF3014", "error", { limit: BODY_LIMIT }));
  return file;
}

function json(value: object): Uint8Array {
  return Buffer.from(JSON.stringify(value), "utf8");
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}
