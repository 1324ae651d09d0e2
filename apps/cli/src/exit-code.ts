/** The program's exit codes; each command's help says which it has. */
export const exitCode = {
  ok: 0,
  /** What was checked is wrong, or what was tried failed. */
  failed: 1,
  /** The command could not be run: options, files, the mapping. */
  usage: 2,
  /** The mapping has no such area. */
  noArea: 3,
  /** Another release came right after. */
  overtaken: 4,
} as const;
