/** Which files are sources and which are tests. */
import picomatch from "picomatch";
import type { ReplayOptions } from "./options.ts";

export interface FileKinds {
  isSource(file: string): boolean;
  /** A test, or something that only tests use. */
  isTest(file: string): boolean;
  /** A file with tests to run. */
  holdsTests(file: string): boolean;
}

/** Folders and names by which tests and what belongs to them are known everywhere. */
const TEST_SIDE = /(^|\/)(tests?|specs?|__tests__|__mocks__|__fixtures__)(\/|\.[cm]?[jt]sx?$)|[.-](test|spec|test-d|test-prop|bench)\.[cm]?[jt]sx?$/;

export function fileKinds({ src, test }: Pick<ReplayOptions, "src" | "test">): FileKinds {
  const inSources = picomatch(src);
  const inTests = picomatch([...test.files]);
  const isTest = (file: string): boolean => inTests(file) || TEST_SIDE.test(file);
  return {
    isSource: (file) => inSources(file) && /\.[cm]?[jt]sx?$/.test(file) && !/\.d\.[cm]?ts$/.test(file) && !isTest(file),
    isTest,
    holdsTests: (file) => inTests(file) && !/\.d\.[cm]?ts$/.test(file),
  };
}
