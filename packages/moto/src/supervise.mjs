// Runs `moto_server` for as long as standard input stays open, so that no server outlives its test, however that ends.
import { spawn } from "node:child_process";

const [command, ...args] = process.argv.slice(2);
// A process group of its own: what is on the PATH may be a shell script with the server as its child.
const server = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"], detached: true });
const patienceMs = 2_000;

server.on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
server.on("exit", (code) => {
  signalGroup("SIGKILL");
  process.exit(code ?? 1);
});
process.stdin.on("close", endServer).resume();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, endServer);

function endServer() {
  signalGroup("SIGTERM");
  setTimeout(() => signalGroup("SIGKILL"), patienceMs);
}

function signalGroup(signal) {
  if (server.pid === undefined) return;
  try {
    process.kill(-server.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}
