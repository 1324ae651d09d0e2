export interface FaultInfo {
  readonly number: number;
  readonly what: string;
  readonly chance: number;
  readonly because: string;
}
