/** A page that is one file and loads nothing: the policy in its head forbids it, and lets no script run but its own. */
import { createHash } from "node:crypto";
import { escape } from "./escape.ts";

export interface DocumentParts {
  readonly title: string;
  readonly style: string;
  /** HTML. What is shown in it must be escaped. */
  readonly body: string;
  readonly script: string;
}

export function writeDocument({ title, style, body, script }: DocumentParts): string {
  const hash = createHash("sha256").update(script, "utf8").digest("base64");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
<script>${script}</script>
</body>
</html>
`;
}
