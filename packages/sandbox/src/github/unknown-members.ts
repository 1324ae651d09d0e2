/** A schema as `slim-openapi.mjs` leaves it, as far as it tells which members there are. */
export interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/**
 * Members that a description does not name, as JSON pointers. GitHub ignores most of these, so that a mistyped one is
 * only noticed by what does not happen; where the description itself allows any members, any are fine.
 */
export function findUnknownMembers(
  schema: Schema,
  value: unknown,
  schemas: Readonly<Record<string, Schema>>,
): readonly string[] {
  const parts = spread(schema, schemas);
  if (Array.isArray(value)) {
    const items = { anyOf: parts.flatMap((part) => (part.items === undefined ? [] : [part.items])) };
    return value.flatMap((item, index) => below(index, findUnknownMembers(items, item, schemas)));
  }
  if (typeof value !== "object" || value === null) return [];
  const describing = parts.filter(({ properties }) => properties !== undefined);
  const [first] = describing;
  // Alternatives within a description that lists its members only narrow it, and say so by allowing any.
  const deciding = parts.filter((part) => part.properties === undefined || part === first);
  if (first === undefined || deciding.some(allowsMore)) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const found = describing.flatMap(({ properties }) => (properties?.[name] === undefined ? [] : [properties[name]]));
    return found.length === 0 ? [`/${name}`] : below(name, findUnknownMembers({ anyOf: found }, member, schemas));
  });
}

function allowsMore({ additionalProperties = false }: Schema): boolean {
  return additionalProperties !== false;
}

/** The schema itself, before all that it refers to or is made of. */
function spread(schema: Schema, schemas: Readonly<Record<string, Schema>>): readonly Schema[] {
  if (schema.$ref !== undefined) {
    const named = schemas[schema.$ref.replace("#/schemas/", "")];
    return named === undefined ? [] : spread(named, schemas);
  }
  const { oneOf = [], anyOf = [], allOf = [] } = schema;
  return [schema, ...[...oneOf, ...anyOf, ...allOf].flatMap((part) => spread(part, schemas))];
}

function below(name: string | number, pointers: readonly string[]): readonly string[] {
  return pointers.map((pointer) => `/${name}${pointer}`);
}
