import type { ParseArgsConfig } from 'node:util'

export type Asked = { values: Record<string, string | boolean | undefined>; positionals: string[]; json: boolean }
export type Command = {
  name: string
  takes: string[]
  options: NonNullable<ParseArgsConfig['options']>
  summary: string
  /** answers the exit code */
  run: (asked: Asked) => Promise<number>
}

export function tell(json: boolean, answer: Record<string, unknown>, text: string): void {
  console.log(json ? JSON.stringify(answer) : text)
}
