// The command line from its sources, as bin/ts-hotfix.js runs it from dist.
const { main } = await import("../../src/cli/main.ts");
await main(process.argv);
