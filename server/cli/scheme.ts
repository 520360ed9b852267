import { readFileSync } from 'node:fs'
import { type Problem, problemText } from '../../shared/scheme/check'
import { eventsFile } from '../../shared/scheme/input'
import { hasErrors, readScheme, schemeJsonSchema, shapeProblems } from '../scheme/read'
import { readVersions, runScheme } from '../scheme/run'
import type { Command } from './command'

export const schemeCommands: Command[] = [
  {
    name: 'scheme check',
    takes: ['file'],
    options: { services: { type: 'string' } },
    summary:
      'Checks a scheme: every error with its path and a sentence; exits with 1 when there is one. --services a,b,c',
    run: async ({ positionals: [file = ''], values, json }) => {
      const given = readJson(file)
      if ('problem' in given) return tellProblems([given.problem], json)
      const services = typeof values.services === 'string' ? values.services.split(',') : null
      return tellProblems(readScheme(given.value, services).problems, json)
    },
  },
  {
    name: 'scheme run',
    takes: ['scheme.json', 'events.json'],
    options: {},
    summary: 'Judges events by a scheme, or by versions of several: postings, refusals and explanations as JSON.',
    run: async ({ positionals: [schemeFile = '', eventsPath = ''] }) => {
      const scheme = readJson(schemeFile)
      const events = readJson(eventsPath)
      if ('problem' in scheme) return tellProblems([scheme.problem], false)
      if ('problem' in events) return tellProblems([events.problem], false)
      const { versions, problems } = readVersions(scheme.value)
      if (versions.length === 0 || hasErrors(problems)) return tellProblems(problems, false)
      const read = shapeProblems(eventsFile, events.value)
      if (read.data === null) return tellProblems(read.problems, false)
      console.log(JSON.stringify(runScheme(versions, read.data)))
      return 0
    },
  },
  {
    name: 'scheme schema',
    takes: [],
    options: {},
    summary: 'Prints the JSON Schema of a scheme, with the label, help and source of every field.',
    run: async () => {
      console.log(JSON.stringify(schemeJsonSchema(), null, 2))
      return 0
    },
  },
]

function readJson(file: string): { value: unknown } | { problem: Problem } {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return { problem: { path: file, sentence: '读不到这个文件', severity: 'error' } }
  }
  try {
    return { value: JSON.parse(text) as unknown }
  } catch (error) {
    return { problem: { path: file, sentence: `不是 JSON：${(error as Error).message}`, severity: 'error' } }
  }
}

/** Errors to the error stream when the answer should have been something else. */
function tellProblems(problems: readonly Problem[], json: boolean): number {
  const wrong = hasErrors(problems)
  if (json) console.log(JSON.stringify({ ok: !wrong, problems }))
  else for (const one of problems) console.error(problemText(one))
  if (!json && problems.length === 0) console.log('没有问题')
  return wrong ? 1 : 0
}
