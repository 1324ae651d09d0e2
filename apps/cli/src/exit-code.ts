/** The program's exit codes; each command's help says which it has. */
export const exitCode = {
  ok: 0,
  /** What was checked is wrong, or what was tried failed. */
  failed: 1,
  /** The command could not be run: options, files, the mapping. */
  usage: 2,
  /** The mapping has no such area or image, or the area no such deployment. */
  notFound: 3,
  /** Another release came right after. */
  overtaken: 4,
  /** An area can not be looked at: credentials, account, bucket, permission. */
  noAccess: 5,
  /** Nothing was done, since nobody said yes. */
  declined: 6,
  /** What was asked for has not been taken within the time that it was waited for. */
  notTaken: 7,
} as const;
