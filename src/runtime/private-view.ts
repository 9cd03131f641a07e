/**
 * Private names in patch code: `$s["Purse.#"](object)["#gold"]` is `object.#gold`, to be read, assigned, incremented or destructured
 * into as the name itself. A view is an object of the moment that leads to the class's own accessors.
 */
import { privateScopeName } from "../patch/private-names.ts";
import type { Instance } from "./host.ts";
import type { PrivateAccessor, PrivateAccessors } from "./registration.ts";

/** The value of `$s["Purse.#"]`. */
export interface ViewMaker {
  (object: unknown): object;
  /** `object?.#gold`: undefined for what is none. */
  maybe(object: unknown): object | undefined;
  /** `#gold in object` */
  has(name: string, object: unknown): boolean;
}

const makers = new WeakMap<PrivateAccessors, ViewMaker>();

/** Undefined until the class has been evaluated. */
export function viewsOf(instance: Instance, name: string): ViewMaker | undefined {
  const accessors = instance.privates?.get(name);
  if (accessors === undefined) return undefined;
  let maker = makers.get(accessors);
  if (maker === undefined) makers.set(accessors, (maker = makeViews(accessors())));
  return maker;
}

function makeViews(accessors: Readonly<Record<string, PrivateAccessor>>): ViewMaker {
  class View {
    readonly object: unknown;
    /** What a call is about to call: it is read before the arguments are. */
    callee: unknown = undefined;
    constructor(object: unknown) {
      this.object = object;
    }
  }
  function call(this: View, ...args: unknown[]): unknown {
    return Reflect.apply(this.callee as Function, this.object, args);
  }
  for (const [name, { has, get = () => refuseRead(name, has), set }] of Object.entries(accessors)) {
    Object.defineProperties(View.prototype, {
      // without a setter strict code throws a TypeError, as it does in the class
      [name]: { get(this: View): unknown { return get(this.object); }, ...(set && { set(this: View, value: unknown) { set(this.object, value); } }) },
      // object.#pay(1) --> view["#pay()"](1)    object.#pay?.(1) --> view["#pay()"]?.(1)
      [`${name}()`]: {
        get(this: View): unknown {
          const callee = (this.callee = get(this.object));
          return callee === null || callee === undefined ? callee : call;
        },
      },
    });
  }
  return Object.assign((object: unknown) => new View(object), {
    maybe: (object: unknown) => (object === null || object === undefined ? undefined : new View(object)),
    has: (name: string, object: unknown) => accessors[name]?.has(object) ?? false,
  });
}

/** Throws what the class itself would: a TypeError of its realm, which `#half in 0` gives. */
function refuseRead(name: string, has: PrivateAccessor["has"]): never {
  try {
    has(0);
  } catch (error) {
    throw new (error as TypeError & { readonly constructor: TypeErrorConstructor }).constructor(`'${name}' was defined without a getter`);
  }
  throw new TypeError(name);
}

/** Name of the scope's binding, and how it is had. */
export function privateBinding(instance: Instance, name: string): { readonly name: string; readonly accessor: { readonly get: () => unknown }; readonly constant: () => unknown } {
  const get = (): ViewMaker | undefined => viewsOf(instance, name);
  return { name: privateScopeName(name), accessor: { get }, constant: get };
}
