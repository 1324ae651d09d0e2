/** How a list becomes elements: wrapped with an element for each value, or the list's own name repeated. */
export type ListStyle = "member" | "item" | "repeated";

/** One element with everything below it. Undefined and null are left out; Dates become ISO 8601. */
export function writeElement(name: string, value: unknown, lists: ListStyle): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return writeList(name, value, lists);
  if (value instanceof Date) return `<${name}>${value.toISOString()}</${name}>`;
  if (typeof value === "object") return `<${name}>${writeMembers(value as Record<string, unknown>, lists)}</${name}>`;
  return `<${name}>${escapeXml(String(value))}</${name}>`;
}

/** The members of an object as elements, in their order. */
export function writeMembers(value: Readonly<Record<string, unknown>>, lists: ListStyle): string {
  let text = "";
  for (const [name, member] of Object.entries(value)) text += writeElement(name, member, lists);
  return text;
}

function writeList(name: string, values: readonly unknown[], lists: ListStyle): string {
  if (lists === "repeated") return values.map((value) => writeElement(name, value, lists)).join("");
  return `<${name}>${values.map((value) => writeElement(lists, value, lists)).join("")}</${name}>`;
}

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text for an element or a quoted attribute. Control characters become references, as S3 writes them. */
export function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that need a reference.
  return text.replace(/[&<>"\u0000-\u0008\u000b-\u001f]/g, (found) => escapes[found] ?? `&#${found.charCodeAt(0)};`);
}

export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
