/**
 * The configuration of an engine that keeps to itself: its networks are in this folder, where no other one's reset removes
 * them. Whoever is root in a restricted container may neither raise limits nor use crun; on a machine of one's own this does no
 * harm.
 */
export function containersConf(networks: string): string {
  return `[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
runtime = "runc"
[network]
network_config_dir = ${JSON.stringify(networks)}
`;
}
