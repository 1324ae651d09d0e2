import { createHash } from "node:crypto";

/** The working directory's folder that is the state, with `state: store`. */
export const STORE_FOLDER = "store";
/** Terraform's local backend keeps it there. An entry point may name it otherwise: every `.tfstate` is taken for a state. */
export const STATE_FILE = "terraform.tfstate";

/** What the steps came to. */
export type StoreEnd =
  /** There has to be a state. */
  | "succeeded"
  /** They ended by themselves: where there is no state, there is nothing that it could tell. */
  | "ended"
  /** They were ended by force, or crashed. */
  | "broken";

export interface StoreProblem {
  /** In the module. */
  readonly file: string;
  readonly problem: string;
}

/** A file as it was in the bucket. */
export interface KeptFile {
  readonly etag: string;
  readonly sha256: string;
  readonly content: Uint8Array;
}

export function isStateFile(file: string): boolean {
  return file.endsWith(".tfstate");
}

export function sha256(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
