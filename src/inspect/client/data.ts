/** Opens what the page carries: base64 of deflated JSON, in elements that no browser runs. */
import type { ModuleCode, PageData, PageModule } from "../page-data.ts";

const blocks = new Map<number, Promise<readonly ModuleCode[]>>();

export async function readData(): Promise<PageData> {
  return (await open("data")) as PageData;
}

/** Undefined where the module's source was not there. A block is opened once. */
export async function readCode({ block, at }: PageModule): Promise<ModuleCode | undefined> {
  if (block === undefined || at === undefined) return undefined;
  const known = blocks.get(block) ?? (open(`block-${block}`) as Promise<readonly ModuleCode[]>);
  blocks.set(block, known);
  return (await known)[at];
}

async function open(id: string): Promise<unknown> {
  const text = atob(document.getElementById(id)?.textContent ?? "");
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return (await new Response(inflated).json()) as unknown;
}
