#!/usr/bin/env node
// Plain old JavaScript up to the check, so that an old Node prints the line and no stack trace.
var version = process.versions.node.split(".").map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 15)) {
  console.error("ts-hotfix needs Node.js 22.15 or newer; this is " + process.versions.node + ".");
  process.exit(1);
} else {
  // Compiled code is kept between calls, in a folder of the user's own: the system's temporary one belongs to everybody.
  Promise.all([import("node:module"), import("node:os"), import("node:path")])
    .then(function (loaded) {
      var cache = process.env.XDG_CACHE_HOME || loaded[2].join(loaded[1].homedir(), ".cache");
      loaded[0].enableCompileCache(loaded[2].join(cache, "ts-hotfix", "compiled"));
      return import("../dist/src/cli/main.js");
    })
    .then(function (cli) {
      return cli.main(process.argv);
    });
}
