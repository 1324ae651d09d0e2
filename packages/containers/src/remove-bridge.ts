import { execFileSync } from "node:child_process";

/**
 * Removes the network interface with this IPv4 address, if there is one. An engine whose containers were killed leaves its
 * bridge up, and the next one, with networks of its own, takes the addresses for used.
 */
export function removeBridge(address: string): void {
  const found = execFileSync("ip", ["-json", "-4", "address", "show", "to", `${address}/32`], { encoding: "utf8" });
  // Interfaces that do not match are listed as empty objects.
  const interfaces = JSON.parse(found || "[]") as readonly { readonly ifname?: string }[];
  for (const { ifname } of interfaces) if (ifname !== undefined) execFileSync("ip", ["link", "delete", ifname]);
}
