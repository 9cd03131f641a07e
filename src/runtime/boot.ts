/**
 * `node --import ts-hotfix/boot main.js`: the patch of the state directory (`TS_HOTFIX_STATE_DIR`) is in place before the
 * program's first statement, even if it imports packages that can only be had asynchronously.
 */
import "../node/require-node.ts";
import { threadRuntime } from "./thread.ts";

await threadRuntime().ready();
