export interface SuiteResult {
  suite: string
  node: number
  passed: number
  failed: number
  minutes: number
}

export function keepResults(root: string, results: readonly SuiteResult[], commit?: string): void
