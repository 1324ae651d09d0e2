/** Patterns, or everything but what they take. */
export interface Selection<Pattern> {
  readonly negated: boolean;
  readonly patterns: readonly Pattern[];
}

export interface PrincipalPattern {
  /** `AWS`, `Service`, `Federated` or `CanonicalUser`; a lone `*` is `AWS`. */
  readonly type: string;
  readonly value: string;
}

export interface Condition {
  /** In lower case, without `IfExists` and without what says how a key of many values is compared. */
  readonly operator: string;
  readonly ifExists: boolean;
  /** `ForAllValues:` or `ForAnyValue:`. */
  readonly ofMany: boolean;
  /** In lower case. */
  readonly key: string;
  readonly values: readonly string[];
}

/** Where in the templates something is said. */
export interface Place {
  readonly account: string;
  readonly stack: string;
  readonly logicalId: string;
  /** Its `Sid` or number, in the property that holds the policy. */
  readonly statement: string;
}

/** One statement of a policy, its intrinsic functions resolved. */
export interface Statement {
  readonly effect: "Allow" | "Deny";
  /** Null in policies of principals. */
  readonly principals: Selection<PrincipalPattern> | null;
  /** In lower case. */
  readonly actions: Selection<string>;
  readonly resources: Selection<string>;
  readonly conditions: readonly Condition[];
  readonly place: Place;
}

/** Whom a statement names, or leaves out. */
export function namedBy({ principals }: Statement): readonly PrincipalPattern[] {
  return principals === null ? [] : principals.patterns;
}
