/** The two halves of a network. */
export function splitCidr(cidr: string): readonly [string, string] {
  const [address = "", size = ""] = cidr.split("/");
  const first = address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const half = Number(size) + 1;
  return [`${address}/${half}`, `${formatAddress(first + 2 ** (32 - half))}/${half}`];
}

function formatAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}
