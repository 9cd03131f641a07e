/** A host of one module, and its control socket. */
import { onTestFinished } from "vitest";
import { ControlClient } from "../../src/control/client.ts";
import type { ControlSocket, ListenOptions } from "../../src/control/server.ts";
import { encodePatch } from "../../src/patch/file.ts";
import { guarded, hotfix, patchOf, World, type Exports } from "../runtime/world.ts";

export const KEY = "app:src/shop.ts";
export const shop = { names: "award", body: `export ${guarded("award", "", "return 'old';")}` };
export const fix: Uint8Array = encodePatch(patchOf({ [KEY]: { functions: "award", code: "function award() { return 'new'; }" } }));

interface Opened {
  readonly world: World;
  readonly host: Exports;
  readonly path: string;
  readonly socket: ControlSocket;
  readonly client: ControlClient;
}

/** Closed when the test has finished. */
export async function opened(options: ListenOptions = {}): Promise<Opened> {
  const world = new World();
  const host = await world.host("shop.mjs", shop);
  const path = world.path("app.sock");
  const socket = await hotfix.listen(path, options);
  onTestFinished(() => socket.close());
  return { world, host, path, socket, client: new ControlClient(path) };
}
