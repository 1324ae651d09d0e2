import { type PackedText, packText } from "./packed-text.ts";

/** The newest part of a text that goes on and on. */
export interface LogTail {
  add(text: string): void;
  /** How many bytes were dropped. */
  readonly leftOut: number;
  /** What is kept, oldest first; nothing is added after this. */
  texts(): readonly PackedText[];
}

/** So many blocks make the whole tail; one is dropped at a time. */
const BLOCKS = 160;

export function createLogTail(limitBytes: number): LogTail {
  const blocks: PackedText[] = [];
  let open: string[] = [];
  let openBytes = 0;
  let bytes = 0;
  let leftOut = 0;

  function close(): void {
    if (open.length > 0) blocks.push(packText(open.join("")));
    open = [];
    openBytes = 0;
  }

  return {
    add(text) {
      open.push(text);
      const added = Buffer.byteLength(text);
      openBytes += added;
      bytes += added;
      if (openBytes >= limitBytes / BLOCKS) close();
      while (bytes > limitBytes) {
        if (blocks.length === 0) close();
        const oldest = blocks.shift()?.bytes ?? 0;
        bytes -= oldest;
        leftOut += oldest;
      }
    },
    get leftOut() {
      return leftOut;
    },
    texts() {
      close();
      return blocks;
    },
  };
}
