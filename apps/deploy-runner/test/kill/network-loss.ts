import { execFileSync } from "node:child_process";

/**
 * Drops every packet to and from this port, for the runner and for containers alike; nobody is told. The returned function
 * lets them through again.
 */
export function cutNetwork(host: string, port: number): () => void {
  const rules = [
    ["INPUT", "-p", "tcp", "-d", host, "--dport", String(port), "-j", "DROP"],
    ["OUTPUT", "-p", "tcp", "-s", host, "--sport", String(port), "-j", "DROP"],
  ];
  for (const rule of rules) iptables("-I", rule);
  let cut = true;
  return () => {
    if (cut) for (const rule of rules) iptables("-D", rule);
    cut = false;
  };
}

function iptables(action: string, rule: readonly string[]): void {
  execFileSync("iptables", ["-w", "30", action, ...rule], { stdio: ["ignore", "ignore", "pipe"] });
}
