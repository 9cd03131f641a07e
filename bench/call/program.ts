/**
 * The program that `bench:call` builds, patches and measures. Every exported `…Loop` is called by the player; what it
 * calls are its callees. A patch changes the number 1001 in callees, 2002 in loops: another body that costs the same,
 * and whose result shows that it ran. All numbers stay small integers, so that little but the calls costs time.
 */

// fib
function fib(n: number): number {
  return n < 2 ? n + 1001 : (fib(n - 1) + fib(n - 2)) & 0xfffff;
}

export function fibLoop(n: number): number {
  let sum = 2002;
  for (let i = 0; i < n; i++) sum = (sum + fib(14)) & 0xfffff;
  return sum;
}

// leaf add
function add(a: number, b: number): number {
  return (a + b + 1001) & 0xfffff;
}

export function addLoop(n: number): number {
  let sum = 2002;
  for (let i = 0; i < n; i++) sum = add(sum, i);
  return sum;
}

// arrow add
const addArrow = (a: number, b: number): number => (a + b + 1001) & 0xfffff;

export function arrowLoop(n: number): number {
  let sum = 2002;
  for (let i = 0; i < n; i++) sum = addArrow(sum, i);
  return sum;
}

// destructured
function area({ width, height }: { readonly width: number; readonly height: number }, unit = 1001): number {
  return (width * height + unit) & 0xfffff;
}

export function areaLoop(n: number): number {
  let sum = 2002;
  for (let i = 0; i < n; i++) sum = (sum + area({ width: i & 15, height: 3 })) & 0xfffff;
  return sum;
}

// vector
interface Vector {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

const ORIGIN: Vector = { x: 1, y: 2, z: 3 };

function makeVector(x: number, y: number, z: number): Vector {
  return { x, y, z };
}

function addVectors(a: Vector, b: Vector): Vector {
  return makeVector((a.x + b.x) & 1023, (a.y + b.y) & 1023, (a.z + b.z + 1001) & 1023);
}

function dot(a: Vector, b: Vector): number {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}

function sumOf(values: readonly number[]): number {
  let sum = 1001;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  return sum;
}

export function vectorLoop(n: number): number {
  let at = ORIGIN;
  let sum = 2002;
  for (let i = 0; i < n; i++) {
    at = addVectors(at, ORIGIN);
    sum = (sum + dot(at, ORIGIN) + sumOf([at.x, at.y, at.z])) & 0xfffff;
  }
  return sum;
}

// string hash
const WORDS: readonly string[] = ["sword", "shield", "health potion", "map of the northern isles", "gold", "rope"];

function mix(state: number, unit: number): number {
  return (state * 31 + unit + 1001) & 0xfffff;
}

function hash(text: string): number {
  let state = 1001;
  for (let i = 0; i < text.length; i++) state = mix(state, text.charCodeAt(i));
  return state;
}

export function hashLoop(n: number): number {
  let sum = 2002;
  for (let i = 0; i < n; i++) sum = (sum + hash(WORDS[i % WORDS.length] ?? "")) & 0xfffff;
  return sum;
}

// module state
let total = 0;

function count(n: number): void {
  total = (total + n + 1001) & 0xfffff;
}

export function stateLoop(n: number): number {
  total = 2002;
  for (let i = 0; i < n; i++) count(i);
  return total;
}

// await chain
async function next(n: number): Promise<number> {
  return (n + 1001) & 0xfffff;
}

export async function awaitLoop(n: number): Promise<number> {
  let sum = 2002;
  for (let i = 0; i < n; i++) sum = await next(sum);
  return sum;
}

// generator
function* upTo(end: number): Generator<number> {
  for (let i = 0; i < end; i++) yield i + 1001;
}

export function generatorLoop(n: number): number {
  let sum = 2002;
  for (let i = 0; i < n; i++) for (const each of upTo(20)) sum = (sum + each) & 0xfffff;
  return sum;
}

// callback
function fold(items: readonly string[], seed: number, merge: (sum: number, item: string) => number): number {
  let sum = seed + 1001;
  for (let i = 0; i < items.length; i++) sum = merge(sum, items[i] ?? "");
  return sum;
}

function weigh(items: readonly string[], factor: number): number {
  let visits = 1001;
  const weight = fold(items, 0, (sum, item) => {
    visits += 1;
    return (sum + item.length * factor) & 0xfffff;
  });
  return (weight + visits) & 0xfffff;
}

export function callbackLoop(n: number): number {
  let sum = 2002;
  for (let i = 0; i < n; i++) sum = (sum + weigh(WORDS, i & 7)) & 0xfffff;
  return sum;
}
