export interface FollowOptions {
  readonly fetch: typeof fetch;
  /** Told of the address that a request was sent on to. */
  readonly onMoved: (location: URL) => void;
}

const REDIRECTS = new Set([301, 302, 307, 308]);
const MOST_HOPS = 3;

/**
 * A fetch that sends a redirected request on as it was. Plain fetch makes a GET of a POST that meets a 301, which GitHub
 * answers with a list: https://fetch.spec.whatwg.org/#http-redirect-fetch. Only within one origin: the token is GitHub's.
 */
export function followRedirects({ fetch, onMoved }: FollowOptions): typeof globalThis.fetch {
  return async function fetchOnwards(input, init) {
    let url = new URL(typeof input === "string" || input instanceof URL ? input : input.url);
    for (let hop = 0; ; hop += 1) {
      const response = await fetch(url, { ...init, redirect: "manual" });
      const location = response.headers.get("location");
      if (!REDIRECTS.has(response.status) || location === null || hop === MOST_HOPS) return response;
      const next = new URL(location, url);
      if (next.origin !== url.origin) return response;
      onMoved(next);
      url = next;
    }
  };
}
