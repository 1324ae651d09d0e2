import type { Finding } from "./finding.ts";
import type { Place, Statement } from "./statement.ts";
import type { Resource } from "./world.ts";

/** What one resource of a template says about who may do what. */
export type Fact =
  | { readonly kind: "resource"; readonly resource: Omit<Resource, "policy"> }
  /** Who may do what with a resource, which may be one of another template. */
  | {
      readonly kind: "resource-policy";
      readonly target: string;
      readonly statements: readonly Statement[];
      readonly place: Place;
    }
  | {
      readonly kind: "principal";
      readonly arn: string;
      readonly policies: readonly string[];
      readonly boundary: string | null;
      readonly place: Place;
    }
  | { readonly kind: "managed-policy"; readonly arn: string; readonly statements: readonly Statement[] }
  /** What principals may do, by their ARNs. */
  | { readonly kind: "grant"; readonly principals: readonly string[]; readonly statements: readonly Statement[] }
  | { readonly kind: "finding"; readonly finding: Finding };
