import { z } from 'zod'
import { type Problem, problemsOf } from '../../shared/scheme/check'
import { type SchemeDocument, schemeDocument } from '../../shared/scheme/document'

const SAID = { error: z.locales.zhCN().localeError, reportInput: true }
const TYPES_SAID: Record<string, string> = {
  int: '整数',
  number: '整数',
  string: '文字',
  boolean: ' true 或 false',
  array: '一个列表',
  object: '一组项目',
}

/** Reads a scheme: its shape first, then what no shape can say. `document` is null where the shape is wrong. */
export function readScheme(
  given: unknown,
  services: readonly string[] | null = null,
): { document: SchemeDocument | null; problems: Problem[] } {
  const read = schemeDocument.safeParse(given, SAID)
  if (!read.success) return { document: null, problems: read.error.issues.flatMap(problemsOfIssue) }
  return { document: read.data, problems: problemsOf(read.data, services) }
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === 'error')
}

/** Every problem with a shape, in Chinese, by its path. */
export function shapeProblems<T>(shape: z.ZodType<T>, given: unknown): { data: T | null; problems: Problem[] } {
  const read = shape.safeParse(given, SAID)
  return read.success
    ? { data: read.data, problems: [] }
    : { data: null, problems: read.error.issues.flatMap(problemsOfIssue) }
}

function problemsOfIssue(issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...path, key].join('.'),
      sentence: '不认识这一项',
      severity: 'error' as const,
    }))
  return [{ path: path.join('.'), sentence: sentenceOf(issue), severity: 'error' }]
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type') return issue.message
  if (issue.input === undefined) return '这一项必须填写'
  const wanted = TYPES_SAID[issue.expected]
  return wanted === undefined ? issue.message : `应该是${wanted}`
}

/** The JSON Schema of a scheme (draft 2020-12), with the Chinese label, help and source of every field. */
export function schemeJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(schemeDocument, { io: 'input' }), title: '积分规则方案' }
}
