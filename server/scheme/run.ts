import { z } from 'zod'
import { day } from '../../shared/core/input'
import { type Problem, problemsOf } from '../../shared/scheme/check'
import { schemeDocument } from '../../shared/scheme/document'
import { judgeEvents, starsOfPerson } from '../../shared/scheme/engine'
import type { EventsFile } from '../../shared/scheme/input'
import { inForce, type SchemeVersion } from '../../shared/scheme/versions'
import { readScheme, shapeProblems } from './read'

const versionShape = z.strictObject({
  version: z.number().int().min(1),
  regionPath: z.string().max(200),
  validFrom: day,
  document: schemeDocument,
})

/** One document, in force everywhere and always; or a list of versions, each of a region from a day on. */
export function readVersions(given: unknown): { versions: SchemeVersion[]; problems: Problem[] } {
  if (!Array.isArray(given)) {
    const { document, problems } = readScheme(given)
    return {
      versions:
        document === null ? [] : [{ id: 'scheme', version: 1, regionPath: '/', validFrom: '1900-01-01', document }],
      problems,
    }
  }
  const { data, problems } = shapeProblems(z.array(versionShape).min(1).max(1000), given)
  if (data === null) return { versions: [], problems }
  const own = data.flatMap(({ document }, place) =>
    problemsOf(document).map((one) => ({ ...one, path: `${place}.document.${one.path}` })),
  )
  const twice = data.flatMap((one, place) =>
    data.findIndex((other) => other.regionPath === one.regionPath && other.validFrom === one.validFrom) === place
      ? []
      : [{ path: `${place}.validFrom`, sentence: '同一个地方同一天有两份规则', severity: 'error' as const }],
  )
  return {
    versions: data.map((one) => ({ id: `${one.regionPath}#${one.version}`, ...one })),
    problems: [...own, ...twice],
  }
}

/** Judges a file of events: postings, refusals, explanations, and where everybody stands at the end. JSON in, JSON out. */
export function runScheme(versions: readonly SchemeVersion[], file: EventsFile) {
  const { outcomes, run } = judgeEvents(versions, file)
  const last = file.events.at(-1)
  return {
    outcomes: outcomes.map(({ postings, ...rest }) => ({
      ...rest,
      postings: postings.map(({ milliPoints, ...leg }) => ({ ...leg, milliPoints: milliPoints.toString() })),
    })),
    people: [...run.people.values()].map((person) => {
      const version = last === undefined ? null : inForce(versions, person.regionPath, last.at.slice(0, 10))
      return {
        id: person.id,
        balanceMilliPoints: person.balance.toString(),
        owedMilliPoints: person.owed.toString(),
        honourMilliPoints: person.honour.toString(),
        servedSeconds: person.seconds,
        stars: version === null ? 0 : starsOfPerson(version.document, person),
      }
    }),
    poolMilliPoints: run.pool.toString(),
  }
}
