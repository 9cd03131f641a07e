/** `docs/live-code.md`: the rules for code that outlives a patch, from their table. */
import { RULES, type Verdict } from "../src/analyze/live/rules.ts";

const SECTIONS: readonly (readonly [Verdict, string, string])[] = [
  ["on", "Refused: it lives on", "The change is refused (HF1110 to HF1115: *live instances keep the old code*), unless it is accepted."],
  ["unknown", "Noticed: it cannot be told", "The patch is built, and a notice names the place (HF1107, HF1114, HF1115). `--strict-live` refuses."],
  ["ends", "Silent: it ends with its call", "Nothing is said."],
];

export function renderLiveCode(): string {
  const sections = SECTIONS.map(([verdict, title, text]) => {
    const rows = Object.entries(RULES)
      .filter(([, rule]) => rule.verdict === verdict)
      .map(([name, rule]) => `| ${name} | \`${rule.example}\` | ${rule.covers} |`);
    return `## ${title}\n\n${text}\n\n| rule | for example | what it covers |\n| --- | --- | --- |\n${rows.join("\n")}`;
  });
  return `<!-- Generated from src/analyze/live/rules.ts by \`npm run generate\`. Do not edit. -->

# Live code

A patch reaches calls that begin after it. Functions that a call has left behind (listeners, timers, stored callbacks), calls
that never end and iterators that are suspended go on with the code they were made from:

\`\`\`ts
export function onConnect(socket: Socket) {
  socket.on("trade", (n) => (socket.gold += n * 2)); // whoever is connected keeps this one
}
\`\`\`

So when a function nested in a changed target has changed, or a constant that it reads, the builder asks what becomes of the
old one. The answer comes from the text that the host was built from, which the manifest has: it is the *old* code that lives on. A nested
function that is as it was, and one that only came in addition, are no cause. What an earlier *patch* has left behind is not looked at:
patches are built against the base. What a call has put into a variable of its own is data, also an old constant (\`const max = MAX; list.push(() => max)\`):
a closure keeps it. Changes are told from each other by what code
means: formatting, comments and types do not count.

**The remedy is one line:** a closure that only calls a top-level function. \`(n) => trade(socket, n)\` never needs to change.

**To accept** that old code goes on: \`--accept-live src/shop.ts#onConnect\` (the target's id; repeatable; without an id: all), in
the API \`acceptLive\`. The patch then lists what goes on; \`build\`, \`apply\` and \`status\` show it.

A value is followed through names and objects of the call, conditions, \`as\`, \`await\` and \`bind\`. Every place it comes to counts,
and the worst decides; a function that is called by one that lives on lives on with it. Names of methods are taken at
their word: \`.map(…)\` calls back at once and \`.on(…)\` registers, whatever they are called on. A class counts with its methods, and
lives on with its instances. Files are looked at one by one: what a function of the program does with a callback is not known.

${sections.join("\n\n")}

Every rule has a fixture of its name, \`fixtures/patch/live-…\`.
`;
}
