/**
 * Imported first by the adapters: a compiler or bundler that loads them on an older Node ends with one line. Thrown
 * errors would come with a stack trace. Uses nothing that an old Node lacks.
 */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 15)) {
  console.error(`HF0004: ts-hotfix needs Node.js 22.15 or newer, this is ${process.versions.node}`);
  process.exit(1);
}

export const isOldNode = false;
