/** Real sources, from packages that publish theirs; and the tools to compare with. */
import { globSync } from "tinyglobby";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
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
    files: ["three/src/{animation,cameras,core,extras,geometries,lights,loaders,materials,math,objects,textures}/**/*.js", "lodash-es/*.js", "sucrase/dist/esm/**/*.js", "js-yaml/lib/**/*.js"],
  },
];

const PEERS = ["@babel/core@7.28.5", "@babel/preset-typescript@7.28.5", "babel-plugin-istanbul@7.0.1", "@swc/core@1.15.0", "swc-plugin-coverage-instrument@0.0.32"];

/** Our own, for a run that only shows that it works and fetches nothing. */
export const QUICK: Corpus = { name: "TypeScript", packages: [], files: ["src/syntax/*.ts"] };
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export async function fetchPeers(): Promise<string> {
  return await fetchPackages("transform-peers", PEERS);
}

export interface FetchedCorpus {
  /** Absolute. */
  readonly files: readonly string[];
  readonly bytes: number;
  readonly root: string;
}

export async function fetchCorpus({ name, packages, files }: Corpus): Promise<FetchedCorpus> {
  const root = packages.length === 0 ? ROOT : await fetchPackages(`transform-${name}`, packages);
  const found = globSync([...files], { cwd: root, absolute: true, ignore: ["**/*.d.ts", "**/{test,tests,_tests,benchmarks}/**", "**/*.test*"] }).toSorted();
  return { files: found, bytes: found.reduce((sum, file) => sum + statSync(file).size, 0), root };
}
