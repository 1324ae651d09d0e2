import { writeFile } from "node:fs/promises";

export interface NamespaceWanted {
  readonly name: string;
  /** The host's address, by which the namespace reaches everything else. */
  readonly gateway: string;
  /** Its own address, in the same /24. */
  readonly address: string;
  /** Runs a program and gives what it said; throws where that fails. */
  run(program: string, args: readonly string[]): Promise<string>;
}

/** Makes a network namespace that the host routes for, where there is none that is complete yet, and gives its path. */
export async function ensureNamespace(wanted: NamespaceWanted): Promise<string> {
  if (!(await isComplete(wanted))) await makeNamespace(wanted);
  return `/run/netns/${wanted.name}`;
}

/** The route is made last. */
async function isComplete({ name, gateway, run }: NamespaceWanted): Promise<boolean> {
  const route = await run("ip", ["-n", name, "route", "show", "default"]).catch(() => "");
  return route.includes(`via ${gateway} `);
}

async function makeNamespace({ name, gateway, address, run }: NamespaceWanted): Promise<void> {
  const outside = `${name}0`;
  const ip = (...args: readonly string[]) => run("ip", args);
  const inside = (...args: readonly string[]) => run("ip", ["-n", name, ...args]);
  // Whoever began to make them did not come to the end.
  await ip("link", "delete", outside).catch(() => "");
  await ip("netns", "delete", name).catch(() => "");
  await ip("netns", "add", name);
  await ip("link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", name);
  await ip("address", "add", `${gateway}/24`, "dev", outside);
  await ip("link", "set", outside, "up");
  await writeFile("/proc/sys/net/ipv4/ip_forward", "1");
  await inside("link", "set", "lo", "up");
  await inside("address", "add", `${address}/24`, "dev", "eth0");
  await inside("link", "set", "eth0", "up");
  await inside("route", "add", "default", "via", gateway);
}
