/**
 * Imports the module that its first argument names, and prints how long that took; with `--list` instead which files
 * were loaded. Nothing else is loaded before, so that nothing else is paid for.
 */
const [url = "", mode] = process.argv.slice(2);

if (mode === "--list") {
  const { Session } = await import("node:inspector");
  const session = new Session();
  session.connect();
  const files = new Set<string>();
  session.on("Debugger.scriptParsed", ({ params }) => {
    if (params.url.startsWith("file:")) files.add(params.url);
  });
  session.post("Debugger.enable");
  const own = new Set(files);
  await import(url);
  session.disconnect();
  console.log(JSON.stringify([...files].filter((file) => !own.has(file))));
} else {
  const before = performance.now();
  await import(url);
  console.log(JSON.stringify(performance.now() - before));
}
