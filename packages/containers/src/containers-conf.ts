/**
 * Whoever is root in a restricted container may neither raise limits nor use crun; on a machine of one's own this does no
 * harm.
 */
export function containersConf(): string {
  return `[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
runtime = "runc"
`;
}
