/** The worker thread of {@link import("./warm.ts").warm}: modules come in, their conclusions go out. */
import { parentPort } from "node:worker_threads";
import { drawAll } from "./draw.ts";
import type { ModuleMaterial } from "./module.ts";

parentPort?.on("message", (batch: readonly ModuleMaterial[]) => parentPort?.postMessage(batch.map(drawAll)));
