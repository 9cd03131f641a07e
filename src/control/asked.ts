/** What a request asks for: its route, its options, its body. All that can be wrong with them is HF3013. */
import type { IncomingMessage } from "node:http";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import type { PrepareOptions } from "../runtime/options.ts";
import { JSON_LIMIT, readBody } from "./body.ts";
import { PROTOCOL, type RollbackRequest, type TicketRequest } from "./protocol.ts";

/** Options of the operations, as the query carries them. */
export interface OperationQuery extends PrepareOptions {
  /** Milliseconds within which `confirm` must come, or the host goes back. */
  readonly confirmWithin?: number;
}

/** Name that operations over the socket have in the history unless they say who asks. */
const BY = "socket";
const LONGEST_NAME = 200;
/** Turns of the event loop after which a connection's end is known that came with its request: two, and one to be sure. */
const FAREWELL_TURNS = 3;

const NUMBERS: ReadonlySet<string> = new Set(["barrierTimeout", "callbackLimit", "holdFor", "confirmWithin"] satisfies (keyof OperationQuery)[]);
const TEXTS: ReadonlySet<string> = new Set(["by", "threads"] satisfies (keyof OperationQuery)[]);

export class Asked {
  /** `POST /v1/apply` */
  readonly route: string;
  readonly #request: IncomingMessage;
  readonly #query: URLSearchParams;
  readonly #bodyLimit: number;

  constructor(request: IncomingMessage, bodyLimit: number) {
    const { method = "", url = "" } = request;
    const end = url.indexOf("?");
    this.route = `${method} ${end < 0 ? url : url.slice(0, end)}`;
    this.#query = new URLSearchParams(end < 0 ? "" : url.slice(end + 1));
    this.#request = request;
    this.#bodyLimit = bodyLimit;
  }

  /** The version that is asked in; undefined if the path has none. */
  get version(): number | undefined {
    const [, version] = /^\S+ \/v(\d{1,6})\//.exec(this.route) ?? [];
    return version === undefined ? undefined : Number(version);
  }

  /** Whether somebody still waits for the answer. */
  get isAwaited(): boolean {
    const { socket } = this.#request;
    return !socket.destroyed && !socket.readableEnded;
  }

  options(): OperationQuery & { readonly by: string } {
    const options: Record<string, string | number> & { by: string } = { by: BY };
    for (const [name, text] of this.#query) {
      if (this.#query.getAll(name).length > 1) throw badRequest(`\`${name.slice(0, 40)}\` stands there twice`);
      if (TEXTS.has(name)) options[name] = text.slice(0, LONGEST_NAME);
      else if (NUMBERS.has(name)) options[name] = numberOf(name, text);
      else throw badRequest(`there is no option \`${name.slice(0, 40)}\``);
    }
    return options;
  }

  /** A patch file. */
  async file(): Promise<Buffer> {
    return await this.#awaited(await readBody(this.#request, this.#bodyLimit));
  }

  async rollback(): Promise<RollbackRequest> {
    const { to } = await this.#fields();
    if (to === undefined) return {};
    if (typeof to !== "string") throw badRequest("`to` must be a string");
    return { to };
  }

  async ticket(): Promise<TicketRequest> {
    const { ticket } = await this.#fields();
    if (typeof ticket !== "string") throw badRequest("`ticket` must be a string");
    return { ticket };
  }

  async nothing(): Promise<void> {
    await this.#fields();
  }

  async #fields(): Promise<Readonly<Record<string, unknown>>> {
    const body = await this.#awaited(await readBody(this.#request, Math.min(JSON_LIMIT, this.#bodyLimit)));
    if (body.byteLength === 0) return {};
    const fields = parse(body);
    if (typeof fields !== "object" || fields === null || Array.isArray(fields)) throw badRequest("its body is not a JSON object");
    return fields as Readonly<Record<string, unknown>>;
  }

  /**
   * A process that was stopped for a while finds requests of clients that have long given up, and told their people so.
   * Those are not begun.
   */
  async #awaited(body: Buffer): Promise<Buffer> {
    for (let turn = 0; turn < FAREWELL_TURNS; turn++) await new Promise((done) => setImmediate(done));
    if (!this.isAwaited) throw badRequest("nobody waits for the answer");
    return body;
  }
}

/** HF3040 if the request is in another version of the protocol, HF3013 otherwise. */
export function noSuchRoute(asked: Asked): HotfixError {
  const { version } = asked;
  if (version !== undefined && version !== PROTOCOL) return new HotfixError(diagnostic("HF3040", "error", { host: PROTOCOL, client: version }));
  return badRequest(`there is no ${asked.route.slice(0, 100)}`);
}

function badRequest(detail: string): HotfixError {
  return new HotfixError(diagnostic("HF3013", "error", { detail }));
}

function numberOf(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw badRequest(`\`${name}\` must be milliseconds, a whole number`);
  return Number(text);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    throw badRequest("its body is not JSON");
  }
}
