const encoder = new TextEncoder();
const nothing = new Uint8Array(0);

/** The whole of a request's body, in whatever form a client hands it over. */
export async function readBody(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return nothing;
  if (typeof body === "string") return encoder.encode(body);
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  // A plain view also of a Uint8Array: SDK clients hand over subclasses that guard their methods.
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  if (body instanceof Blob) return new Uint8Array(await body.arrayBuffer());
  if (body instanceof URLSearchParams) return encoder.encode(body.toString());
  if (isAsyncIterable(body)) return collect(body);
  throw new TypeError(`a request's body can not be ${Object.prototype.toString.call(body)}`);
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

async function collect(chunks: AsyncIterable<unknown>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks)
    parts.push(typeof chunk === "string" ? encoder.encode(chunk) : (chunk as Uint8Array));
  return Buffer.concat(parts);
}
