/**
 * Imported first by every entry point of the tools: on an older Node the user gets one line, not a stack trace.
 * Uses nothing that an old Node lacks.
 */

/** The oldest supported Node.js. */
export const OLDEST_NODE = "22.15";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 15)) {
  const error = new Error(`HF0004: ts-hotfix needs Node.js ${OLDEST_NODE} or newer, this is ${process.versions.node}`);
  error.stack = error.message;
  throw error;
}
