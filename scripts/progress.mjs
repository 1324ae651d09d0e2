/**
 * Shows one line on a terminal while something runs, and takes it away again. Elsewhere, and on stdout, nothing.
 *
 * @template T
 * @param {string} line
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(line, work) {
  if (!process.stderr.isTTY) return work();
  process.stderr.write(`${line} ...`);
  try {
    return await work();
  } finally {
    process.stderr.write("\r\u001b[K");
  }
}
