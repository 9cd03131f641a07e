/** Real sources, from packages that publish theirs; and the tools to compare with. */
import { globSync } from "tinyglobby";
import { statSync } from "node:fs";
import { fetchPackages } from "../npm-packages.ts";

export interface Corpus {
  readonly name: string;
  readonly packages: readonly string[];
  readonly files: readonly string[];
}

export const CORPORA: readonly Corpus[] = [
  {
    name: "TypeScript",
    packages: ["ethers@6.15.0", "zod@4.1.12", "@reduxjs/toolkit@2.9.2"],
    files: ["ethers/src.ts/**/*.ts", "zod/src/**/*.ts", "@reduxjs/toolkit/src/**/*.{ts,tsx}"],
  },
  {
    name: "JavaScript",
    packages: ["three@0.180.0", "lodash-es@4.17.21", "sucrase@3.35.0", "js-yaml@4.1.0"],
    files: ["three/src/{animation,cameras,core,extras,geometries,lights,loaders,materials,math,objects,renderers,textures}/**/*.js", "lodash-es/*.js", "sucrase/dist/esm/**/*.js", "js-yaml/lib/**/*.js"],
  },
];

const PEERS = ["@babel/core@7.28.5", "@babel/preset-typescript@7.28.5", "babel-plugin-istanbul@7.0.1", "@swc/core@1.15.0", "swc-plugin-coverage-instrument@0.0.32"];

export async function fetchPeers(): Promise<string> {
  return await fetchPackages("transform-peers", PEERS);
}

export interface FetchedCorpus {
  /** Absolute. */
  readonly files: readonly string[];
  readonly bytes: number;
  readonly root: string;
}

/** @param most bytes, about; undefined: all */
export async function fetchCorpus({ name, packages, files }: Corpus, most: number = Number.POSITIVE_INFINITY): Promise<FetchedCorpus> {
  const root = await fetchPackages(`transform-${name}`, packages);
  const found = globSync([...files], { cwd: root, absolute: true, ignore: ["**/*.d.ts", "**/{test,tests,_tests,benchmarks}/**", "**/*.test*"] }).toSorted();
  let bytes = 0;
  const chosen = found.filter((file) => {
    if (bytes >= most) return false;
    bytes += statSync(file).size;
    return true;
  });
  return { files: chosen, bytes, root };
}
