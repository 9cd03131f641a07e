/**
 * Where ts-patch keeps the compiler it has patched: a folder for each worker. In one folder they would wait for each other's lock
 * files, and ts-patch gives up after two seconds, which a busy machine needs for the copies made behind one.
 */
import { join } from "node:path";
import { ROOT } from "./stage.ts";

process.env["TSP_CACHE_DIR"] = join(ROOT, "node_modules", ".cache", "ts-patch", `${process.env["TEST_PROJECT"] ?? ""}-${process.env["VITEST_POOL_ID"] ?? ""}`);
