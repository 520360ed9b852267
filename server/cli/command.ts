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
