/** Where a page is: the path says all of it, so that every page can be linked to. */
export type Route =
  | { readonly kind: "board" }
  | { readonly kind: "history"; readonly search: string }
  | { readonly kind: "performance" }
  | { readonly kind: "image"; readonly area: string; readonly image: string }
  | { readonly kind: "deployment"; readonly area: string; readonly deployment: string }
  | { readonly kind: "unknown"; readonly path: string };

export function parseRoute(path: string, search: string): Route {
  const [first, area, what, name, ...rest] = path.split("/").filter(Boolean).map(decode);
  if (first === undefined) return { kind: "board" };
  if (area === undefined && first === "history") return { kind: "history", search };
  if (area === undefined && first === "performance") return { kind: "performance" };
  if (first !== "areas" || area === undefined || name === undefined) return { kind: "unknown", path };
  // An image's name may have slashes.
  if (what === "images") return { kind: "image", area, image: [name, ...rest].join("/") };
  if (what === "deployments" && rest.length === 0) return { kind: "deployment", area, deployment: name };
  return { kind: "unknown", path };
}

export function imagePath(area: string, image: string): string {
  return `/areas/${encodeURIComponent(area)}/images/${encodeURIComponent(image)}`;
}

export function deploymentPath(area: string, deployment: string): string {
  return `/areas/${encodeURIComponent(area)}/deployments/${encodeURIComponent(deployment)}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
