/** IPv4 addresses of a VPC that has room for two subnets: AWS takes /16 to /28 for each of them. */
export const CIDR = /^(?:\d{1,3}\.){3}\d{1,3}\/(?:1[6-9]|2[0-7])$/;

/** True where a text that matches `CIDR` is the first address of its network. */
export function isNetwork(text: string): boolean {
  const [address = "", size] = text.split("/");
  const bytes = address.split(".").map(Number);
  const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return bytes.every((byte) => byte < 256) && value % 2 ** (32 - Number(size)) === 0;
}
