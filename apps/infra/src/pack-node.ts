import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const BLOCK = 512;

export interface PackOptions {
  /** The program `node`. */
  readonly program: string;
  /** Where archives are kept, since packing takes seconds. */
  readonly cache: string;
  /** Of the archive, without its ending. */
  readonly name: string;
}

/**
 * Makes a `.tar.gz` with the program `node` at its top, and says where it is. The same program gives the same bytes, so
 * that nothing is deployed anew. An archive is made again once its program is another.
 */
export function packNode({ program, cache, name }: PackOptions): string {
  const { size, mtimeMs } = statSync(program);
  const path = join(cache, `${name}-${size}-${Math.trunc(mtimeMs)}.tar.gz`);
  if (existsSync(path)) return path;
  mkdirSync(cache, { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, gzipSync(tarOf("node", readFileSync(program))));
  renameSync(unfinished, path);
  return path;
}

/** A POSIX ustar archive of one program, without owner and time: https://www.gnu.org/software/tar/manual/html_node/Standard.html */
export function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0);
  header.write("0000755\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0", 136);
  header.write("0", 156);
  header.write("ustar\u000000", 257);
  // The sum is taken with blanks in its own place.
  header.write("        ", 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
  return Buffer.concat([header, content, padding, Buffer.alloc(2 * BLOCK)]);
}
