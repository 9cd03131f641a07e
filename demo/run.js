// Plain old JavaScript up to the check, so that an old Node prints the line and no stack trace.
var version = process.versions.node.split(".").map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 15)) {
  console.error("ts-hotfix needs Node.js 22.15 or newer; this is " + process.versions.node + ".");
  process.exit(1);
} else {
  var isGame = process.argv[2] === "game";
  import(isGame ? "../dist/demo/game/main.js" : "../dist/demo/main.js").then(function (demo) {
    return demo.main(process.argv.slice(isGame ? 3 : 2));
  });
}
