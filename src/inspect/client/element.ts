/** Elements made of data. Text comes in as text nodes alone, so that nothing in it is ever HTML. */

export type Content = Node | string | undefined | readonly Content[];

type Attributes = Readonly<Record<string, string | number | boolean | undefined | ((event: Event) => void)>>;

/** Attributes that are functions are listeners: `{ click: open }`. */
export function element<Name extends keyof HTMLElementTagNameMap>(name: Name, attributes: Attributes = {}, ...content: readonly Content[]): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : String(value));
  }
  append(made, content);
  return made;
}

export function append(to: Node, content: Content): void {
  if (content === undefined) return;
  if (typeof content === "string") to.appendChild(document.createTextNode(content));
  else if (content instanceof Node) to.appendChild(content);
  else for (const each of content) append(to, each);
}

export function replace(what: Element, ...content: readonly Content[]): void {
  what.replaceChildren();
  append(what, content);
}

/** `1 function`, `2 functions` */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
