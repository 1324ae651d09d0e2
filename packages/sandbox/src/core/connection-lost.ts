/** What a client of `node:http` sees when the connection breaks before an answer. */
export function connectionLost(): Error {
  return Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", errno: -104, syscall: "read" });
}
