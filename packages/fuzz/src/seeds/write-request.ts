import { type Envelope, signedFor } from "../sandbox-world.ts";

export function request(part: Partial<Envelope> & { readonly path: string }): string {
  return JSON.stringify({ method: "GET", query: {}, headers: {}, body: "", ...part });
}

export function json(service: string, target: string, body: object): string {
  const headers = {
    authorization: signedFor(service),
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": target,
  };
  return request({ method: "POST", path: "/", headers, body: JSON.stringify(body) });
}

export function form(service: string, body: string): string {
  const headers = { authorization: signedFor(service), "content-type": "application/x-www-form-urlencoded" };
  return request({ method: "POST", path: "/", headers, body });
}

export function identity(key: string): string {
  const headers = { authorization: signedFor("sts", key), "content-type": "application/x-www-form-urlencoded" };
  return request({ method: "POST", path: "/", headers, body: "Action=GetCallerIdentity&Version=2011-06-15" });
}
