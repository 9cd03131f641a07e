/** Text of others on a terminal: a patch must not paint over what is said of it. */

/** What steers terminals or reverses text is shown as an escape. */
export function printable(text: string): string {
  return text.replaceAll(/(?![\t\n])[\p{Cc}\p{Cf}]/gu, (each) => `\\u{${each.codePointAt(0)?.toString(16)}}`);
}
