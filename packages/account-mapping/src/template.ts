/** What a template may be filled in with. */
export interface TemplateValues {
  readonly image: string;
  readonly area: string;
  readonly branch: string;
}

export type Placeholder = keyof TemplateValues;

const PLACEHOLDERS: readonly Placeholder[] = ["image", "area", "branch"];

/** Characters of repository names and tags, and placeholders. */
export const TEMPLATE = /^(?:[A-Za-z0-9._/-]|\{(?:image|area|branch)\})+$/;

/** Replaces the placeholders of a template of the mapping's `source`, each by its very text; `*` makes a pattern of it. */
export function fillTemplate(template: string, values: TemplateValues): string {
  return template.replaceAll(/\{(image|area|branch)\}/g, (_, name: Placeholder) => values[name]);
}

/** The placeholders that the template mentions. */
export function placeholdersIn(template: string): readonly Placeholder[] {
  return PLACEHOLDERS.filter((name) => template.includes(`{${name}}`));
}

/** The first `{word}` of the template that is no placeholder, without its braces, or null. */
export function unknownPlaceholder(template: string): string | null {
  const words = [...template.matchAll(/\{([^{}]*)\}/g)].map(([, word]) => word as string);
  return words.find((word) => !PLACEHOLDERS.some((name) => name === word)) ?? null;
}
