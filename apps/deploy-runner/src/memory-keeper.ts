export interface MemoryKeeper {
  /** So much output was taken in, or stored. */
  passed(bytes: number): void;
}

const BYTES_BETWEEN = 524_288;

/**
 * Has Node collect its garbage each time that so much output has passed through the runner. Left to itself it lets garbage
 * grow to several times what is in use, and the memory of a deploy instance is Terraform's. Where Node was started without
 * `--expose-gc`, it is left to itself.
 */
export function createMemoryKeeper(collect: (() => void) | undefined): MemoryKeeper {
  let since = 0;
  return {
    passed(bytes) {
      since += bytes;
      if (since < BYTES_BETWEEN) return;
      since = 0;
      collect?.();
    },
  };
}
