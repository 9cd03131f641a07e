// Preloaded into a compiler: tells the processor time that it took, in microseconds.
process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  process.stderr.write(`\ncpu ${user + system}\n`);
});
