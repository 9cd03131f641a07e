/** A module as the text back end emits it, line by line beside its source. No line moves, so most lines need not be told. */
import MagicString from "magic-string";
import type { Plan } from "../plan/plan.ts";
import { applyEdit } from "../rewrite/text.ts";
import type { EmittedLines, Span } from "./page-data.ts";

const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/;

/** @param text the plan was made for */
export function emitLines(text: string, plan: Plan): EmittedLines {
  const marks = chooseMarks(text, plan);
  const output = new MarkedString(text, marks);
  for (const edit of plan.edits) applyEdit(output, text, edit);
  const before = text.split(LINE_BREAK);
  const after = splitSpans(output.toString(), marks);
  const changed: Record<number, readonly Span[]> = {};
  for (const [index, line] of after.slice(0, before.length).entries()) {
    const [only = ""] = line;
    if (line.length > 1 || only !== before[index]) changed[index + 1] = line;
  }
  return { changed, appended: after.slice(before.length) };
}

interface Marks {
  readonly open: string;
  readonly close: string;
}

/** Characters that occur neither in the source nor in what comes into it. */
function chooseMarks(text: string, plan: Plan): Marks {
  const all = text + JSON.stringify(plan.edits);
  const free: string[] = [];
  for (let code = 0xe000; free.length < 2; code++) if (!all.includes(String.fromCharCode(code))) free.push(String.fromCharCode(code));
  const [open = "", close = ""] = free;
  return { open, close };
}

/** Puts what is inserted between marks. */
class MarkedString extends MagicString {
  readonly #marks: Marks;

  constructor(text: string, marks: Marks) {
    super(text);
    this.#marks = marks;
  }

  override append(content: string): this {
    return super.append(this.#mark(content));
  }

  override appendLeft(index: number, content: string): this {
    return super.appendLeft(index, this.#mark(content));
  }

  override appendRight(index: number, content: string): this {
    return super.appendRight(index, this.#mark(content));
  }

  #mark(content: string): string {
    return content === "" ? "" : this.#marks.open + content + this.#marks.close;
  }
}

function splitSpans(marked: string, { open, close }: Marks): readonly (readonly Span[])[] {
  const lines: Span[][] = [];
  let isInserted = false;
  for (const line of marked.split(LINE_BREAK)) {
    const spans: Span[] = [];
    let rest = "";
    const push = (): void => {
      const last = spans.at(-1);
      if (isInserted && typeof last === "object" && rest !== "") spans.splice(-1, 1, [last[0] + rest]);
      else if (rest !== "") spans.push(isInserted ? [rest] : rest);
      rest = "";
    };
    for (const character of line) {
      if (character !== open && character !== close) rest += character;
      else {
        push();
        isInserted = character === open;
      }
    }
    push();
    lines.push(spans);
  }
  // what is appended ends with a line break
  if (lines.at(-1)?.length === 0) lines.pop();
  return lines;
}
