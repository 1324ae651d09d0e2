import * as autoscaling from "@aws-sdk/client-auto-scaling";
import * as ec2 from "@aws-sdk/client-ec2";
import * as ecr from "@aws-sdk/client-ecr";
import * as secretsmanager from "@aws-sdk/client-secrets-manager";
import * as sns from "@aws-sdk/client-sns";
import * as sts from "@aws-sdk/client-sts";
import { NormalizedSchema } from "@smithy/core/schema";

const MODELS: Readonly<Record<string, object>> = { autoscaling, ec2, ecr, secretsmanager, sns, sts };

/** What AWS's own model says of an action's input, as its clients carry it; null where it knows no such action. */
export function inputOf(service: string, action: string): NormalizedSchema | null {
  const operation = (MODELS[service] as Readonly<Record<string, unknown>> | undefined)?.[`${action}$`];
  // An operation is [9, namespace, name, traits, input, output].
  return Array.isArray(operation) && operation[0] === 9 ? NormalizedSchema.of(operation[4]) : null;
}

/** How a value that is read from the wire is unlike the model: `where: expected what`; null where it is not. */
export type FindMismatch = (schema: NormalizedSchema, value: unknown, where?: string) => string | null;

/** Of JSON. Members that the model does not have are passed over, as the services do. */
export const findJsonMismatch: FindMismatch = (schema, value, where = "input") => {
  if (value === undefined || value === null) return null;
  if (schema.isStructSchema()) {
    if (!isMembers(value)) return `${where}: expected a structure`;
    return first([...schema.structIterator()], ([name, member]) =>
      findJsonMismatch(member, own(value, name), `${where}.${name}`),
    );
  }
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) return `${where}: expected a list`;
    return first(value, (item) => findJsonMismatch(schema.getValueSchema(), item, `${where}[]`));
  }
  if (schema.isMapSchema()) {
    if (!isMembers(value)) return `${where}: expected a map`;
    return first(Object.values(value), (item) => findJsonMismatch(schema.getValueSchema(), item, `${where}{}`));
  }
  if (schema.isDocumentSchema() || schema.isTimestampSchema()) return null;
  const expected = schema.isNumericSchema() ? "number" : schema.isBooleanSchema() ? "boolean" : "string";
  return typeof value === expected ? null : `${where}: expected a ${expected}`;
};

/** Of a form, as it stands after its names were taken apart: all that is no structure, list or map is text there. */
export function findFormMismatch(service: string): FindMismatch {
  const find: FindMismatch = (schema, value, where = "input") => {
    // A structure or list without members is sent as a name without a value.
    if (value === undefined || value === "") return null;
    if (schema.isStructSchema()) {
      if (!isMembers(value)) return `${where}: expected a structure`;
      return first([...schema.structIterator()], ([name, member]) => {
        const wireName = nameOnWire(service, name, member);
        return find(member, own(value, wireName), `${where}.${wireName}`);
      });
    }
    if (schema.isListSchema()) {
      if (!Array.isArray(value)) return `${where}: expected a list`;
      return first(value, (item) => find(schema.getValueSchema(), item, `${where}[]`));
    }
    if (schema.isMapSchema()) {
      const entries = isMembers(value) ? own(value, "entry") : undefined;
      return Array.isArray(entries) ? null : `${where}: expected a map`;
    }
    if (typeof value !== "string") return `${where}: expected a text`;
    return isText(schema, value) ? null : `${where}: expected another text`;
  };
  return find;
}

function isText(schema: NormalizedSchema, text: string): boolean {
  if (schema.isNumericSchema()) return /^-?\d+(?:\.\d+)?$/.test(text);
  if (schema.isBooleanSchema()) return /^(?:true|false)$/i.test(text);
  return !schema.isTimestampSchema() || !Number.isNaN(Date.parse(text));
}

/** https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html, "Query key resolution" */
function nameOnWire(service: string, name: string, member: NormalizedSchema): string {
  const { xmlName, ec2QueryName } = member.getMergedTraits() as { xmlName?: string; ec2QueryName?: string };
  if (service !== "ec2") return xmlName ?? name;
  return ec2QueryName ?? (xmlName === undefined ? name : xmlName.charAt(0).toUpperCase() + xmlName.slice(1));
}

function first<T>(items: readonly T[], find: (item: T) => string | null): string | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}

function own(value: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
